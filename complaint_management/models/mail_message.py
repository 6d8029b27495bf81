from odoo import models


class MailMessage(models.Model):
    """What was written in a complaint under legal hold stays as it was written."""

    _name = "mail.message"
    _inherit = ["complaint.hold.mixin", "mail.message"]
    _hold_cases_sql = "SELECT complaint_held(rec.model, rec.res_id)"
    _hold_locked_fields = (
        "subject",
        "body",
        "date",
        "model",
        "res_id",
        "parent_id",
        "message_type",
        "subtype_id",
        "is_internal",
        "email_from",
        "author_id",
        "author_guest_id",
        "partner_ids",
        "attachment_ids",
        "tracking_value_ids",
        "incoming_email_to",
        "incoming_email_cc",
        "outgoing_email_to",
        "message_id",
        "reply_to",
    )
