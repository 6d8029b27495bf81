from odoo import api, fields, models

from ..models.complaint_feedback import EFFORT, FEEDBACK_WAYS, SATISFACTION

SCORES = [(str(score), str(score)) for score in range(11)]


class ComplaintFeedbackEnter(models.TransientModel):
    """A colleague asks, and types in what the customer says."""

    _name = "complaint.feedback.enter"
    _description = "Feedback of a Customer"

    case_id = fields.Many2one("complaint.case", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Who answers",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
    )
    previous_id = fields.Many2one(
        "complaint.feedback", compute="_compute_previous_id", string="Earlier answer"
    )
    way = fields.Selection(FEEDBACK_WAYS, "How it came", required=True, default="phone")
    answered_at = fields.Datetime(
        "Answered on", required=True, default=fields.Datetime.now
    )
    score = fields.Selection(
        SCORES,
        "How likely are you to recommend us? (0–10)",
        required=True,
        help="0: not at all likely, 10: extremely likely.",
    )
    satisfaction = fields.Selection(
        SATISFACTION, "How satisfied are you with how we handled your complaint? (1–5)"
    )
    effort = fields.Selection(
        EFFORT, "“The company made it easy for me to settle my complaint.” (1–7)"
    )
    comment = fields.Text("In their words")

    @api.depends("case_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard.case_id.partner_id

    @api.depends("case_id", "partner_id")
    def _compute_previous_id(self):
        for wizard in self:
            wizard.previous_id = wizard.case_id.feedback_ids.filtered(
                lambda one, partner=wizard.partner_id: (
                    one.is_current and one.partner_id == partner
                )
            )[:1]

    def action_save(self):
        self.ensure_one()
        self.case_id._check_may_give_feedback()
        self.case_id._register_feedback(
            {
                "partner_id": self.partner_id.id,
                "nps_score": int(self.score),
                "satisfaction": self.satisfaction,
                "effort": self.effort,
                "comment": self.comment,
                "way": self.way,
                "answered_at": self.answered_at,
            }
        )
