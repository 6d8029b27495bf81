from odoo import api, fields, models
from odoo.exceptions import UserError


class ComplaintVerdict(models.TransientModel):
    """What the customer says to the decision, and what follows when they disagree."""

    _name = "complaint.verdict"
    _description = "Customer's Answer to the Decision"

    case_id = fields.Many2one("complaint.case", required=True)
    verdict = fields.Selection(
        [
            ("accepted", "Accepts it"),
            ("disputed", "Disagrees"),
            ("no_answer", "Gave no answer"),
        ],
        required=True,
        default="accepted",
    )
    words = fields.Text("In the customer's words")
    way = fields.Selection(
        [
            ("reopen", "We look at it again"),
            ("external", "It goes to somebody outside"),
        ],
        "What follows",
        default="reopen",
    )
    external_body = fields.Char(
        "To whom", help="Ombudsman, authority, mediator or court."
    )
    external_reference = fields.Char("Their reference")
    external_filed_on = fields.Date(
        "Filed on", default=lambda self: fields.Date.context_today(self)
    )
    recourse_text = fields.Html(compute="_compute_recourse_text")

    @api.depends("case_id")
    def _compute_recourse_text(self):
        for wizard in self:
            wizard.recourse_text = wizard.case_id._get_recourse_text()

    def action_confirm(self):
        self.ensure_one()
        case = self.case_id
        if self.verdict == "disputed" and self.way == "external":
            self._check_external()
        case._register_verdict(self.verdict, self.words)
        if self.verdict != "disputed":
            return
        if self.way == "external":
            case.write(self._prepare_external_vals())
        elif not case.is_open or case.phase == "monitoring":
            case._reopen(self.words)

    def _check_external(self):
        if not (self.external_body or "").strip():
            raise UserError(self.env._("Write down who outside decides about it now."))

    def _prepare_external_vals(self):
        return {
            "external_body": self.external_body,
            "external_reference": self.external_reference,
            "external_filed_on": self.external_filed_on,
            "external_outcome": False,
            "external_closed_on": False,
        }
