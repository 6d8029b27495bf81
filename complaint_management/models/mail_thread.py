import email
from email import policy

from odoo import api, models
from odoo.tools import html2plaintext, html_sanitize, plaintext2html

from ..tools import mail_repair, mail_tnef
from .complaint_mail_gateway import MAIL_SENTINEL, MailStorm


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """Keep every mail to a complaint team: as a case, or in the list of mails
        without a case."""
        raw = self._complaint_raw_mail(message)
        gateway = self.env["complaint.mail.gateway"]
        kept = self.with_context(complaint_mail_kept=True)

        def process(source):
            return super(MailThread, kept).message_process(
                model,
                source,
                custom_values=custom_values,
                save_original=save_original,
                strip_attachments=strip_attachments,
                thread_id=thread_id,
            )

        if not gateway._concerns_complaints(raw, model):
            return super().message_process(
                model,
                message,
                custom_values=custom_values,
                save_original=save_original,
                strip_attachments=strip_attachments,
                thread_id=thread_id,
            )
        return gateway._process_mail(raw, process)

    @api.model
    def message_parse(self, message, save_original=False):
        """PostgreSQL takes no zero bytes, wherever in a mail they come from."""
        values = super().message_parse(message, save_original=save_original)
        if self.env.context.get("complaint_mail_kept"):
            for name, value in values.items():
                if isinstance(value, str) and "\x00" in value:
                    values[name] = type(value)(value.replace("\x00", ""))
        return values

    def _message_parse_extract_payload(
        self, message, message_dict, save_original=False
    ):
        if self.env.context.get("complaint_mail_kept"):
            mail_repair.repair_parts(message)
        payload = super()._message_parse_extract_payload(
            message, message_dict, save_original=save_original
        )
        if self.env.context.get("complaint_mail_kept"):
            self._complaint_unpack(payload)
        return payload

    def _complaint_unpack(self, payload):
        """Put what is inside of a winmail.dat beside it. The lump itself stays: it may
        hold more than could be read."""
        for attachment in list(payload["attachments"]):
            if not mail_tnef.is_tnef(attachment.fname, attachment.content):
                continue
            found = mail_tnef.unpack(attachment.content)
            payload["attachments"] += [
                self._Attachment(name, content, {}) for name, content in found.files
            ]
            if not html2plaintext(payload["body"]).strip():
                payload["body"] = (
                    html_sanitize(found.html)
                    if found.html
                    else plaintext2html(found.text)
                )

    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """See ``complaint.mail.gateway``: one mail is one case, and nobody writes into
        a case of others."""
        wanted, case_id = self.env.context.get("complaint_mail_case") or (None, None)
        if wanted is MAIL_SENTINEL:
            return [("complaint.case", case_id, {}, self.env.uid, None)]
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        if not self.env.context.get("complaint_mail_kept"):
            return routes
        return self.env["complaint.mail.gateway"]._settle_routes(
            message, message_dict, routes
        )

    def _routing_create_bounce_email(self, email_from, body_html, message, **kwargs):
        """A mail to a complaint team that opens no case waits for a person: telling
        its sender that it failed would be wrong."""
        if self.env.context.get("complaint_mail_kept"):
            return None
        return super()._routing_create_bounce_email(
            email_from, body_html, message, **kwargs
        )

    @api.model
    def _complaint_raw_mail(self, message):
        """Return the bytes of a mail, whatever the mail server handed over."""
        if isinstance(message, str):
            return message.encode("utf-8", "surrogateescape")
        return bytes(getattr(message, "data", message))

    @api.model
    def _complaint_parse_mail(self, raw):
        """Read a mail as the gateway does."""
        message = email.message_from_bytes(
            mail_repair.repair_head(raw), policy=policy.SMTP
        )
        kept = self.with_context(complaint_mail_kept=True)
        return kept.message_parse(message)

    @api.model
    def _complaint_process_mail(self, raw, case_id=None):
        """Send a mail through Odoo's gateway once more, because a person wants it.

        :param int case_id: the case that it goes into; else it opens its own or joins
            the one that it answers
        """
        gateway = self.with_context(
            complaint_mail_kept=True,
            complaint_mail_wanted=True,
            complaint_mail_case=(MAIL_SENTINEL, case_id) if case_id else None,
        )
        return super(MailThread, gateway).message_process("complaint.case", raw)

    def _detect_loop_sender(self, message, message_dict, routes):
        """What a person wants to be taken in is no loop."""
        if self.env.context.get("complaint_mail_wanted"):
            return False
        is_loop = super()._detect_loop_sender(message, message_dict, routes)
        if is_loop and self.env.context.get("complaint_mail_kept"):
            raise MailStorm
        return is_loop

    def _message_create(self, values_list):
        """A mail writes its subject onto a message that has none. Under a legal hold
        nothing is written onto messages, so there it has one from the beginning."""
        held = self._get_held_cases() if hasattr(self, "_get_held_cases") else {}
        for vals in values_list:
            if vals.get("res_id") in held and not vals.get("subject"):
                record = self.browse(vals["res_id"])
                vals["subject"] = record._message_compute_subject()
        return super()._message_create(values_list)
