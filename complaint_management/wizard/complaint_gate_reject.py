from odoo import fields, models


class ComplaintGateReject(models.TransientModel):
    _name = "complaint.gate.reject"
    _description = "Refuse an Approval"

    approval_id = fields.Many2one("complaint.gate.approval", required=True)
    note = fields.Text("Why", required=True)

    def action_reject(self):
        self.ensure_one()
        self.approval_id.action_reject(self.note)
