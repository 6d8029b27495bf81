from odoo import fields, models


class ComplaintLegalDismiss(models.TransientModel):
    """Asks why words that were found are a false alarm."""

    _name = "complaint.legal.dismiss"
    _description = "Dismiss Words of a Legal Risk"

    hit_ids = fields.Many2many("complaint.legal.hit", required=True, string="Words")
    reason = fields.Char(
        "Why is it a false alarm?",
        required=True,
        help="Goes into the journal of the complaint.",
    )

    def action_dismiss(self):
        self.ensure_one()
        # The hits are asked as the user, who may have been given any.
        self.hit_ids._dismiss(self.reason)
