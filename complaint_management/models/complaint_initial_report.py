from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

REPORT_XMLID = "complaint_management.complaint_initial_report_action_pdf"


class ComplaintInitialReport(models.Model):
    """First intervention: what was found and what was done at once, by whom and when.

    A report that reached the customer doesn't change any more; what comes later is a
    new report.
    """

    _name = "complaint.initial.report"
    _description = "Initial Response Report"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.guard.mixin",
        "complaint.case.part.mixin",
    ]
    _hold_free_fields = ("state",)
    _hold_once_fields = ("sent_by", "sent_at", "sent_by_id")
    _order = "case_id, id desc"
    _check_company_auto = True
    _guarded_fields = ("state", "sent_by", "sent_at", "sent_by_id")

    case_id = fields.Many2one(readonly=False)
    found = fields.Text(
        "What was found",
        required=True,
        help="Facts only: what was looked at, where, what was seen or measured. The "
        "customer reads it.",
    )
    done = fields.Text(
        "What was done at once",
        required=True,
        help="Replaced, secured, blocked, repaired, explained. The customer reads it.",
    )
    next_step = fields.Text(
        "What comes next", help="What the customer can expect, and until when."
    )
    done_by_id = fields.Many2one(
        "res.users",
        "By",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    done_at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Files", help="Photos and records that go with it."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    sent_by = fields.Selection(
        [("mail", "By mail"), ("post", "By post"), ("hand", "Handed over")],
        "How",
        readonly=True,
        copy=False,
    )
    sent_at = fields.Datetime("Sent on", readonly=True, copy=False)
    sent_by_id = fields.Many2one("res.users", "Sent by", readonly=True, copy=False)

    @api.depends("case_id", "state")
    def _compute_display_name(self):
        for report in self:
            report.display_name = self.env._(
                "Initial report on %s", report.case_id.sudo().name or ""
            )

    @api.constrains("done_at")
    def _check_done_at(self):
        latest = fields.Datetime.add(fields.Datetime.now(), minutes=5)
        for report in self:
            if report.done_at > latest:
                raise ValidationError(
                    self.env._("Write down what has been done, not what will be.")
                )

    # -- CRUD ----------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        reports.case_id._check_impartial()
        reports._adopt_files()
        return reports

    def write(self, vals):
        if any(report.state == "sent" for report in self):
            raise UserError(
                self.env._(
                    "This report has reached the customer and doesn't change any "
                    "more. Write a new one."
                )
            )
        self.case_id._check_impartial()
        result = super().write(vals)
        self.case_id._check_impartial()
        self._adopt_files()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(report.state == "sent" for report in self):
            raise UserError(
                self.env._("A report that reached the customer is never deleted.")
            )

    def _adopt_files(self):
        """Files belong to the report, so that who reads it reads them."""
        for report in self:
            # sudo: files just uploaded in the form belong to nothing yet
            loose = report.sudo().attachment_ids.filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            if loose:
                loose.write({"res_model": self._name, "res_id": report.id})

    # -- out -------------------------------------------------------------------------
    def _get_customer_lang(self):
        """Return the language in which the customer reads the report."""
        self.ensure_one()
        case = self.case_id
        return case.lang or case.company_id.partner_id.lang or self.env.lang

    def action_print(self):
        return self.env.ref(REPORT_XMLID).report_action(self)

    def action_send(self):
        """Write to the customer, with the report as a PDF and its files."""
        for report in self:
            report._check_sendable()
            case = report.case_id
            if not (case.partner_id.email or case.email_normalized):
                raise UserError(
                    self.env._(
                        "%s has no mail address. Print the report, and note here that "
                        "it went by post or was handed over.",
                        case.display_name,
                    )
                )
            report._post_to_customer()
            report._store_sent("mail", fields.Datetime.now())

    def action_open_hand_over(self):
        self.ensure_one()
        self._check_sendable()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_initial_hand_over_action"
        )
        return {**action, "context": {"default_report_id": self.id}}

    def _check_sendable(self):
        self.ensure_one()
        self.check_access("write")
        self.case_id.check_access("write")
        self.case_id._check_impartial()
        if self.state == "sent":
            raise UserError(self.env._("This report has been sent already."))

    def _post_to_customer(self):
        """The message is one of the person who sends it, so it answers the customer."""
        self.ensure_one()
        case, lang = self.case_id, self._get_customer_lang()
        # sudo: templates may be read by any user who may write to this customer
        template = (
            self.env.ref("complaint_management.mail_template_initial_report")
            .sudo()
            .with_context(lang=lang)
        )
        parts = {
            name: template._render_field(name, case.ids, set_lang=lang)[case.id]
            for name in ("subject", "body_html")
        }
        case.message_post(
            subject=parts["subject"],
            body=Markup(parts["body_html"]),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=case.partner_id.ids,
            outgoing_email_to=False if case.partner_id else case.email_from,
            email_layout_xmlid="mail.mail_notification_light",
            attachments=[self._render_pdf(), *self._read_files()],
        )

    def _render_pdf(self):
        """Return (file name, content) of the report in the customer's language."""
        self.ensure_one()
        # sudo: the layout reads company data that a handler may not; the report
        # itself holds nothing but this record, which the user may read
        reports = self.env["ir.actions.report"].sudo()
        reports = reports.with_context(lang=self._get_customer_lang())
        content, kind = reports._render_qweb_pdf(REPORT_XMLID, self.ids)
        name = self.case_id.name.replace("/", "-")
        return f"{name}-initial-report.{kind}", content

    def _read_files(self):
        return [(file.name, file.raw) for file in self.attachment_ids]

    def _mark_sent(self, how, sent_at):
        """Note that a printed report reached the customer."""
        self._check_sendable()
        if sent_at > fields.Datetime.add(fields.Datetime.now(), minutes=5):
            raise ValidationError(self.env._("This is in the future."))
        if sent_at < self.case_id.received_at:
            raise ValidationError(
                self.env._("This is before the complaint was received.")
            )
        self._store_sent(how, sent_at)
        case = self.case_id
        # sudo: guarded dates that follow from the report, which may be sent
        case.sudo().write(
            {
                "responded_at": case.responded_at or sent_at,
                "acknowledged_at": case.acknowledged_at or sent_at,
            }
        )
        note = self.env._("Initial report on paper")
        case._sla_stop("respond", sent_at, note)
        case._sla_stop("acknowledge", sent_at, note)

    def _store_sent(self, how, sent_at):
        self.ensure_one()
        # sudo: guarded fields; the right to send is checked by the caller
        self.sudo().write(
            {
                "state": "sent",
                "sent_by": how,
                "sent_at": sent_at,
                "sent_by_id": self.env.uid,
            }
        )
        self.case_id._journal_log("initial_report_sent", note=how)
