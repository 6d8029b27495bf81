from odoo import api, models


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

    # What changes who reads a message, or what they read.
    _answer_fields = {"body", "subject", "subtype_id", "is_internal", "partner_ids"}

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._check_complaint_answers()
        return messages

    def write(self, vals):
        result = super().write(vals)
        if self._answer_fields & vals.keys():
            self._check_complaint_answers()
        return result

    def _check_complaint_answers(self):
        """Legal matters are answered in approved words only, whatever the way."""
        ours = self.filtered(lambda m: m.model == "complaint.case" and m.res_id)
        cases = self.env["complaint.case"].browse(set(ours.mapped("res_id")))
        for message in ours:
            # sudo: whoever writes, the state of the case decides; the person who
            # writes is asked for by the case itself
            case = cases.browse(message.res_id).with_prefetch(cases._ids)
            if case.sudo()._needs_approved_answer():
                case._check_approved_answer(message.sudo())
