from odoo import fields, models


class ComplaintInitialHandOver(models.TransientModel):
    """Notes how a printed initial report reached the customer."""

    _name = "complaint.initial.hand.over"
    _description = "Initial Report on Paper"

    report_id = fields.Many2one(
        "complaint.initial.report", required=True, readonly=True
    )
    sent_by = fields.Selection(
        [("post", "By post"), ("hand", "Handed over")],
        "How",
        required=True,
        default="post",
    )
    sent_at = fields.Datetime("When", required=True, default=fields.Datetime.now)

    def action_confirm(self):
        self.ensure_one()
        self.report_id._mark_sent(self.sent_by, self.sent_at)
