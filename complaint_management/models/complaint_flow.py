from odoo import fields, models


class ComplaintFlow(models.Model):
    """Which stages a case passes through."""

    _name = "complaint.flow"
    _description = "Complaint Flow"
    _inherit = ["complaint.company.mixin"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    stage_ids = fields.Many2many("complaint.stage", string="Stages", required=True)

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "This flow code exists already."
    )

    def _first_stage(self):
        """Return the stage in which a new case of this flow starts."""
        self.ensure_one()
        return self.stage_ids.sorted("sequence")[:1]
