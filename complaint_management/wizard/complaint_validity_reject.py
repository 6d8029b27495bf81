from odoo import fields, models


class ComplaintValidityReject(models.TransientModel):
    """Asks why a proposed judgement isn't confirmed."""

    _name = "complaint.validity.reject"
    _description = "Send a Judgement back"

    case_ids = fields.Many2many("complaint.case", required=True, readonly=True)
    reason = fields.Text(
        "Why not?", required=True, help="The colleague who proposed it reads this."
    )

    def action_reject(self):
        self.ensure_one()
        self.case_ids._reject_validity(self.reason)
