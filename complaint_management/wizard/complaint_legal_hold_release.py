from odoo import fields, models


class ComplaintLegalHoldRelease(models.TransientModel):
    """Why a hold can end."""

    _name = "complaint.legal.hold.release"
    _description = "Ask for Release of a Legal Hold"

    hold_id = fields.Many2one("complaint.legal.hold", "Legal hold", required=True)
    reason = fields.Text(required=True)

    def action_ask(self):
        self.ensure_one()
        self.hold_id._ask_release(self.reason)
