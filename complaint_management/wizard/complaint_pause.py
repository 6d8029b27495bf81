from odoo import fields, models


class ComplaintPause(models.TransientModel):
    _name = "complaint.pause"
    _description = "Pause the Promises"

    case_ids = fields.Many2many(
        "complaint.case",
        string="Complaints",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason_id = fields.Many2one("complaint.sla.pause.reason", required=True)
    customer_text = fields.Char(related="reason_id.customer_text")
    note = fields.Char(help="For colleagues; it stands in the account.")

    def action_pause(self):
        self.ensure_one()
        self.case_ids.check_access("write")
        self.case_ids._pause_promises(self.reason_id, self.note)
