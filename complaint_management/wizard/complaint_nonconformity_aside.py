from odoo import api, fields, models


class ComplaintNonconformityAside(models.TransientModel):
    """A manager decides that a case goes on without one of its nonconformities."""

    _name = "complaint.nonconformity.aside"
    _description = "Without the Nonconformity"

    case_id = fields.Many2one("complaint.case", "Complaint", required=True)
    allowed_ids = fields.Many2many(
        "mgmtsystem.nonconformity", compute="_compute_allowed_ids"
    )
    nonconformity_id = fields.Many2one(
        "mgmtsystem.nonconformity",
        required=True,
        domain="[('id', 'in', allowed_ids)]",
        compute="_compute_nonconformity_id",
        store=True,
        readonly=False,
    )
    way = fields.Selection(
        [
            ("waive", "The complaint may close although it isn't closed"),
            ("cut", "It doesn't belong to this complaint"),
        ],
        "What",
        required=True,
        default="waive",
    )
    reason = fields.Text("Why", required=True)

    @api.depends("case_id")
    def _compute_allowed_ids(self):
        for wizard in self:
            wizard.allowed_ids = wizard.case_id.nonconformity_ids

    @api.depends("case_id")
    def _compute_nonconformity_id(self):
        for wizard in self:
            if not wizard.nonconformity_id:
                wizard.nonconformity_id = wizard.case_id.nonconformity_ids[:1]

    def action_confirm(self):
        self.ensure_one()
        if self.way == "cut":
            self.case_id._cut_nonconformity(self.nonconformity_id, self.reason)
        else:
            self.case_id._waive_nonconformity(self.nonconformity_id, self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
