from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.nps import PASSIVE_FROM, PROMOTER_FROM
from .complaint_legal_scan_mixin import LegalText

SATISFACTION = [
    ("1", "1 – very dissatisfied"),
    ("2", "2 – dissatisfied"),
    ("3", "3 – neither"),
    ("4", "4 – satisfied"),
    ("5", "5 – very satisfied"),
]
# Customer Effort Score 2.0: agreement with "the company made it easy for me".
EFFORT = [
    ("1", "1 – strongly disagree"),
    ("2", "2 – disagree"),
    ("3", "3 – rather disagree"),
    ("4", "4 – neither"),
    ("5", "5 – rather agree"),
    ("6", "6 – agree"),
    ("7", "7 – strongly agree"),
]
NPS_GROUPS = [
    ("promoter", "Promoter"),
    ("passive", "Passive"),
    ("detractor", "Detractor"),
]
FEEDBACK_WAYS = [
    ("phone", "By phone"),
    ("in_person", "In person"),
    ("letter", "By letter"),
    ("mail", "By mail"),
]


def nps_group(score):
    """Return the group of an answer from 0 to 10."""
    if score >= PROMOTER_FROM:
        return "promoter"
    return "passive" if score >= PASSIVE_FROM else "detractor"


class ComplaintFeedback(models.Model):
    """What one person thinks of how their complaint was handled.

    One answer a case and person counts. An answer never changes: a correction is a new
    one that takes the place of the old one (``replaces_id``).
    """

    _name = "complaint.feedback"
    _description = "Feedback"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.guard.mixin",
        "complaint.case.part.mixin",
        "complaint.feedback.action.mixin",
    ]
    _order = "answered_at desc, id desc"
    _rec_name = "case_id"
    # Written by ``complaint.case._register_feedback`` only.
    _guarded_fields = (
        "case_id",
        "partner_id",
        "nps_score",
        "satisfaction",
        "effort",
        "comment",
        "way",
        "answered_at",
        "entered_by_id",
        "replaces_id",
    )
    # Merging cases and contacts may move an answer; what was said never changes.
    _frozen_fields = (
        "nps_score",
        "satisfaction",
        "effort",
        "comment",
        "way",
        "answered_at",
        "entered_by_id",
    )

    partner_id = fields.Many2one(
        "res.partner",
        "Who answered",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: the person behind an anonymous complaint.",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        related="partner_id.commercial_partner_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    nps_score = fields.Integer(
        "Recommendation (0–10)",
        required=True,
        readonly=True,
        aggregator="avg",
        help="How likely they are to recommend the company. 9 and 10: promoter, 7 and "
        "8: passive, 0 to 6: detractor.",
    )
    nps_group = fields.Selection(
        NPS_GROUPS, "Promoter or detractor", compute="_compute_nps_group", store=True
    )
    satisfaction = fields.Selection(
        SATISFACTION, "Satisfaction (1–5)", readonly=True, help="5 is best."
    )
    effort = fields.Selection(
        EFFORT,
        "Ease (1–7)",
        readonly=True,
        help="“The company made it easy for me to settle my complaint.” 1: strongly "
        "disagree, 7: strongly agree (Customer Effort Score 2.0).",
    )
    comment = fields.Text("In the customer's words", readonly=True)
    way = fields.Selection(
        FEEDBACK_WAYS, "How it came", required=True, readonly=True, default="phone"
    )
    answered_at = fields.Datetime(
        "Answered on", required=True, readonly=True, index=True
    )
    entered_by_id = fields.Many2one(
        "res.users", "Entered by", readonly=True, ondelete="restrict"
    )
    replaces_id = fields.Many2one(
        "complaint.feedback",
        "Corrects",
        readonly=True,
        ondelete="restrict",
    )
    replaced_by_ids = fields.One2many(
        "complaint.feedback", "replaces_id", "Corrected by", readonly=True
    )
    is_current = fields.Boolean("Counts", compute="_compute_is_current", store=True)

    _score_range = models.Constraint(
        "CHECK(nps_score BETWEEN 0 AND 10)", "A recommendation is from 0 to 10."
    )
    # One first answer, and each is corrected once: so one counts, at any time.
    _person_unique = models.UniqueIndex(
        "(case_id, COALESCE(partner_id, 0)) WHERE replaces_id IS NULL",
        "This person has answered already.",
    )
    _correction_unique = models.UniqueIndex(
        "(replaces_id) WHERE replaces_id IS NOT NULL",
        "This answer has been corrected already.",
    )

    @api.depends("nps_score")
    def _compute_nps_group(self):
        for answer in self:
            answer.nps_group = nps_group(answer.nps_score)

    @api.depends("replaced_by_ids")
    def _compute_is_current(self):
        for answer in self:
            answer.is_current = not answer.replaced_by_ids

    @api.constrains("answered_at")
    def _check_answered_at(self):
        latest = fields.Datetime.add(fields.Datetime.now(), minutes=5)
        for answer in self:
            if answer.answered_at > latest:
                raise ValidationError(self.env._("An answer can't be from the future."))

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        for vals in vals_list:
            # 0 is the worst answer, so it is never what was left out.
            score = vals.get("nps_score")
            if score is None or isinstance(score, bool):
                raise ValidationError(
                    self.env._("Choose how likely they are to recommend us, 0 to 10.")
                )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_guarded(name for name in self._guarded_fields if name in vals)
        if any(name in vals for name in self._frozen_fields):
            raise UserError(
                self.env._("An answer never changes. Enter the corrected one instead.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("The answer of a customer is never deleted."))

    # -- words and persons ---------------------------------------------------------
    def _get_legal_texts(self):
        """Return [LegalText, …] of what was said here."""
        return [
            LegalText("feedback", answer.comment, feedback_id=answer.id)
            for answer in self
            if (answer.comment or "").strip()
        ]

    def _keep_latest(self):
        """These turn out to be of one person on one case (superuser): the latest
        counts and takes the place of the one before; none is lost."""
        current = self.filtered("is_current")
        current = current.sorted(lambda answer: (answer.answered_at, answer.id))
        for old, new in pairwise(current):
            first = new
            while first.replaces_id:
                first = first.replaces_id
            first.replaces_id = old
