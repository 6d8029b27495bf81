from odoo import models


class MailTrackingValue(models.Model):
    """What a field of a held complaint was before it changed stays readable."""

    _name = "mail.tracking.value"
    _inherit = ["complaint.hold.mixin", "mail.tracking.value"]
    _hold_cases_sql = "SELECT complaint_held('mail.message', rec.mail_message_id)"
    # Odoo itself writes these when the field ceases to exist.
    _hold_free_fields = ("field_id", "field_info")
