import base64
import logging
import re

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools.mail import email_normalize, unfold_references

from ..tools import mail_repair, mail_triage

_logger = logging.getLogger(__name__)

RECIPIENT_HEADERS = (
    "Delivered-To",
    "X-Original-To",
    "To",
    "Cc",
    "Resent-To",
    "Resent-Cc",
)
# As many references as Odoo's own gateway looks at.
MAX_REFERENCES = 32
# Only code that imports this object can say into which case a mail goes: the context of
# an RPC call can't hold it.
MAIL_SENTINEL = object()


class MailStorm(Exception):
    """One sender writes faster than a person can."""


class ComplaintMailGateway(models.AbstractModel):
    """Takes mails to complaint teams: each becomes a case, joins one, or is kept in
    the list of mails without case. None is lost and none stops the gateway."""

    _name = "complaint.mail.gateway"
    _description = "Complaint Mail Gateway"

    # -- whose mail is it ---------------------------------------------------------
    @api.model
    def _concerns_complaints(self, raw, model):
        """Tell whether a mail is for a complaint team or answers a case.

        :param bytes raw: the mail
        :param str model: fallback model of the gateway
        """
        if model == "complaint.case":
            return True
        head = mail_triage.read_head(raw)
        return bool(self._find_team_alias(head) or self._find_referenced_message(head))

    @api.model
    def _find_team_alias(self, head):
        """Return the alias of the complaint team that a mail is addressed to."""
        addresses = mail_triage.addresses(head, *RECIPIENT_HEADERS)
        local_parts = [address.partition("@")[0] for address in addresses]
        # sudo: the gateway may run as any user; only the alias of a team is read
        return (
            self.env["mail.alias"]
            .sudo()
            .search(
                Domain("alias_model_id.model", "=", "complaint.case")
                & (
                    Domain("alias_full_name", "in", addresses)
                    | Domain("alias_incoming_local", "=", True)
                    & Domain("alias_name", "in", local_parts)
                ),
                limit=1,
            )
        )

    @api.model
    def _find_referenced_message(self, head):
        """Return the message of a case that a mail answers."""
        references = [
            reference.strip()
            for name in ("References", "In-Reply-To")
            for reference in unfold_references(mail_triage.readable(head, name))
        ]
        # sudo: see _find_team_alias
        messages = self.env["mail.message"].sudo()
        return messages.search(
            [
                ("message_id", "in", references[-MAX_REFERENCES:]),
                ("model", "=", "complaint.case"),
            ],
            limit=1,
        )

    # -- the way of a mail --------------------------------------------------------
    @api.model
    def _process_mail(self, raw, process):
        """Let a mail through Odoo's gateway and keep what opens no case.

        :param bytes raw: the mail
        :param process: function(bytes) that is Odoo's gateway
        :return: id of the case, or False
        :raise AccessError: the user is neither an employee nor the system
        """
        self._check_gateway_right()
        digest = mail_triage.fingerprint(raw)
        if self.env["complaint.mail.receipt"]._is_known(digest):
            return False
        head = mail_triage.read_head(raw)
        if verdict := mail_triage.judge(head):
            self._keep(raw, *verdict)
            self._note_bounce(head, raw, process)
            return False
        source = mail_triage.ensure_message_id(raw, digest)
        if self._has_message_id(source):
            self._keep(raw, "quarantine", "duplicate")
            return False
        return self._process_guarded(raw, source, process)

    def _check_gateway_right(self):
        """``message_process`` can be called over RPC: by employees, as in Odoo, not by
        portal users."""
        if not (self.env.su or self.env.user._is_internal()):
            raise AccessError(self.env._("You are not allowed to hand over mails."))

    def _process_guarded(self, raw, source, process):
        """Process ``source``; keep ``raw``, as it came, when that fails."""
        receipts = self.env["complaint.mail.receipt"]
        try:
            with self.env.cr.savepoint():
                receipts._note(mail_triage.fingerprint(raw))
                thread_id = process(mail_repair.repair_head(source))
                self.env.flush_all()
        except receipts.Known:
            return False
        except MailStorm:
            self.env.invalidate_all(flush=False)
            self._keep(raw, "quarantine", "storm")
            return False
        except Exception as error:
            # Whatever a mail does to the parser, it must not stop the gateway nor
            # be lost. No personal data in the log: the list has it all.
            _logger.info("A mail went to quarantine: %s", type(error).__name__)
            self.env.invalidate_all(flush=False)
            detail = f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
            self._keep(raw, "quarantine", "error", detail=detail)
            return False
        if not thread_id:
            self._keep(raw, "quarantine", "refused", noted=True)
        return thread_id

    def _keep(self, raw, kind, reason, *, detail=None, noted=False):
        """Put a mail into the list of mails without case, once."""
        # sudo: the gateway may run as any user; this list is its own
        failures = self.env["complaint.intake.failure"].sudo()
        receipts = self.env["complaint.mail.receipt"]
        vals = {"kind": kind, "reason": reason, "detail": detail}
        try:
            with self.env.cr.savepoint():
                if not noted:
                    receipts._note(mail_triage.fingerprint(raw))
                failures.create({**vals, **self._prepare_failure_vals(raw)})
        except receipts.Known:
            _logger.info("A mail was delivered twice at the same moment")

    def _note_bounce(self, head, raw, process):
        """Let Odoo mark the message that didn't arrive; it opens nothing for those."""
        if not mail_triage.is_bounce(head):
            return
        try:
            with self.env.cr.savepoint() as savepoint:
                if process(raw):
                    # Odoo takes it for the mail of a person, we know better.
                    savepoint.rollback()
        except Exception as error:
            _logger.info("A delivery report can't be read: %s", type(error).__name__)

    def _has_message_id(self, source):
        """Tell whether another mail of a case bears this Message-ID."""
        message_id = mail_triage.readable(mail_triage.read_head(source), "Message-Id")
        # sudo: see _find_team_alias
        messages = self.env["mail.message"].sudo()
        return bool(message_id) and bool(
            messages.search_count(
                [("message_id", "=", message_id), ("model", "=", "complaint.case")],
                limit=1,
            )
        )

    # -- into which case ----------------------------------------------------------
    @api.model
    def _settle_routes(self, message, msg_dict, routes):
        """Let a mail go into one case, and nobody's words into a case of others.

        :param EmailMessage message: the mail
        :param dict msg_dict: what Odoo's gateway read
        :param list routes: (model, id or 0, values, user id, alias) of Odoo's gateway
        :return: list like ``routes``; ours comes last, so that its id is the result
        """
        ours = [route for route in routes if route[0] == "complaint.case"]
        if not ours:
            return routes
        others = [route for route in routes if route[0] != "complaint.case"]
        return [
            *others,
            self._settle_route(message, msg_dict, self._first(ours, message)),
        ]

    def _first(self, routes, message):
        """Of several teams the one that the mail names first takes it."""
        named = mail_triage.addresses(message, *RECIPIENT_HEADERS)
        places = {address: place for place, address in reversed([*enumerate(named)])}
        return min(
            routes,
            key=lambda route: places.get(route[4] and route[4].alias_full_name, 999),
        )

    def _settle_route(self, message, msg_dict, route):
        model, case_id, values, user_id, alias = route
        # sudo: see _find_team_alias
        case = self.env["complaint.case"].sudo().browse(case_id)
        address = email_normalize(msg_dict.get("email_from") or "", strict=False)
        if case and case._takes_part(address, has_reference=True):
            return route
        if not case:
            numbered = self._find_cases_by_number(message)
            joined = numbered.filtered(lambda found: found._takes_part(address))[:1]
            if joined:
                return model, joined.id, None, user_id, alias
            case = numbered[:1]
        if not case:
            return route
        if case_id:
            # Not an answer any more: neither its place nor its discretion stay.
            msg_dict.update(parent_id=False, is_internal=False)
            alias = case.team_id.alias_id or alias
            values = {"team_id": case.team_id.id}
        return model, 0, {**(values or {}), "refers_to_id": case.id}, user_id, alias

    def _find_cases_by_number(self, head):
        """Return the cases whose numbers stand in the subject of a mail."""
        # sudo: see _find_team_alias
        cases = self.env["complaint.case"].sudo().with_context(active_test=False)
        subject = mail_triage.readable(head, "Subject").upper()
        numbers = re.findall(r"[A-Z0-9]+(?:[/-][A-Z0-9]+)+", subject)
        if not numbers:
            return cases
        return cases.search([("name", "in", numbers[:5])])

    # -- values -------------------------------------------------------------------
    def _prepare_failure_vals(self, raw):
        head = mail_triage.read_head(mail_repair.repair_head(raw))
        company = self._find_team_alias(head)._get_complaint_company()
        return {
            "subject": mail_triage.readable(head, "Subject")[:500]
            or self.env._("(no subject)"),
            "email_from": mail_triage.readable(head, "From")[:500],
            "sender": (mail_triage.addresses(head, "From") or [False])[0],
            "message_ref": mail_triage.readable(head, "Message-Id")[:500],
            "digest": mail_triage.fingerprint(raw),
            "raw": base64.b64encode(raw),
            "company_id": (company or self.env.company).id,
        }
