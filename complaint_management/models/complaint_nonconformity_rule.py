from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

from .complaint_assessment_mixin import RISK_LEVELS
from .complaint_priority_rule import PREVIEW_LIMIT
from .complaint_stage import PHASES
from .complaint_triage_mixin import PRIORITIES

JUDGEMENTS = [
    ("justified", "Justified"),
    ("any", "Justified or partly justified"),
]
# Cases that are looked at in one transaction, when a rule goes over the open ones.
OPEN_BATCH = 200
FITTING_JUDGEMENTS = {"justified": ("justified",), "any": ("justified", "partly")}


class ComplaintNonconformityRule(models.Model):
    """Which cases become a nonconformity by themselves, once all conditions hold."""

    _name = "complaint.nonconformity.rule"
    _description = "Rule for Nonconformities"
    _inherit = [
        "complaint.guard.mixin",
        "complaint.condition.mixin",
        "complaint.company.mixin",
        "complaint.cached.mixin",
    ]
    _guarded_fields = ("is_applying", "applied_up_to")
    _condition_fields = (
        *("priority", "validity", "phase", "risk_level", "is_legal_risk"),
        *("category_ids", "error_type_ids"),
    )

    name = fields.Char(required=True, translate=True)
    priority = fields.Selection(PRIORITIES, "Priority at least")
    validity = fields.Selection(
        JUDGEMENTS,
        "Judgement",
        help="“Not justified” never becomes a nonconformity by a rule.",
    )
    phase = fields.Selection(
        PHASES, "Has reached", help="The complaint is at this step or a later one."
    )
    risk_level = fields.Selection(
        RISK_LEVELS, "Risk", help="Result of the first assessment."
    )
    is_legal_risk = fields.Boolean("Only with a legal risk")
    category_ids = fields.Many2many(
        "complaint.category",
        string="Categories",
        check_company=True,
        help="Sub-categories count too.",
    )
    error_type_ids = fields.Many2many(
        "complaint.error.type",
        string="Error types",
        check_company=True,
        help="Sub-types count too.",
    )
    open_count = fields.Integer(
        "Open complaints that fit",
        compute="_compute_open_count",
        help="Open complaints of all teams that fit now, have no nonconformity and "
        "don't wait for one.",
    )
    is_applying = fields.Boolean(
        "Goes over the open complaints", readonly=True, copy=False
    )
    applied_up_to = fields.Integer(readonly=True, copy=False)

    @api.depends(
        *("priority", "validity", "phase", "risk_level", "is_legal_risk"),
        *("category_ids", "error_type_ids", "domain", "company_id"),
    )
    def _compute_open_count(self):
        """One count for one rule: its form asks for it, lists don't."""
        # sudo: only a number; a rule moves on cases of all teams
        cases = self.env["complaint.case"].sudo()
        for rule in self:
            usable = rule._has_condition() and not rule.is_broken
            domain = rule._get_open_domain() if usable else Domain.FALSE
            rule.open_count = cases.search_count(domain)

    def _get_no_condition_message(self):
        return self.env._(
            "“%s” has no condition, so every complaint would become a nonconformity. "
            "Name at least one.",
            self.name,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: cases of all teams count
        cases = self.env["complaint.case"].sudo().with_context(active_test=False)
        if cases.search_count([("nonconformity_rule_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Complaints were moved on by this rule. Archive it instead; then "
                    "it moves no more."
                )
            )

    # -- deciding ------------------------------------------------------------------
    @api.model
    @tools.ormcache()
    def _get_rule_ids(self):
        """Return the ids of the active rules in their order: every change of a case
        asks for them, and most companies have none."""
        # sudo: the rules decide for everybody
        return tuple(self.sudo().search([("active", "=", True)]).ids)

    @api.model
    def _match_all(self, cases):
        """Return {case: first rule that fits}, with no query a case.

        :param cases: complaint.case as superuser
        """
        found = {}
        # sudo: the rules decide by all facts, whoever changed the case
        for rule in self.sudo().browse(self._get_rule_ids()):
            fitting = cases.filtered(
                lambda case, rule=rule: case not in found and rule._fits(case)
            )
            for case in self._filter_by_domain(rule.domain, fitting):
                found[case] = rule
        return found

    def _fits(self, case):
        """Tell whether a case has what this rule asks for, but for its domain."""
        order = [code for code, __ in PHASES]
        judged = FITTING_JUDGEMENTS.get(self.validity)
        return (
            (not self.company_id or self.company_id == case.company_id)
            and (not self.priority or case.priority >= self.priority)
            and (not judged or case.validity in judged)
            and case.validity != "not_justified"
            and (not self.phase or order.index(case.phase) >= order.index(self.phase))
            and (not self.risk_level or case.risk_level == self.risk_level)
            and (not self.is_legal_risk or case.is_legal_risk)
            and self._is_in_tree(case.category_id, self.category_ids)
            and self._is_in_tree(case.error_type_id, self.error_type_ids)
        )

    @api.model
    def _is_in_tree(self, node, wanted):
        path = (node.parent_path or "").split("/")
        return not wanted or any(str(id_) in path for id_ in wanted.ids)

    # -- the open cases ------------------------------------------------------------
    def _get_open_domain(self):
        """Return the open cases that this rule would move on: the conditions of
        :meth:`_fits` as a domain."""
        self.ensure_one()
        order = [code for code, __ in PHASES]
        wanted = {
            "priority": self.priority
            and [code for code, __ in PRIORITIES if code >= self.priority],
            "validity": FITTING_JUDGEMENTS.get(self.validity),
            "phase": self.phase and order[order.index(self.phase) :],
            "risk_level": self.risk_level and [self.risk_level],
            "is_legal_risk": self.is_legal_risk and [True],
            "company_id": self.company_id.ids,
        }
        domain = Domain(
            [
                ("is_open", "=", True),
                ("validity", "!=", "not_justified"),
                ("nonconformity_move", "=", False),
                ("merged_into_id", "=", False),
                ("nonconformity_ids", "=", False),
            ]
        )
        for name, values in wanted.items():
            if values:
                domain &= Domain(name, "in", list(values))
        for name, nodes in (
            ("category_id", self.category_ids),
            ("error_type_id", self.error_type_ids),
        ):
            if nodes:
                domain &= Domain(name, "child_of", nodes.ids)
        return domain & self._read_domain(self.domain)

    def action_apply_to_open(self):
        """Let a manager move on the open cases too that fit and that nobody touches; a
        scheduled action goes over them, a batch each time."""
        self.ensure_one()
        self.check_access("write")
        if self.is_broken or not self.active:
            raise UserError(
                self.env._("“%s” is switched off or broken: mend it first.", self.name)
            )
        # sudo: guarded; the right was checked above
        self.sudo().write({"is_applying": True, "applied_up_to": 0})
        self.env["ir.cron"]._wake_complaint_job("nonconformity")

    @api.model
    def _apply_to_open(self):
        """Queue the next open cases of each rule that somebody applies to them
        (superuser). Who is queued already isn't found again.

        :return: whether there may be more
        """
        rules = self.search([("is_applying", "=", True)])
        for rule in rules.try_lock_for_update(allow_referencing=True):
            cases = self.env["complaint.case"]
            if not rule.is_broken:
                beyond = Domain("id", ">", rule.applied_up_to)
                domain = rule._get_open_domain() & beyond
                cases = cases.search(domain, limit=OPEN_BATCH, order="id")
            cases._queue_nonconformities()
            rule.write(
                {
                    "is_applying": len(cases) == OPEN_BATCH,
                    "applied_up_to": cases[-1:].id or 0,
                }
            )
        return any(rules.mapped("is_applying"))

    def action_open_matching(self):
        """Show the open cases that the rule fits now."""
        self.ensure_one()
        if self.is_broken:
            raise UserError(self.env._("Mend the conditions first."))
        cases = self.env["complaint.case"].search(
            [("is_open", "=", True)], limit=PREVIEW_LIMIT, order="id desc"
        )
        fitting = cases.filtered(self._fits)
        fitting = self._filter_by_domain(self.domain, fitting)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        return {**action, "domain": [("id", "in", fitting.ids)], "context": {}}
