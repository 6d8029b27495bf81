from odoo import fields, models

COST_CATEGORIES = [
    ("internal_failure", "Internal failure"),
    ("external_failure", "External failure"),
    ("appraisal", "Appraisal"),
    ("prevention", "Prevention"),
]
UNIT_KINDS = [
    ("quantity", "Quantity × unit cost"),
    ("hours", "Hours × rate"),
    ("amount", "One amount"),
]


class ComplaintCostType(models.Model):
    """A kind of cost, and where it stands among the costs of quality.

    The four categories are those of the cost of poor quality (PAF model: prevention,
    appraisal, and failure before or after delivery).
    """

    _name = "complaint.cost.type"
    _description = "Cost Type"
    _inherit = ["complaint.company.mixin"]
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Technical name for imports, never translated.")
    category = fields.Selection(
        COST_CATEGORIES,
        required=True,
        default="external_failure",
        help="Internal failure: found before delivery (scrap, rework). External "
        "failure: found by the customer (replacement, compensation). Appraisal: "
        "inspections and tests. Prevention: what keeps failures from happening.",
    )
    unit_kind = fields.Selection(
        UNIT_KINDS, "Counted as", required=True, default="quantity"
    )
    default_rate = fields.Float(
        "Usual unit cost or rate",
        digits=(16, 4),
        help="Proposed for new lines: what one piece, one hour or the whole usually "
        "costs. 0: nothing is proposed.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
        help="Currency of the usual cost. Empty: that of the company of the case.",
    )
    is_compensation = fields.Boolean(
        "Goes to the customer",
        help="Counts as compensation paid on the customer: money, discounts, gifts.",
    )
    account_hint = fields.Char(
        "Ledger account",
        help="Where accounting books it. Only a note for the accountants.",
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "This cost type code exists already.",
    )
    _default_rate_positive = models.Constraint(
        "CHECK(default_rate >= 0)", "The usual cost can't be negative."
    )
    _rate_has_currency = models.Constraint(
        "CHECK(currency_id IS NOT NULL OR COALESCE(default_rate, 0) = 0)",
        "Choose the currency of the usual cost.",
    )
