from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from odoo.addons.base.models.res_partner import _lang_get

from ..models.complaint_closing_mixin import TOLD_WAYS

TEMPLATE = "complaint_management.mail_template_decision"


class ComplaintAnswer(models.TransientModel):
    """The letter with the decision: made from a template in the customer's language,
    finished and sent by a person."""

    _name = "complaint.answer"
    _description = "Answer to the Customer"

    case_id = fields.Many2one("complaint.case", required=True)
    way = fields.Selection(
        TOLD_WAYS,
        "How",
        required=True,
        compute="_compute_way",
        precompute=True,
        store=True,
        readonly=False,
    )
    lang = fields.Selection(
        _lang_get,
        "Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
    )
    next_step = fields.Char(
        help="What happens next and by when, for example “We collect the oven on "
        "Friday.” It becomes part of the letter."
    )
    subject = fields.Char(compute="_compute_letter", store=True, readonly=False)
    body = fields.Html(
        compute="_compute_letter",
        store=True,
        readonly=False,
        sanitize="email_outgoing",
    )
    note = fields.Char(help="When and with whom you spoke, or why nobody can be told.")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    is_legal_matter = fields.Boolean(compute="_compute_is_legal_matter")
    allowed_template_ids = fields.Many2many(
        "complaint.response.template", compute="_compute_is_legal_matter"
    )
    template_id = fields.Many2one(
        "complaint.response.template",
        "Approved answer",
        compute="_compute_template_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', allowed_template_ids)]",
        help="The complaint is a legal matter: the customer gets an answer that the "
        "legal department has approved, word by word.",
    )
    customer_hint = fields.Char(related="case_id.customer_hint")

    @api.depends("case_id")
    def _compute_way(self):
        for wizard in self:
            case = wizard.case_id
            writable = case.partner_id.email or case.email_normalized
            wizard.way = "message" if writable else "phone"

    @api.depends("case_id")
    def _compute_lang(self):
        for wizard in self:
            case = wizard.case_id
            wizard.lang = case.lang or case.company_id.partner_id.lang

    @api.depends("case_id")
    def _compute_is_legal_matter(self):
        templates = self.env["complaint.response.template"]
        for wizard in self:
            case = wizard.case_id
            wizard.is_legal_matter = bool(case) and case._needs_approved_answer()
            wizard.allowed_template_ids = (
                wizard.is_legal_matter and templates._get_usable_for(case)
            )

    @api.depends("case_id")
    def _compute_template_id(self):
        """The only approved letter with a decision is the one that is meant."""
        for wizard in self:
            decisions = wizard.allowed_template_ids.filtered(
                lambda template: template.purpose == "decision"
            )
            wizard.template_id = decisions if len(decisions) == 1 else False

    @api.depends("case_id", "lang", "next_step", "template_id")
    def _compute_letter(self):
        template = self.env.ref(TEMPLATE)
        for wizard in self:
            if not wizard.case_id:
                wizard.subject = wizard.body = False
                continue
            if wizard.is_legal_matter:
                wizard._show_approved_letter()
                continue
            wizard.subject = wizard._render(template, "subject")
            wizard.body = wizard._render(template, "body_html")

    def _show_approved_letter(self):
        self.subject, self.body = (
            self.template_id._render_for(self.case_id)
            if self.template_id
            else (False, False)
        )

    def _render(self, template, field):
        # sudo: templates may be read by any user who may write to this customer
        letter = template.sudo().with_context(
            complaint_next_step=self.next_step or "", complaint_lang=self.lang
        )
        case_id = self.case_id._origin.id or self.case_id.id
        return letter._render_field(field, [case_id], set_lang=self.lang)[case_id]

    def action_send(self):
        """Tell the customer, and note that they know."""
        self.ensure_one()
        case = self.case_id
        case.check_access("write")
        if not (case.decision or "").strip():
            raise UserError(self.env._("%s has no decision yet.", case.display_name))
        if self.way == "message" and self.is_legal_matter:
            self._send_approved_answer()
        elif self.way == "message":
            self._send_message()
        elif not (self.note or "").strip():
            raise UserError(
                self.env._("Note when and with whom you spoke, or why you couldn't.")
            )
        # An approved decision has noted itself.
        if not (self.is_legal_matter and case.decision_sent_at):
            case._note_decision_told(self.way, self.note or "")

    def _send_approved_answer(self):
        self.env["complaint.response.send"].create(
            {"case_id": self.case_id.id, "template_id": self.template_id.id}
        ).action_send()

    def _send_message(self):
        case = self.case_id
        if is_html_empty(self.body):
            raise UserError(self.env._("The letter is empty."))
        if not (case.partner_id.email or case.email_normalized):
            raise UserError(
                self.env._(
                    "%s has no mail address of the customer. Tell them by phone or "
                    "letter, and note it here.",
                    case.display_name,
                )
            )
        case.message_post(
            body=self.body,
            subject=self.subject,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=case.partner_id.ids,
            outgoing_email_to=False if case.partner_id else case.email_from,
            email_layout_xmlid="mail.mail_notification_light",
            attachment_ids=self.attachment_ids.ids,
        )
