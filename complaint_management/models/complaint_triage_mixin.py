from odoo import api, fields, models

PRIORITIES = [
    ("0", "Low"),
    ("1", "Medium"),
    ("2", "High"),
    ("3", "Critical"),
]
CRITICAL = "3"


class ComplaintTriageMixin(models.AbstractModel):
    """What kind of complaint this is, how bad, and whether it is justified."""

    _name = "complaint.triage.mixin"
    _description = "Complaint Triage"

    category_id = fields.Many2one(
        "complaint.category",
        tracking=True,
        index="btree_not_null",
        check_company=True,
    )
    origin = fields.Selection(related="category_id.origin", store=True, precompute=True)
    error_type_id = fields.Many2one(
        "complaint.error.type", "Error type", index="btree_not_null", check_company=True
    )
    priority = fields.Selection(PRIORITIES, required=True, default="1", tracking=True)
    segment_id = fields.Many2one(
        "complaint.segment",
        "Customer segment",
        compute="_compute_segment_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    validity = fields.Selection(
        [
            ("pending", "Not judged yet"),
            ("justified", "Justified"),
            ("partly", "Partly justified"),
            ("not_justified", "Not justified"),
        ],
        "Judgement",
        required=True,
        default="pending",
        tracking=True,
    )
    validity_reason = fields.Text("Reason of the judgement")

    @api.depends("partner_id")
    def _compute_segment_id(self):
        for case in self:
            partner = case.partner_id
            case.segment_id = (
                partner.complaint_segment_id
                or partner.commercial_partner_id.complaint_segment_id
                or case.segment_id
            )

    def _gate_check_validity_judged(self):
        return self.validity != "pending"
