from odoo import api, fields, models

from ..tools import risk_score

SEVERITY_ANSWERS = [
    ("0", "Minor"),
    ("1", "Moderate"),
    ("2", "Serious"),
    ("3", "Very serious"),
]
SAFETY_ANSWERS = [
    ("0", "No danger"),
    ("1", "Danger can't be excluded"),
    ("2", "Danger to people"),
    ("3", "Somebody came to harm"),
]
COMPLEXITY_ANSWERS = [
    ("0", "One person can solve it"),
    ("1", "Several people of a team"),
    ("2", "Several departments"),
    ("3", "Help from outside is needed"),
]
IMPACT_ANSWERS = [
    ("0", "One customer, once"),
    ("1", "A few customers, or one again"),
    ("2", "Many customers, or a whole lot"),
    ("3", "The public"),
]
URGENCY_ANSWERS = [
    ("0", "Nothing at once"),
    ("1", "Within days"),
    ("2", "Today"),
    ("3", "At once"),
]
RISK_LEVELS = [("low", "Low"), ("medium", "Medium"), ("high", "High")]
QUESTIONS = {
    "severity": "assess_severity",
    "safety": "assess_safety",
    "complexity": "assess_complexity",
    "impact": "assess_impact",
    "urgency": "assess_urgency",
}


class ComplaintAssessmentMixin(models.AbstractModel):
    """How bad it is (ISO 10002 7.5): five questions and the risk that follows from
    the answers by the table of ``tools/risk_score``."""

    _name = "complaint.assessment.mixin"
    _description = "Initial Assessment"
    _guarded_fields = ("risk_score", "risk_level", "assessed_by_id", "assessed_at")
    _journal_fields = tuple(QUESTIONS.values())
    _birth_fields = _journal_fields

    assess_severity = fields.Selection(
        SEVERITY_ANSWERS,
        "How bad is it for the customer?",
        help="Minor: a nuisance. Moderate: the product or service can be used, with "
        "trouble. Serious: it can't be used. Very serious: lasting damage or a large "
        "loss.",
    )
    assess_safety = fields.Selection(
        SAFETY_ANSWERS,
        "Is anybody in danger?",
        help="Health and safety of people: injury, illness, fire, electric shock. "
        "Danger to people makes the risk high, whatever the other answers are.",
    )
    assess_complexity = fields.Selection(
        COMPLEXITY_ANSWERS,
        "How difficult is it to solve?",
        help="From outside: a supplier, a laboratory, an authority.",
    )
    assess_impact = fields.Selection(
        IMPACT_ANSWERS,
        "Who is affected?",
        help="Think of the same lot, the same order, the same service on the same day.",
    )
    assess_urgency = fields.Selection(
        URGENCY_ANSWERS,
        "Must something be done at once?",
        help="Stop deliveries, warn customers, secure goods or evidence, replace.",
    )
    risk_score = fields.Integer(
        "Risk score",
        compute="_compute_risk",
        store=True,
        precompute=True,
        aggregator="avg",
        help="0 to 100, from the five answers: danger counts 4 times, severity 3 "
        "times, impact and urgency twice, difficulty once.",
    )
    risk_level = fields.Selection(
        RISK_LEVELS,
        "Risk",
        compute="_compute_risk",
        store=True,
        precompute=True,
        help="Low: score below 30. Medium: 30 to 59, or action needed at once. High: "
        "60 and more, or danger to people.",
    )
    assessed_by_id = fields.Many2one(
        "res.users", "Assessed by", readonly=True, copy=False
    )
    assessed_at = fields.Datetime("Assessed on", readonly=True, copy=False)

    @api.depends(*QUESTIONS.values())
    def _compute_risk(self):
        names = list(QUESTIONS.values())
        given = self.grouped(lambda case: tuple(case[name] for name in names))
        for values, cases in given.items():
            answers = {
                question: int(value) if value else None
                for question, value in zip(QUESTIONS, values, strict=True)
            }
            cases.risk_score, cases.risk_level = risk_score.assess(answers)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if any(vals.get(name) for name in QUESTIONS.values()):
                vals.update(self._prepare_assessed_vals())
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & set(QUESTIONS.values()):
            vals = {**vals, **self._prepare_assessed_vals()}
        return super().write(vals)

    def _prepare_assessed_vals(self):
        """Return who answered and when."""
        return {
            "assessed_by_id": self.env.uid,
            "assessed_at": fields.Datetime.now(),
        }

    def _is_assessed(self):
        """Tell whether all five questions are answered."""
        self.ensure_one()
        return all(self[name] for name in QUESTIONS.values())

    def _gate_check_assessed(self):
        return self._is_assessed()
