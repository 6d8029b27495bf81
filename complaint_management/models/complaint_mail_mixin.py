from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import html2plaintext
from odoo.tools.mail import email_split_tuples

from ..tools import intake_payload
from .ir_attachment import POSTING_SENTINEL

ACKNOWLEDGE_BATCH = 50
# A mail that lay in a mailbox while the server slept still counts from its own date.
OLDEST_MAIL = timedelta(days=7)
# Keeps the automatic replies of others from answering ours (RFC 3834).
AUTOMATIC_HEADERS = {
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
}


class ComplaintMailMixin(models.AbstractModel):
    """Mail in and out: new cases, answers, acknowledgement."""

    _name = "complaint.mail.mixin"
    _inherit = ["complaint.queue.mixin"]
    _description = "Complaint Mail"

    acknowledge_state = fields.Selection(
        [
            ("none", "Not by mail"),
            ("queued", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Failed"),
        ],
        "Acknowledgement",
        compute="_compute_acknowledge_state",
        store=True,
        precompute=True,
        required=True,
        readonly=True,
        copy=False,
    )

    _acknowledge_queue_idx = models.Index("(id) WHERE acknowledge_state = 'queued'")

    @api.model_create_multi
    def create(self, vals_list):
        """The journal tells who made a case and when; a message that says so too would
        cost a third of the time of making it."""
        quiet = self.with_context(mail_create_nolog=True)
        return super(ComplaintMailMixin, quiet).create(vals_list).with_env(self.env)

    # -- in ----------------------------------------------------------------------
    @api.model
    def message_new(self, msg_dict, custom_values=None):
        custom_values = custom_values or {}
        # sudo: only the company of the team is read
        team = self.env["complaint.team"].sudo().browse(custom_values.get("team_id"))
        company = team.company_id or self.env.company
        cases = self.with_company(company)
        vals = {**custom_values, **cases._prepare_mail_vals(msg_dict)}
        if cases.browse(vals.get("refers_to_id")).company_id != company:
            vals.pop("refers_to_id", None)
        return super(ComplaintMailMixin, cases).message_new(msg_dict, vals)

    @api.model
    def _prepare_mail_vals(self, msg_dict):
        """Return the values of the case that a mail to the current company opens."""
        subject = " ".join((msg_dict.get("subject") or "").split())
        # Without the list of links and pictures: the message itself has them.
        text = html2plaintext(msg_dict.get("body") or "", include_references=False)
        text = text.replace("\x00", "")
        channels = self._find_by_code("complaint.channel", {"email"})
        vals = {
            # The gateway would put the subject into the number.
            "name": "/",
            "company_id": self.env.company.id,
            "subject": subject[:500] or self.env._("(no subject)"),
            "description": text[: intake_payload.MAX_TEXT],
            "channel_id": channels.get("email"),
            "received_at": self._get_mail_moment(msg_dict),
        }
        names = email_split_tuples(msg_dict.get("email_from") or "")
        if names and names[0][0]:
            vals["partner_name"] = names[0][0]
        author = self.env["res.partner"].browse(msg_dict.get("author_id"))
        if author and author.company_id in (self.env.company, author.browse()):
            vals["partner_id"] = author.id
        return {**vals, **self._prepare_forward_vals(msg_dict)}

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Count the cases of a sender by index, and by mail only: what colleagues or
        programs took in is no loop. Who has no valid address gets no answer that
        could come back."""
        if not email_from_normalized:
            return None
        return [
            ("email_normalized", "=", email_from_normalized),
            ("channel_id.code", "=", "email"),
        ]

    @api.model
    def _get_mail_moment(self, msg_dict):
        """Return when a mail was sent if that is believable, else now."""
        now = fields.Datetime.now()
        sent = fields.Datetime.to_datetime(msg_dict.get("date"))
        return sent if sent and now - OLDEST_MAIL < sent <= now else now

    # -- acknowledgement ---------------------------------------------------------
    @api.depends()
    def _compute_acknowledge_state(self):
        """Who gets an acknowledgement is decided once, when the case comes in."""
        for case in self:
            case.acknowledge_state = "queued" if case._should_acknowledge() else "none"

    def _wake_acknowledgement(self):
        """Wake the job that sends the acknowledgements of new cases."""
        if any(case.acknowledge_state == "queued" for case in self):
            self.env["ir.cron"]._wake_complaint_job("acknowledge")

    def _should_acknowledge(self):
        """Tell whether this case is acknowledged by mail. Cases of another system that
        are imported were answered there long ago."""
        self.ensure_one()
        return bool(
            not self.env.context.get("import_file")
            and self.is_open
            and self.email_normalized
            and self.channel_id.can_acknowledge
            and not self.acknowledged_at
            and not self._is_acknowledgement_held()
        )

    @api.model
    def _cron_acknowledge(self):
        """Send queued acknowledgements, each once; a bad one doesn't stop the rest."""
        self._work_queue(
            [("acknowledge_state", "=", "queued")],
            lambda cases: cases._send_each(
                lambda case: case._acknowledge(), "acknowledge_state"
            ),
            ACKNOWLEDGE_BATCH,
        )

    def _acknowledge(self):
        """Tell the customer that the case is here, in their language."""
        now = fields.Datetime.now()
        self._post_template(
            self.env.ref("complaint_management.mail_template_acknowledgement")
        )
        self.write({"acknowledge_state": "sent", "acknowledged_at": now})
        self._sla_stop("acknowledge", now)

    def _post_template(self, template):
        """Write to the customer from a template, in their language, as an automatic
        message. Somebody who is no contact yet is written to by address only."""
        self.ensure_one()
        # sudo: templates may be read by any user who may write to this customer
        template = template.sudo()
        body = template._render_field("body_html", self.ids, compute_lang=True)
        subject = template._render_field("subject", self.ids, compute_lang=True)
        return self.message_post(
            body=body[self.id],
            subject=subject[self.id],
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner_id.ids,
            outgoing_email_to=False if self.partner_id else self.email_from,
            email_layout_xmlid="mail.mail_notification_light",
            mail_headers=AUTOMATIC_HEADERS,
        )

    # -- out ---------------------------------------------------------------------
    def _notify_get_reply_to(self, default=None, author_id=False):
        """Answers go to the address of the team: there even an answer that lost its
        reference still finds its case by the number in its subject."""
        # sudo: only the mail address of the team is read
        teams = self.sudo().team_id
        found = teams._notify_get_reply_to(default=default, author_id=author_id)
        answers = {case.id: found.get(case.sudo().team_id.id) for case in self}
        rest = self.filtered(lambda case: not case.sudo().team_id)
        if rest or not self:
            answers |= super(ComplaintMailMixin, rest)._notify_get_reply_to(
                default=default, author_id=author_id
            )
        return answers

    def _process_attachments_for_post(self, attachments, attachment_ids, values):
        """What comes with a message is searched with it (``ir.attachment.create``)."""
        posting = self.with_context(complaint_files=POSTING_SENTINEL)
        return super(ComplaintMailMixin, posting)._process_attachments_for_post(
            attachments, attachment_ids, values
        )

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self._is_answer_by_person(message):
            self._on_answered(message)
        return result

    def _is_answer_by_person(self, message):
        """Tell whether the customer can read this message and a colleague wrote it."""
        author = message.author_id
        staff = author.user_ids.filtered(lambda user: not user.share)
        return bool(
            message.message_type in ("comment", "email")
            and not message.is_internal
            and not message.subtype_id.internal
            and message.subtype_id
            and staff
            and author != self.partner_id
            and not staff.filtered(lambda user: user._is_superuser())
        )

    def _on_answered(self, message):
        self.ensure_one()
        # sudo: guarded dates that follow from the message, which was allowed
        self.sudo().write(
            {
                "responded_at": self.responded_at or message.date,
                "acknowledged_at": self.acknowledged_at or message.date,
            }
        )
        self._sla_stop("respond", message.date)
        self._sla_stop("acknowledge", message.date)

    def _track_subtype(self, initial_values):
        self.ensure_one()
        if "stage_id" in initial_values:
            return self.env.ref("complaint_management.mt_case_stage")
        return super()._track_subtype(initial_values)
