from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class ComplaintResponseSend(models.TransientModel):
    """Chooses one of the approved answers, shows it as the customer will read it, and
    sends it as it is."""

    _name = "complaint.response.send"
    _description = "Send an Approved Answer"

    case_id = fields.Many2one("complaint.case", "Complaint", required=True)
    allowed_template_ids = fields.Many2many(
        "complaint.response.template", compute="_compute_allowed_template_ids"
    )
    template_id = fields.Many2one(
        "complaint.response.template",
        "Answer",
        domain="[('id', 'in', allowed_template_ids)]",
    )
    subject = fields.Char(compute="_compute_preview")
    body = fields.Html(compute="_compute_preview", sanitize=False)
    customer_hint = fields.Char(related="case_id.customer_hint")

    @api.depends("case_id")
    def _compute_allowed_template_ids(self):
        templates = self.env["complaint.response.template"]
        for wizard in self:
            wizard.allowed_template_ids = templates._get_usable_for(wizard.case_id)

    @api.depends("template_id", "case_id")
    def _compute_preview(self):
        for wizard in self:
            subject, body = ("", "")
            if wizard.template_id and wizard.case_id:
                subject, body = wizard.template_id._render_for(wizard.case_id)
            language = self.env["res.lang"]._get_data(code=wizard.template_id.lang)
            wizard.subject = subject
            wizard.body = Markup('<div dir="%s">%s</div>') % (
                language.direction or "ltr",
                Markup(body),
            )

    def action_send(self):
        self.ensure_one()
        case, template = self.case_id, self.template_id
        case.check_access("write")
        if not template or template not in self.allowed_template_ids:
            raise UserError(self.env._("Choose one of the approved answers."))
        if not case._get_customer_address():
            raise UserError(
                self.env._("%s has no mail address of the customer.", case.display_name)
            )
        subject, body = template._render_for(case)
        case.message_post(
            subject=subject,
            body=Markup(body),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=case.partner_id.ids,
            outgoing_email_to=False if case.partner_id else case.email_from,
            email_layout_xmlid="mail.mail_notification_light",
            email_add_signature=False,
        )
        case._journal_log("approved_answer_sent", note=template.display_name)
        if template.purpose == "decision" and not case.decision_sent_at:
            case._note_decision_told("message", template.display_name)
