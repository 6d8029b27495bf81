from odoo import fields, models


class ComplaintReopen(models.TransientModel):
    _name = "complaint.reopen"
    _description = "Re-open a Complaint"

    case_id = fields.Many2one("complaint.case", required=True)
    reason = fields.Text("Why", required=True)

    def action_reopen(self):
        self.ensure_one()
        self.case_id._reopen(self.reason)
