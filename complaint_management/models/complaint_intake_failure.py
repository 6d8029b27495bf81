import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_split, html2plaintext

from ..tools import mail_triage


class ComplaintIntakeFailure(models.Model):
    """A mail to a complaint team that opened no case, kept whole for a person."""

    _name = "complaint.intake.failure"
    _description = "Incoming Mail without Case"
    _inherit = ["complaint.guard.mixin"]
    _order = "create_date desc, id desc"
    _rec_name = "subject"

    _guarded_fields = (
        "subject",
        "email_from",
        "sender",
        "message_ref",
        "kind",
        "reason",
        "detail",
        "digest",
        "raw",
        "state",
        "handled_by_id",
        "handled_at",
        "case_id",
        "company_id",
    )

    subject = fields.Char(readonly=True)
    email_from = fields.Char("From", readonly=True)
    sender = fields.Char(
        readonly=True, help="Mail address of the sender, without name, to group by."
    )
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
            ("storm", "Too many mails of one sender at once"),
            ("refused", "Refused by the mail gateway (alias)"),
            ("error", "Could not be read"),
        ],
        required=True,
        readonly=True,
    )
    explanation = fields.Text(
        "What happened", compute="_compute_explanation", help="And what you can do."
    )
    detail = fields.Text("Technical reason", readonly=True)
    digest = fields.Char(readonly=True)
    raw = fields.Binary("Source", attachment=True, readonly=True)
    raw_name = fields.Char("Raw name", compute="_compute_raw_name")
    preview = fields.Text("Words of the mail", compute="_compute_preview")
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("ignored", "Nothing to do")],
        default="open",
        required=True,
        readonly=True,
    )
    handled_by_id = fields.Many2one(
        "res.users", "Handled by", readonly=True, index="btree_not_null"
    )
    handled_at = fields.Datetime("Handled at", readonly=True)
    case_id = fields.Many2one("complaint.case", readonly=True, index="btree_not_null")
    company_id = fields.Many2one("res.company", readonly=True)

    _digest_unique = models.UniqueIndex("(digest)")
    # What the counter beside the menu asks every few minutes.
    _waiting_idx = models.Index(
        "(company_id) WHERE state = 'open' AND kind = 'quarantine'"
    )

    def _compute_raw_name(self):
        for failure in self:
            failure.raw_name = f"mail-{failure.id}.eml"

    @api.depends("reason")
    def _compute_explanation(self):
        texts = self._get_explanations()
        for failure in self:
            failure.explanation = texts.get(failure.reason)

    @api.model
    def _get_explanations(self):
        """Return {reason: what happened and what to do, in plain words}."""
        _ = self.env._
        return {
            "auto_submitted": _(
                "A machine answered, for example an absence note. Usually there is "
                "nothing to do."
            ),
            "bulk": _(
                "The mail says that it was sent to many. When a customer wrote it, "
                "press “Try again”."
            ),
            "mailing_list": _(
                "The mail came over a mailing list. When a customer wrote it, press "
                "“Try again”."
            ),
            "bounce": _(
                "A mail of yours didn't arrive. Check the address of the customer."
            ),
            "calendar": _(
                "An invitation to a meeting. Usually there is nothing to do."
            ),
            "duplicate": _(
                "A mail with the same Message-ID but other words is here already. "
                "“Try again” takes this one in as well."
            ),
            "storm": _(
                "This sender wrote many mails in a short time, so only the first ones "
                "became cases. Choose those that belong together and press “One case "
                "of all”, or “Try again” for a case of each."
            ),
            "refused": _(
                "The address of the team doesn't take this mail. “Make a case by "
                "hand” takes it in all the same."
            ),
            "error": _(
                "The mail is damaged. “Make a case by hand” opens a case from what "
                "can be read, with the mail as a file."
            ),
        }

    def _compute_preview(self):
        """Show the words only, never the page: a mail of a stranger may hold
        anything."""
        for failure in self:
            failure.preview = failure._read_words()[:5000]

    def _read_words(self):
        try:
            mail = self.env["mail.thread"]._complaint_parse_mail(self._get_raw())
            return html2plaintext(mail.get("body") or "").replace("\x00", "").strip()
        except Exception:
            # Whatever the mail does to the parser, the page still opens.
            return ""

    # -- what a person does with it ----------------------------------------------------
    def action_retry(self):
        """Take the mails in after all, each into a case of its own or the one that it
        answers. Of several, one that can't be read doesn't stop the rest."""
        self.check_access("write")
        waiting = self.filtered(lambda failure: not failure.case_id)
        errors = {}
        for failure in waiting:
            try:
                with self.env.cr.savepoint():
                    case_id = failure._process_again()
                    failure._check_processed(case_id)
            except Exception as error:
                errors[failure] = error
            else:
                failure._done(case_id)
        return self._report_retry(waiting, errors)

    def _report_retry(self, waiting, errors):
        """Open the cases, or say which mails still have none.

        :param dict errors: {failure: exception}
        """
        if errors and len(errors) == len(waiting):
            failure, error = next(iter(errors.items()))
            if isinstance(error, UserError):
                raise error
            raise UserError(
                self.env._(
                    "“%(subject)s” still can't be read: %(error)s",
                    subject=failure.subject,
                    error=error,
                )
            ) from error
        if not errors:
            return self._open_cases()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "%(good)s of %(all)s mails were taken in. Still waiting: %(rest)s",
                    good=len(waiting) - len(errors),
                    all=len(waiting),
                    rest=", ".join(failure.subject or "" for failure in errors),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_processed(self, case_id):
        if not case_id:
            raise UserError(
                self.env._(
                    "The mail gateway takes “%s” for a delivery report or a "
                    "mail that is here already. Make a case of it instead.",
                    self.subject,
                )
            )

    def _process_again(self, case_id=None):
        """Hand the mail to the gateway once more.

        :param int case_id: the case that takes it in, see ``action_make_one_case``
        :return: id of the case
        """
        raw = self._get_raw()
        if self.reason == "duplicate":
            raw = mail_triage.add_header(raw, "Message-Id", self._make_message_id())
        # sudo: the gateway works with the rights of the system
        gateway = self.env["mail.thread"].sudo().with_company(self.company_id)
        return gateway._complaint_process_mail(
            mail_triage.ensure_message_id(raw, self.digest), case_id
        )

    def _make_message_id(self):
        return f"<{self.digest[:40]}@same-message-id.invalid>"

    def _get_raw(self):
        return base64.b64decode(self.with_context(bin_size=False).raw or b"")

    def action_make_one_case(self):
        """Take several mails into one case, the oldest first: one customer who wrote
        again and again has one complaint."""
        self.check_access("write")
        waiting = self.filtered(lambda failure: not failure.case_id).sorted("id")
        if len(waiting.company_id) > 1:
            raise UserError(self.env._("Choose mails of one company."))
        case_id = None
        for failure in waiting:
            found = failure._process_again(case_id)
            failure._check_processed(found)
            case_id = case_id or found
            failure._done(case_id)
        return self._open_cases()

    def action_make_case(self):
        """Open a case from what can be read; the source goes along as a file."""
        self.check_access("write")
        for failure in self.filtered(lambda f: not f.case_id):
            case = self.env["complaint.case"].create(failure._prepare_case_vals())
            self.env["ir.attachment"].create(
                {
                    "name": failure.raw_name,
                    "raw": failure._get_raw(),
                    "res_model": case._name,
                    "res_id": case.id,
                    "mimetype": "message/rfc822",
                }
            )
            failure._done(case.id)
        return self._open_cases()

    def _prepare_case_vals(self):
        cases = self.env["complaint.case"].with_company(self.company_id)
        try:
            mail = self.env["mail.thread"]._complaint_parse_mail(self._get_raw())
        except Exception:
            mail = {"subject": self.subject}
        return {
            **cases._prepare_mail_vals(mail),
            "email_from": (email_split(self.email_from or "") or [False])[0],
            "received_at": self.create_date,
        }

    def action_ignore(self):
        """There is nothing to do; it can be taken back."""
        self.check_access("write")
        self.filtered(lambda f: f.state == "open")._handle("ignored")

    def action_reopen(self):
        """Take "nothing to do" back."""
        self.check_access("write")
        if made := self.filtered("case_id"):
            raise UserError(
                self.env._(
                    "“%(subject)s” is in the case %(case)s already; a numbered "
                    "complaint isn't taken back. Cancel the case instead.",
                    subject=made[:1].subject,
                    case=made[:1].case_id.display_name,
                )
            )
        # sudo: guarded, see _handle
        self.sudo().write(
            {"state": "open", "handled_by_id": False, "handled_at": False}
        )

    def _done(self, case_id):
        # sudo: guarded link, written by the buttons only, which checked the right
        self.sudo().case_id = case_id or False
        self._handle("done")

    def _handle(self, state):
        # sudo: guarded fields, written by the buttons only, which checked the right
        self.sudo().write(
            {
                "state": state,
                "handled_by_id": self.env.uid,
                "handled_at": fields.Datetime.now(),
            }
        )

    def _open_cases(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        cases = self.case_id
        if len(cases) == 1:
            return {
                **action,
                "view_mode": "form",
                "views": [(False, "form")],
                "res_id": cases.id,
                "context": {},
            }
        return {**action, "domain": [("id", "in", cases.ids)], "context": {}}
