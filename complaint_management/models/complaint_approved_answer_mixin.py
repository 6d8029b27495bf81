from odoo import models
from odoo.exceptions import AccessError

# Only code that imports this object sends a mail as cleared.
CLEARED_SENTINEL = object()


class ComplaintApprovedAnswerMixin(models.AbstractModel):
    """What customers get on cases with a legal risk or under a legal hold: answers that
    legal has approved, unchanged but for their placeholders.

    Every message of the case is looked at when it is stored (``mail.message``), so
    that chatter, composer, mail, wizards and programs meet the same rule. Notes among
    colleagues and what the customer writes are free. Automatic mails about steps are
    held back, and legal is asked; the acknowledgement, which says that the complaint is
    here and nothing about the matter, goes out.
    """

    _name = "complaint.approved.answer.mixin"
    _description = "Approved Answers only"

    def _needs_approved_answer(self):
        """Hook: tell whether customers get approved answers only."""
        self.ensure_one()
        return self.is_legal_risk or self.is_on_hold

    def _get_answer_lang(self):
        return self.lang or self.company_id.partner_id.lang or self.env.lang

    def _get_answer_facts(self):
        """Hook: return {placeholder: function that gives its text}. No free text of
        colleagues: it would go out unapproved."""
        return {
            "customer": lambda: self.partner_name or "",
            "case": lambda: self.name,
            "company": lambda: self.company_id.name,
            "owner": lambda: self.user_id.name or "",
            "received_on": lambda: self._get_day_text(self.received_at),
            "answer_by": lambda: self._get_promised_moment("respond") or "",
            "solved_by": lambda: self._get_promised_moment("resolve") or "",
        }

    # -- messages --------------------------------------------------------------------
    def _check_approved_answer(self, message):
        """Refuse a message to the customer that isn't an approved answer."""
        self.ensure_one()
        if (
            not self._needs_approved_answer()
            or not self._is_to_customer(message)
            or self._is_approved_answer(message)
        ):
            return
        raise AccessError(
            self.env._(
                "%(case)s is a legal matter: the customer gets answers that the legal "
                "department has approved, word by word. Use the button “Approved "
                "answer”, or write an internal note.",
                case=self.name,
            )
        )

    def _is_to_customer(self, message):
        """Tell whether somebody outside gets this message, and not from outside."""
        outside = message.partner_ids.filtered("partner_share") - message.author_id
        is_sent = bool(
            outside
            or message.outgoing_email_to
            or message.message_type == "email_outgoing"
        )
        is_shown = bool(
            message.subtype_id
            and not message.subtype_id.internal
            and not message.is_internal
            # what Odoo itself notes has no words of its own
            and (message.message_type != "notification" or message.body)
        )
        return (is_sent or is_shown) and not self._is_from_outside(message)

    def _is_from_outside(self, message):
        """Tell whether a customer wrote it: by mail, or on a page of the portal. What a
        colleague posts under the name of a customer isn't."""
        author = message.author_id
        by_colleague = self.env.user._is_internal() and not self.env.su
        return bool(
            (not author or author.partner_share)
            and message.message_type in ("email", "comment")
            and not message.outgoing_email_to
            and not by_colleague
        )

    def _is_approved_answer(self, message):
        """Compare with what legal has approved, rendered now."""
        if message.message_type == "auto_comment" and self._is_cleared_mail():
            return True
        if message.attachment_ids or message.email_add_signature:
            return False
        field = message._fields["body"]
        written = " ".join((message.body or "").split())
        for template in self.env["complaint.response.template"]._get_usable_for(self):
            subject, body = template._render_for(self)
            wanted = field.convert_to_cache(body, message) or ""
            if (message.subject or "") == subject and (
                " ".join(wanted.split()) == written
            ):
                return True
        return False

    def _is_cleared_mail(self):
        """Hook: tell whether the engine sends a mail that says nothing of the matter.
        A context that comes by RPC holds no such object."""
        return self.env.context.get("complaint_cleared_mail") is CLEARED_SENTINEL

    # -- automatic mails -------------------------------------------------------------
    def _acknowledge(self):
        cleared = self.with_context(complaint_cleared_mail=CLEARED_SENTINEL)
        return super(ComplaintApprovedAnswerMixin, cleared)._acknowledge()

    def _should_tell_customer(self):
        """Mails about steps are written for the usual case: here legal decides."""
        if not self._needs_approved_answer():
            return super()._should_tell_customer()
        if self.phase in ("investigation", "action", "response"):
            self._ask_for_approved_answer()
        return False

    def _ask_for_approved_answer(self):
        """The owner tells the customer with an approved answer."""
        kind = "mail.mail_activity_data_todo"
        # sudo: activities of colleagues; the owner is asked by the system
        case_sudo = self.sudo()
        summary = self.env._("Tell the customer with an approved answer")
        if summary not in case_sudo.activity_ids.mapped("summary"):
            case_sudo.activity_schedule(
                kind,
                user_id=(self.user_id or self.env.user).id,
                summary=summary,
            )

    def action_approved_answer(self):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approved answer"),
            "res_model": "complaint.response.send",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id},
        }
