import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from odoo.addons.complaint_management.models.complaint_moment import format_moment
from odoo.addons.complaint_management.tools.business_time import NoBusinessTime
from odoo.addons.complaint_management.tools.redact import find_identifiers

from .supplier_scar_flow_mixin import WAITING_STATES

_logger = logging.getLogger(__name__)

LATE_BATCH = 200


class SupplierScarMailMixin(models.AbstractModel):
    """What goes out to the supplier, and what tells a colleague to act."""

    _name = "supplier.scar.mail.mixin"
    _inherit = ["complaint.queue.mixin"]
    _description = "Mail of a Supplier Request"

    is_late_alerted = fields.Boolean(readonly=True, copy=False)

    _late_idx = models.Index(
        "(date_due) WHERE state IN ('sent', 'acknowledged', 'rejected') "
        "AND is_late_alerted IS NOT TRUE"
    )

    def _get_due(self, answer_kind, start):
        """Return when an answer that is asked for at ``start`` is due (naive UTC)."""
        self.ensure_one()
        days = self.company_id._get_scar_days(answer_kind)
        calendar = self.company_id.resource_calendar_id
        policies = self.env["complaint.sla.policy"]
        try:
            return policies._get_deadline(start, days, "business_days", calendar)
        except (NoBusinessTime, ValueError) as error:
            # Working hours that can't be used must not keep a request back.
            _logger.info("%s counts calendar days: %s", calendar.display_name, error)
            return policies._get_deadline(start, 24 * days, "clock_hours", calendar)

    def _get_due_text(self):
        """Return the due moment as the supplier reads it."""
        self.ensure_one()
        tz = self.partner_id.tz or self.company_id.resource_calendar_id.tz or "UTC"
        lang = self.partner_id.lang or self.env.lang
        return format_moment(self.with_context(lang=lang).env, self.date_due, tz)

    def _get_review_comment(self):
        """Return what the colleague wrote who sent the latest answer back."""
        self.ensure_one()
        # sudo: the comment is written for the supplier, whoever sends it
        rejected = self.sudo().answer_ids.filtered(lambda a: a.state == "rejected")
        return rejected[:1].review_comment or ""

    def _get_supplier_url(self):
        """Hook: return the address of the page where the supplier answers, or False."""
        self.ensure_one()
        return False

    def _tell_supplier(self, template_xmlid):
        """Write to the supplier from a template, in their language.

        The message stays with this record: nothing of a case is in its text, its
        headers or its recipients. Without a page for suppliers the files go along.
        """
        self.ensure_one()
        # sudo: the text is configuration; it is rendered for this one record
        template = self.env.ref(template_xmlid).sudo()
        body = template._render_field("body_html", self.ids, compute_lang=True)
        subject = template._render_field("subject", self.ids, compute_lang=True)
        files = self.env["ir.attachment"]
        if not self._get_supplier_url() and self.state == "sent":
            files = self.released_attachment_ids
        return self.message_post(
            body=body[self.id],
            subject=subject[self.id],
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner_id.ids,
            attachment_ids=files.ids,
            email_layout_xmlid="mail.mail_notification_light",
        )

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        # Before anybody is notified: an error here takes the message back.
        self._check_outgoing(message)
        return result

    def _check_outgoing(self, message):
        """Refuse a message that would tell the supplier what stays inside."""
        self.ensure_one()
        supplier = self.commercial_partner_id
        recipients = message.partner_ids
        is_addressed = supplier in recipients.commercial_partner_id
        if message.subtype_id.internal:
            if is_addressed:
                raise UserError(
                    self.env._(
                        "An internal note never goes to a supplier. Send a message "
                        "instead."
                    )
                )
            return
        if message.author_id.commercial_partner_id == supplier:
            return
        names = message.attachment_ids.mapped("name")
        text = "\n".join([html2plaintext(message.body or ""), *filter(None, names)])
        if leaks := find_identifiers(text, self._get_customer_identifiers()):
            raise UserError(
                self.env._(
                    "This message points to the customer: %s",
                    ", ".join(f"“{leak}”" for leak in leaks),
                )
            )

    def _note_of_supplier(self, user, text):
        """Leave an internal note that the supplier did something."""
        self.ensure_one()
        self.message_post(
            body=text,
            author_id=user.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )

    def _ask_for_review(self):
        """Tell the responsible colleague that an answer is here."""
        for scar in self:
            reader = scar.with_context(lang=scar.user_id.lang)
            reader.activity_schedule(
                "supplier_quality.mail_activity_type_scar_review",
                user_id=scar.user_id.id,
                summary=reader.env._("%s is answered", scar.name),
            )

    def _finish_review_activity(self):
        self.activity_unlink(["supplier_quality.mail_activity_type_scar_review"])

    # -- late answers --------------------------------------------------------------
    @api.model
    def _cron_alert_late(self):
        """Open one activity for each request whose answer is overdue."""
        domain = [
            ("state", "in", WAITING_STATES),
            ("date_due", "<", fields.Datetime.now()),
            ("is_late_alerted", "=", False),
        ]
        self._work_queue(
            domain, lambda late: late._alert_late(), LATE_BATCH, "date_due, id"
        )

    def _alert_late(self):
        self.is_late_alerted = True
        for scar in self:
            reader = scar.with_context(lang=scar.user_id.lang)
            reader.activity_schedule(
                "supplier_quality.mail_activity_type_scar_late",
                user_id=scar.user_id.id,
                summary=reader.env._("The supplier's answer is late"),
            )
