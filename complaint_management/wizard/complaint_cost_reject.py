from odoo import fields, models


class ComplaintCostReject(models.TransientModel):
    _name = "complaint.cost.reject"
    _description = "Refuse Costs"

    line_ids = fields.Many2many("complaint.cost.line", required=True)
    note = fields.Text("Why", required=True)

    def action_reject(self):
        self.ensure_one()
        self.line_ids.action_reject(self.note)
