from odoo import api, fields, models
from odoo.tools import SQL

from ..models.complaint_cost_approval_mixin import COST_STATES
from ..models.complaint_cost_line import COST_BEARERS, COST_KINDS
from ..models.complaint_cost_type import COST_CATEGORIES


class ComplaintCostReport(models.Model):
    """Cost of poor quality: one row a cost line that wasn't refused.

    Who may read a case may read its costs. Values are in the currency of the company,
    each at the exchange rate of its day.
    """

    _name = "complaint.cost.report"
    _description = "Cost of Poor Quality"
    _inherit = ["complaint.case.part.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "complaint.cost.line": [
            *("case_id", "company_id", "company_currency_id", "company_value", "date"),
            *("type_id", "kind", "state", "bearer"),
        ],
        "complaint.cost.type": ["category", "is_compensation"],
        "complaint.case": [
            *("partner_id", "commercial_partner_id", "product_id", "category_id"),
            *("error_type_id", "team_id", "user_id", "segment_id"),
        ],
        "product.product": ["product_tmpl_id"],
    }

    case_id = fields.Many2one(index=False)
    # A column of the query, not a stored copy of what the case has.
    company_id = fields.Many2one(
        "res.company", related=None, precompute=False, index=False, readonly=True
    )
    company_currency_id = fields.Many2one(
        "res.currency", "Company currency", readonly=True
    )
    date = fields.Date(readonly=True)
    type_id = fields.Many2one("complaint.cost.type", readonly=True)
    cost_category = fields.Selection(COST_CATEGORIES, "Kind of cost", readonly=True)
    is_compensation = fields.Boolean("Goes to the customer", readonly=True)
    kind = fields.Selection(COST_KINDS, readonly=True)
    state = fields.Selection(COST_STATES, readonly=True)
    bearer = fields.Selection(COST_BEARERS, "Borne by", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    product_id = fields.Many2one("product.product", "Product variant", readonly=True)
    product_tmpl_id = fields.Many2one("product.template", "Product", readonly=True)
    category_id = fields.Many2one("complaint.category", readonly=True)
    error_type_id = fields.Many2one("complaint.error.type", readonly=True)
    segment_id = fields.Many2one("complaint.segment", readonly=True)
    team_id = fields.Many2one("complaint.team", readonly=True)
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    net_value = fields.Monetary(
        "Net cost",
        currency_field="company_currency_id",
        readonly=True,
        help="Confirmed costs less what was recovered.",
    )
    actual_value = fields.Monetary(
        "Actual", currency_field="company_currency_id", readonly=True
    )
    recovered_value = fields.Monetary(
        "Recovered", currency_field="company_currency_id", readonly=True
    )
    compensation_value = fields.Monetary(
        "Compensation",
        currency_field="company_currency_id",
        readonly=True,
        help="The part of the actual costs that went to the customer.",
    )
    planned_value = fields.Monetary(
        "Planned", currency_field="company_currency_id", readonly=True
    )
    waiting_value = fields.Monetary(
        "Not confirmed yet",
        currency_field="company_currency_id",
        readonly=True,
        help="Drafts and what waits for approval; in no other figure.",
    )

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT %s
              FROM complaint_cost_line line
              JOIN complaint_cost_type type ON type.id = line.type_id
              JOIN complaint_case complaint ON complaint.id = line.case_id
         LEFT JOIN product_product product ON product.id = complaint.product_id
        CROSS JOIN LATERAL (
                   SELECT line.kind = 'actual' AND line.state = 'approved' AS is_actual,
                          line.kind = 'recovered' AND line.state = 'approved'
                              AS is_recovered,
                          CASE line.kind WHEN 'recovered' THEN -line.company_value
                                         ELSE line.company_value END AS signed
                   ) what
             WHERE line.state <> 'rejected'
            """,
            self._select_columns(),
        )

    def _select_columns(self) -> SQL:
        """Hook: return the columns of a row."""
        return SQL(
            """
            line.id, line.case_id, line.company_id, line.company_currency_id,
            line.date, line.type_id, type.category AS cost_category,
            type.is_compensation, line.kind, line.state, line.bearer,
            complaint.commercial_partner_id, complaint.partner_id,
            complaint.product_id, product.product_tmpl_id, complaint.category_id,
            complaint.error_type_id, complaint.segment_id, complaint.team_id,
            complaint.user_id,
            CASE WHEN what.is_actual OR what.is_recovered THEN what.signed ELSE 0 END
                AS net_value,
            CASE WHEN what.is_actual THEN line.company_value ELSE 0 END
                AS actual_value,
            CASE WHEN what.is_recovered THEN line.company_value ELSE 0 END
                AS recovered_value,
            CASE WHEN what.is_actual AND type.is_compensation
                 THEN line.company_value ELSE 0 END AS compensation_value,
            CASE line.kind WHEN 'planned' THEN line.company_value ELSE 0 END
                AS planned_value,
            CASE WHEN line.kind <> 'planned' AND line.state <> 'approved'
                 THEN what.signed ELSE 0 END AS waiting_value
            """
        )

    @api.model
    def _sum_by(self, name, domain, measures):
        """Return [(record, {measure: sum})] of what the user may see, with one query,
        in the currency of their company; what other companies with another currency
        had to pay is converted at today's rate.

        :param str name: many2one field to group by
        :param list measures: names of monetary fields
        """
        if not self.has_access("read"):
            return []
        groups = self._read_group(
            domain,
            [name, "company_currency_id"],
            [f"{measure}:sum" for measure in measures],
        )
        return [
            (
                record,
                {
                    measure: self._to_own_currency(currency, value)
                    for measure, value in zip(measures, values, strict=True)
                },
            )
            for record, currency, *values in groups
        ]

    @api.model
    def _to_own_currency(self, currency, value):
        company = self.env.company
        own = company.currency_id
        if currency == own:
            return value
        return currency._convert(value, own, company, fields.Date.context_today(self))
