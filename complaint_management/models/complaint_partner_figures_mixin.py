from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.nps import nps
from .complaint_feedback import NPS_GROUPS, nps_group


class ComplaintPartnerFiguresMixin(models.AbstractModel):
    """What a customer's complaints have cost and what the customer thinks of us: the
    company and all its contacts, of the cases that the user may see."""

    _name = "complaint.partner.figures.mixin"
    _description = "Figures of a Customer"

    complaint_currency_id = fields.Many2one(
        "res.currency",
        "Currency of the complaint figures",
        compute="_compute_complaint_currency_id",
    )
    complaint_compensation = fields.Monetary(
        "Compensation paid",
        currency_field="complaint_currency_id",
        compute="_compute_complaint_costs",
        help="Confirmed costs of the types that go to the customer, in the currency "
        "of your company.",
    )
    complaint_cost_net = fields.Monetary(
        "Cost of the complaints",
        currency_field="complaint_currency_id",
        compute="_compute_complaint_costs",
        help="Confirmed costs less what was recovered, in your company's currency.",
    )
    complaint_feedback_count = fields.Integer(
        "Number of answers", compute="_compute_complaint_nps"
    )
    complaint_nps = fields.Float(
        "NPS",
        digits=(16, 0),
        compute="_compute_complaint_nps",
        help="Net Promoter Score, -100 to 100: promoters less detractors, in percent.",
    )
    complaint_nps_margin = fields.Float(
        "NPS margin",
        digits=(16, 0),
        compute="_compute_complaint_nps",
        help="Margin of error of the score (95 %), in points.",
    )
    complaint_last_nps = fields.Integer(
        "Last recommendation", compute="_compute_complaint_last_nps"
    )
    complaint_last_nps_at = fields.Datetime(
        "Last asked on", compute="_compute_complaint_last_nps"
    )
    complaint_last_nps_group = fields.Selection(
        NPS_GROUPS, "Promoter or detractor", compute="_compute_complaint_last_nps"
    )

    @api.depends_context("company")
    def _compute_complaint_currency_id(self):
        self.complaint_currency_id = self.env.company.currency_id

    # -- the tree ------------------------------------------------------------------
    def _get_complaint_tree(self):
        """Return all companies and contacts below these and themselves."""
        partners = self.with_context(active_test=False)
        if not self.ids:
            return partners.browse()
        return partners.search_fetch([("id", "child_of", self.ids)], ["parent_id"])

    def _get_complaint_ancestors(self, partner):
        """Return those of self that a contact counts for: it and all above it."""
        found = set()
        while partner:
            found.add(partner.id)
            partner = partner.parent_id
        return [id_ for id_ in self._ids if id_ in found]

    # -- figures -------------------------------------------------------------------
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_complaint_costs(self):
        totals = {partner_id: [0.0, 0.0] for partner_id in self._ids}
        tree = self._get_complaint_tree()
        reports = self.env["complaint.cost.report"]
        measures = ["net_value", "compensation_value"]
        rows = reports._sum_by("partner_id", [("partner_id", "in", tree.ids)], measures)
        for partner, values in rows if tree else ():
            for target in self._get_complaint_ancestors(partner):
                totals[target][0] += values["net_value"]
                totals[target][1] += values["compensation_value"]
        for partner in self:
            net, compensation = totals[partner._ids[0]]
            partner.complaint_cost_net = net
            partner.complaint_compensation = compensation

    @api.model
    def _get_current_feedback(self, tree):
        """Return the answers that count and the domain of those of these contacts."""
        return self.env["complaint.feedback"], [
            ("partner_id", "in", tree.ids),
            ("is_current", "=", True),
        ]

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_complaint_nps(self):
        scores = {partner_id: Counter() for partner_id in self._ids}
        tree = self._get_complaint_tree()
        feedback, domain = self._get_current_feedback(tree)
        if tree and feedback.has_access("read"):
            for partner, score, count in feedback._read_group(
                domain, ["partner_id", "nps_score"], ["__count"]
            ):
                for target in self._get_complaint_ancestors(partner):
                    scores[target][score] += count
        for partner in self:
            result = nps(scores[partner._ids[0]].elements())
            partner.complaint_feedback_count = result.n if result else 0
            partner.complaint_nps = result.score if result else 0.0
            partner.complaint_nps_margin = result.margin if result else 0.0

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_complaint_last_nps(self):
        last = dict.fromkeys(self._ids, (None, 0, False))
        tree = self._get_complaint_tree()
        for partner_id, score, moment in self._read_last_answers(tree):
            for target in self._get_complaint_ancestors(tree.browse(partner_id)):
                if not last[target][0] or last[target][0] < moment:
                    last[target] = (moment, score, nps_group(score))
        for partner in self:
            moment, score, group = last[partner._ids[0]]
            partner.complaint_last_nps = score
            partner.complaint_last_nps_at = moment
            partner.complaint_last_nps_group = group

    def _read_last_answers(self, tree):
        """Return [(partner id, score, moment)], the last answer of each contact, with
        one query."""
        feedback, domain = self._get_current_feedback(tree)
        if not (tree and feedback.has_access("read")):
            return []
        query = feedback._search(domain)
        # By the plain columns: DISTINCT ON takes the first row of each contact.
        query.order = SQL(
            "%(t)s.partner_id, %(t)s.answered_at DESC, %(t)s.id DESC",
            t=SQL.identifier(query.table),
        )
        columns = [
            feedback._field_to_sql(query.table, name, query)
            for name in ("partner_id", "nps_score", "answered_at")
        ]
        return self.env.execute_query(
            query.select(
                SQL("DISTINCT ON (%s) %s, %s, %s", columns[0], *columns),
            )
        )
