from odoo import api, models


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
        keeper = self.env["complaint.intake.failure"]

        def process(source):
            return super(MailThread, self).message_process(
                model,
                source,
                custom_values=custom_values,
                save_original=save_original,
                strip_attachments=strip_attachments,
                thread_id=thread_id,
            )

        if not keeper._concerns_complaints(raw, model):
            return process(message)
        return keeper._process_mail(raw, process)

    @api.model
    def _complaint_raw_mail(self, message):
        """Return the bytes of a mail, whatever the mail server handed over."""
        if isinstance(message, str):
            return message.encode("utf-8", "surrogateescape")
        return bytes(getattr(message, "data", message))

    @api.model
    def _complaint_process_mail(self, raw):
        """Send a mail through the standard gateway a second time."""
        return super().message_process("complaint.case", raw)
