import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_split

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
        "message_ref",
        "kind",
        "reason",
        "detail",
        "digest",
        "raw",
        "case_id",
        "company_id",
    )

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

    # -- what a person does with it ----------------------------------------------------
    def action_retry(self):
        """Try the mail again, for example after the cause was mended."""
        self.check_access("write")
        for failure in self.filtered(lambda f: not f.case_id):
            try:
                with self.env.cr.savepoint():
                    case_id = failure._process_again()
            except Exception as error:
                raise UserError(
                    self.env._("The mail still can't be read: %s", error)
                ) from error
            if not case_id:
                raise UserError(
                    self.env._(
                        "The mail gateway takes “%s” for a delivery report or a "
                        "mail that is here already. Make a case of it instead.",
                        failure.subject,
                    )
                )
            failure._done(case_id)

    def _process_again(self):
        raw = self._get_raw()
        if self.reason == "duplicate":
            raw = mail_triage.add_header(raw, "Message-Id", self._make_message_id())
        # sudo: the gateway works with the rights of the system
        gateway = self.env["mail.thread"].sudo().with_company(self.company_id)
        return gateway._complaint_process_mail(
            mail_triage.ensure_message_id(raw, self.digest)
        )

    def _make_message_id(self):
        return f"<{self.digest[:40]}@same-message-id.invalid>"

    def _get_raw(self):
        return base64.b64decode(self.with_context(bin_size=False).raw)

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

    def action_done(self):
        self.write({"state": "done"})

    def _done(self, case_id):
        # sudo: guarded link, written by the two buttons only, which checked the right
        self.sudo().write({"case_id": case_id or False, "state": "done"})

    def _open_cases(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        return {**action, "domain": [("id", "in", self.case_id.ids)], "context": {}}
