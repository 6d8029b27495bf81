import base64
import email
import hashlib
import logging
from email import policy

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_split
from odoo.tools.mail import unfold_references

from ..tools import mail_triage

_logger = logging.getLogger(__name__)


class ComplaintIntakeFailure(models.Model):
    """A mail to a complaint team that opened no case, kept whole for a person."""

    _name = "complaint.intake.failure"
    _description = "Incoming Mail without Case"
    _order = "create_date desc, id desc"
    _rec_name = "subject"

    subject = fields.Char(readonly=True)
    email_from = fields.Char("From", readonly=True)
    message_ref = fields.Char("Message-ID", readonly=True)
    kind = fields.Selection(
        [("quarantine", "To be looked at"), ("automatic", "Automatic mail")],
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Selection(
        [
            ("auto_submitted", "Automatic reply"),
            ("bulk", "Bulk mail"),
            ("mailing_list", "Mailing list"),
            ("bounce", "Delivery report"),
            ("calendar", "Calendar invitation"),
            ("duplicate", "Same Message-ID, other content"),
            ("refused", "Refused by the mail gateway (loop guard or alias)"),
            ("error", "Could not be read"),
        ],
        required=True,
        readonly=True,
    )
    detail = fields.Text("Error", readonly=True)
    digest = fields.Char(readonly=True)
    raw = fields.Binary("Source", attachment=True, readonly=True)
    raw_name = fields.Char("Raw name", compute="_compute_raw_name")
    state = fields.Selection(
        [("open", "Open"), ("done", "Done")], default="open", required=True
    )
    case_id = fields.Many2one("complaint.case", readonly=True, index="btree_not_null")
    company_id = fields.Many2one("res.company", readonly=True)

    _digest_unique = models.UniqueIndex("(digest)")

    def _compute_raw_name(self):
        for failure in self:
            failure.raw_name = f"mail-{failure.id}.eml"

    # -- gateway --------------------------------------------------------------------
    @api.model
    def _concerns_complaints(self, raw, model):
        """Tell whether a mail is for a complaint team or answers a case.

        :param bytes raw: the mail
        :param str model: fallback model of the gateway
        """
        if model == "complaint.case":
            return True
        message = email.message_from_bytes(raw, policy=policy.compat32)
        names = ("Delivered-To", "X-Original-To", "To", "Cc", "Resent-To", "Resent-Cc")
        addresses = [
            address.lower()
            for name in names
            for value in message.get_all(name, ())
            for address in email_split(str(value))
        ]
        return self._is_team_address(addresses) or self._answers_case(message)

    def _is_team_address(self, addresses):
        local_parts = [address.partition("@")[0] for address in addresses]
        # sudo: the gateway may run as any user; only whether one exists is read
        return bool(
            self.env["mail.alias"]
            .sudo()
            .search_count(
                [
                    ("alias_model_id.model", "=", "complaint.case"),
                    "|",
                    ("alias_full_name", "in", addresses),
                    "&",
                    ("alias_incoming_local", "=", True),
                    ("alias_name", "in", local_parts),
                ],
                limit=1,
            )
        )

    def _answers_case(self, message):
        values = [message.get("References") or "", message.get("In-Reply-To") or ""]
        references = [
            reference.strip()
            for value in values
            for reference in unfold_references(str(value))
        ]
        # sudo: see _is_team_address
        return bool(references) and bool(
            self.env["mail.message"]
            .sudo()
            .search_count(
                [
                    ("message_id", "in", references[-32:]),
                    ("model", "=", "complaint.case"),
                ],
                limit=1,
            )
        )

    @api.model
    def _process_mail(self, raw, process):
        """Let a mail through the gateway and keep what opens no case.

        :param bytes raw: the mail
        :param process: function(bytes) that is the standard gateway
        :return: id of the case, or False
        """
        digest = hashlib.sha256(raw).hexdigest()
        # sudo: the gateway may run as any user; this model is its own list
        failures = self.sudo()
        if failures.search_count([("digest", "=", digest)], limit=1):
            return False
        message = email.message_from_bytes(raw, policy=policy.compat32)
        vals = failures._prepare_failure_vals(raw, digest, message)
        if reason := mail_triage.automatic_reason(message):
            failures.create({**vals, "kind": "automatic", "reason": reason})
            return False
        raw = mail_triage.ensure_message_id(raw, digest)
        if duplicate := failures._find_same_message_id(message):
            if not failures._is_same_mail(duplicate, message):
                failures.create({**vals, "kind": "quarantine", "reason": "duplicate"})
            return False
        return failures._process_guarded(raw, process, vals)

    def _process_guarded(self, raw, process, vals):
        try:
            with self.env.cr.savepoint():
                thread_id = process(raw)
                self.env.flush_all()
        except Exception as error:
            # Whatever a mail does to the parser, it must not stop the gateway nor
            # be lost. No personal data in the log: the list has it all.
            _logger.info("A mail went to quarantine: %s", type(error).__name__)
            detail = f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
            self.create(
                {**vals, "kind": "quarantine", "reason": "error", "detail": detail}
            )
            return False
        if not thread_id:
            self.create({**vals, "kind": "quarantine", "reason": "refused"})
        return thread_id

    def _find_same_message_id(self, message):
        message_id = mail_triage.header(message, "Message-Id")
        domain = [("message_id", "=", message_id), ("model", "=", "complaint.case")]
        return self.env["mail.message"].search(domain, limit=1) if message_id else None

    def _is_same_mail(self, stored, message):
        """Tell a second delivery from another mail with a borrowed Message-ID."""
        sender = email_split(mail_triage.header(message, "From"))
        return not sender or sender[0].lower() in (stored.email_from or "").lower()

    def _prepare_failure_vals(self, raw, digest, message):
        def clean(name):
            text = mail_triage.header(message, name).replace("\x00", "")
            return text.encode("utf-8", "replace").decode()[:500]

        return {
            "subject": clean("Subject") or self.env._("(no subject)"),
            "email_from": clean("From"),
            "message_ref": clean("Message-Id"),
            "digest": digest,
            "raw": base64.b64encode(raw),
            "company_id": self.env.company.id,
        }

    # -- what a person does with it ----------------------------------------------------
    def action_retry(self):
        """Try the mail again, for example after the cause was mended."""
        self.check_access("write")
        for failure in self.filtered(lambda f: not f.case_id):
            raw = mail_triage.ensure_message_id(
                base64.b64decode(failure.with_context(bin_size=False).raw),
                failure.digest,
            )
            # sudo: the gateway works with the rights of the system
            gateway = self.env["mail.thread"].sudo()
            try:
                with self.env.cr.savepoint():
                    case_id = gateway._complaint_process_mail(raw)
            except Exception as error:
                raise UserError(
                    self.env._("The mail still can't be read: %s", error)
                ) from error
            failure._done(case_id)

    def action_make_case(self):
        """Open a case from what can be read; the source goes along as a file."""
        self.check_access("write")
        for failure in self.filtered(lambda f: not f.case_id):
            case = self.env["complaint.case"].create(failure._prepare_case_vals())
            self.env["ir.attachment"].create(
                {
                    "name": failure.raw_name,
                    "datas": failure.with_context(bin_size=False).raw,
                    "res_model": case._name,
                    "res_id": case.id,
                    "mimetype": "message/rfc822",
                }
            )
            failure._done(case.id)
        return self._open_cases()

    def _prepare_case_vals(self):
        channel = self.env["complaint.channel"].search(
            [("code", "=", "email")], limit=1
        )
        return {
            "subject": self.subject,
            "email_from": (email_split(self.email_from or "") or [False])[0],
            "received_at": self.create_date,
            "channel_id": channel.id,
            "company_id": (self.company_id or self.env.company).id,
        }

    def action_done(self):
        self.write({"state": "done"})

    def _done(self, case_id):
        self.write({"case_id": case_id or False, "state": "done"})

    def _open_cases(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        return {**action, "domain": [("id", "in", self.case_id.ids)], "context": {}}
