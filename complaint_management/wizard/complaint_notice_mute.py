from odoo import fields, models


class ComplaintNoticeMute(models.TransientModel):
    _name = "complaint.notice.mute"
    _description = "Keep Back one Mail to the Customer"

    case_id = fields.Many2one("complaint.case", required=True)
    reason = fields.Char("Why", required=True)

    def action_mute(self):
        self.ensure_one()
        self.case_id._mute_notice(self.reason)
