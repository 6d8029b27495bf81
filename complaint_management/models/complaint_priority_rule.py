from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.text_fold import fold, word_pattern
from .complaint_assessment_mixin import RISK_LEVELS, SAFETY_ANSWERS
from .complaint_category import ORIGINS
from .complaint_triage_mixin import PRIORITIES

# How many open cases the button of a rule looks at.
PREVIEW_LIMIT = 2000


class Facts(NamedTuple):
    """What rules ask of a case, but for its words."""

    company_id: int
    is_legal_risk: bool
    origin: str
    categories: frozenset
    segment_id: int
    safety: str
    risk_level: str


class RuleData(NamedTuple):
    """What deciding about a case needs of a rule, free of any cursor."""

    id: int
    company_id: int | None
    priority: str
    words: str
    is_legal_risk: bool
    origin: str
    safety: str
    risk_level: str
    domain: str
    category_ids: frozenset
    segment_ids: frozenset


class ComplaintPriorityRule(models.Model):
    """Which priority is proposed for which cases, and the sentence that says why.

    A rule fits when all of its conditions hold. Of the rules that fit, the highest
    priority is proposed.
    """

    _name = "complaint.priority.rule"
    _description = "Priority Rule"
    _inherit = [
        "complaint.condition.mixin",
        "complaint.company.mixin",
        "complaint.cached.mixin",
    ]
    _condition_fields = (
        *("words", "is_legal_risk", "origin", "category_ids", "segment_ids"),
        *("safety", "risk_level"),
    )

    name = fields.Char(required=True, translate=True)
    priority = fields.Selection(
        PRIORITIES, "Proposed priority", required=True, default="2"
    )
    sentence = fields.Char(
        "Reason",
        required=True,
        translate=True,
        help="One sentence that a colleague reads beside the proposed priority.",
    )
    words = fields.Text(
        help="Words in the subject or in the customer's words, separated by commas. "
        "“leak” finds this word only, “leak*” also leaks and leaking. Upper and lower "
        "case don't matter. One of the words is enough."
    )
    is_legal_risk = fields.Boolean(
        "Only with a legal risk", help="The case is marked as a legal risk."
    )
    origin = fields.Selection(ORIGINS)
    category_ids = fields.Many2many(
        "complaint.category",
        string="Categories",
        check_company=True,
        help="Sub-categories count too.",
    )
    segment_ids = fields.Many2many(
        "complaint.segment", string="Customer segments", check_company=True
    )
    safety = fields.Selection(
        SAFETY_ANSWERS,
        "Danger at least",
        help="Answer to the question about danger in the first assessment.",
    )
    risk_level = fields.Selection(
        RISK_LEVELS, "Risk", help="Result of the first assessment."
    )

    # -- configuration -------------------------------------------------------------
    def _is_condition_given(self, name):
        if name == "words":
            return bool(word_pattern(self.words))
        return super()._is_condition_given(name)

    def _get_no_condition_message(self):
        return self.env._(
            "“%s” has no condition, so it would fit every complaint. Name at least "
            "one.",
            self.name,
        )

    # -- deciding --------------------------------------------------------------------
    @api.model
    def _match_all(self, cases):
        """Find the rules that fit each of many cases, with no query a case.

        :return: {case: [RuleData, …]}, highest priority first; of the same priority
            in the order of the rules
        """
        # sudo: the rules decide by all facts, whoever took the case in
        cases = cases.sudo()
        # Cases of a batch are often alike in all but their words.
        alike, texts = cases.grouped(self._get_facts), {}
        found = {case: [] for case in cases}
        for rule in self._get_rules():
            fitting = [
                case.id
                for facts, members in alike.items()
                if self._fits(rule, facts)
                for case in members
                if self._has_words(rule, case, texts)
            ]
            for case in self._filter_by_domain(rule.domain, cases.browse(fitting)):
                found[case].append(rule)
        for fits in found.values():
            fits.sort(key=lambda rule: rule.priority, reverse=True)
        return found

    @api.model
    @tools.ormcache()
    def _get_rules(self):
        """Return the active rules of all companies in their order, read with one
        query: every new case needs them, also right after a restart."""
        self.flush_model()
        return tuple(
            RuleData(
                *row[:2],
                *(value or "" for value in row[2:8]),
                domain=(row[8] or "[]").strip(),
                category_ids=frozenset(row[9]),
                segment_ids=frozenset(row[10]),
            )
            for row in self.env.execute_query(
                SQL(
                    """
                    SELECT rule.id, rule.company_id, rule.priority, rule.words,
                           rule.is_legal_risk, rule.origin, rule.safety,
                           rule.risk_level, rule.domain, %s, %s
                      FROM complaint_priority_rule rule
                     WHERE rule.active
                  ORDER BY rule.sequence, rule.id
                    """,
                    self._get_ids_query("category_ids"),
                    self._get_ids_query("segment_ids"),
                )
            )
        )

    @api.model
    def _get_ids_query(self, name):
        field = self._fields[name]
        return SQL(
            "ARRAY(SELECT %s FROM %s WHERE %s = rule.id)",
            SQL.identifier(field.column2),
            SQL.identifier(field.relation),
            SQL.identifier(field.column1),
        )

    @api.model
    def _get_facts(self, case):
        """Return what the rules ask of a case, but for its words."""
        category = case.category_id
        return Facts(
            company_id=case.company_id.id,
            is_legal_risk=case.is_legal_risk,
            origin=case.origin,
            categories=frozenset(category._get_ancestor_ids() if category else ()),
            segment_id=case.segment_id.id,
            safety=case.assess_safety or "",
            risk_level=case.risk_level,
        )

    @api.model
    def _get_text(self, case):
        """Hook: return the text in which the words are looked for."""
        return f"{case.subject or ''}\n{case.description or ''}"

    @api.model
    def _fits(self, rule, facts):
        """Tell whether a case has what a rule asks for, but for words and domain."""
        return (
            rule.company_id in (None, facts.company_id)
            and (not rule.is_legal_risk or facts.is_legal_risk)
            and rule.origin in ("", facts.origin)
            and (not rule.category_ids or bool(rule.category_ids & facts.categories))
            and (not rule.segment_ids or facts.segment_id in rule.segment_ids)
            and (not rule.safety or facts.safety >= rule.safety)
            and rule.risk_level in ("", facts.risk_level)
        )

    @api.model
    def _has_words(self, rule, case, texts):
        """Tell whether one of the words of a rule stands in the text of a case.

        :param dict texts: {case: folded text}, filled here
        """
        pattern = word_pattern(rule.words)
        if not pattern:
            return True
        if case not in texts:
            texts[case] = fold(self._get_text(case))
        return pattern.search(texts[case]) is not None

    def action_open_matching(self):
        """Show the open cases that the rule fits now."""
        self.ensure_one()
        if self.is_broken:
            raise UserError(self.env._("Mend the conditions first."))
        cases = self.env["complaint.case"].search(
            [("is_open", "=", True)], limit=PREVIEW_LIMIT, order="id desc"
        )
        fitting = [
            case.id
            for case, rules in self._match_all(cases).items()
            if self.id in {rule.id for rule in rules}
        ]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        return {**action, "domain": [("id", "in", fitting)], "context": {}}
