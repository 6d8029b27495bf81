from odoo import fields, models


class ComplaintCasePartMixin(models.AbstractModel):
    """A record that belongs to one case: who may read the case may read it."""

    _name = "complaint.case.part.mixin"
    _description = "Part of a Case"
    _inherit = ["complaint.part.mixin"]
    _part_of = "case_id"

    case_id = fields.Many2one(
        "complaint.case",
        "Complaint",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, precompute=True, index=True
    )
