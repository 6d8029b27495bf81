from odoo import api, fields, models
from odoo.exceptions import UserError

PRIORITIES = [
    ("0", "Low"),
    ("1", "Medium"),
    ("2", "High"),
    ("3", "Critical"),
]
CRITICAL = "3"
DEFAULT_PRIORITY = "1"
# Only code that imports this object can set a priority that isn't a person's decision:
# a value in the context of a caller is never this very object.
BY_RULE = object()


class ComplaintTriageMixin(models.AbstractModel):
    """What kind of complaint this is and how urgent.

    Rules propose a priority. A new case takes the proposal; while nobody has decided,
    facts that come later can raise it, never lower it. Who sets another one decides,
    and that stays, whatever rules and facts become; the proposal is shown beside it.
    """

    _name = "complaint.triage.mixin"
    _description = "Complaint Triage"
    _guarded_fields = ("is_priority_decided",)
    _birth_fields = ("is_priority_picked", "is_legal_risk")

    category_id = fields.Many2one(
        "complaint.category",
        tracking=True,
        index="btree_not_null",
        check_company=True,
    )
    origin = fields.Selection(related="category_id.origin", store=True, precompute=True)
    error_type_id = fields.Many2one(
        "complaint.error.type", "Error type", index="btree_not_null", check_company=True
    )
    priority = fields.Selection(
        PRIORITIES,
        compute="_compute_priority",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    priority_proposed = fields.Selection(
        PRIORITIES, "Proposed priority", compute="_compute_priority_proposed"
    )
    priority_reasons = fields.Char(
        "Reasons of the proposal", compute="_compute_priority_reasons"
    )
    is_priority_picked = fields.Boolean(
        "Priority picked",
        store=False,
        help="Somebody picked a priority in the form that isn't saved yet.",
    )
    is_priority_decided = fields.Boolean(
        "Priority decided by a person",
        compute="_compute_is_priority_decided",
        store=True,
        precompute=True,
        copy=False,
        help="Somebody set this priority; rules don't change it any more.",
    )
    segment_id = fields.Many2one(
        "complaint.segment",
        "Customer segment",
        compute="_compute_segment_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )

    # -- computed fields -----------------------------------------------------------
    @api.depends("partner_id")
    def _compute_segment_id(self):
        for case in self:
            partner = case.partner_id
            case.segment_id = (
                partner.complaint_segment_id
                or partner.commercial_partner_id.complaint_segment_id
                or case.segment_id
            )

    @api.depends(lambda self: self._get_priority_facts())
    def _compute_priority_proposed(self):
        found = self.env["complaint.priority.rule"]._match_all(self)
        for case in self:
            rules = found[case.sudo()]
            case.priority_proposed = rules[0].priority if rules else False

    @api.depends("priority_proposed")
    @api.depends_context("lang")
    def _compute_priority_reasons(self):
        found = self.env["complaint.priority.rule"]._match_all(self)
        for case in self:
            ids = [
                rule.id
                for rule in found[case.sudo()]
                if rule.priority == case.priority_proposed
            ]
            rules = self.env["complaint.priority.rule"].sudo().browse(ids)
            # sudo: only the sentences, which are written for the user of the case
            case.priority_reasons = " ".join(rules.mapped("sentence"))

    @api.depends("priority_proposed")
    def _compute_priority(self):
        """A new case takes the proposal; later changes go through :meth:`write`."""
        for case in self:
            if case._origin or case.is_priority_picked:
                case.priority = case.priority or DEFAULT_PRIORITY
            else:
                case.priority = case.priority_proposed or DEFAULT_PRIORITY

    @api.depends()
    def _compute_is_priority_decided(self):
        """Who takes a case in with another priority than proposed has decided."""
        for case in self:
            proposed = case.priority_proposed or DEFAULT_PRIORITY
            case.is_priority_decided = case.priority != proposed

    @api.onchange("priority")
    def _onchange_priority(self):
        if self.priority != (self.priority_proposed or DEFAULT_PRIORITY):
            self.is_priority_picked = True

    @api.model
    def _get_priority_facts(self):
        """Hook: return the fields from which a priority is proposed."""
        return [
            *("subject", "description", "category_id", "is_legal_risk"),
            *("segment_id", "partner_id", "assess_safety", "risk_level", "company_id"),
        ]

    # -- decisions -----------------------------------------------------------------
    def write(self, vals):
        by_rule = self.env.context.get("complaint_priority_by_rule") is BY_RULE
        if "priority" in vals and not by_rule:
            vals = {**vals, "is_priority_decided": True}
        result = super().write(vals)
        if "priority" not in vals and not vals.keys() <= self._get_dull_fields():
            self._raise_priority()
        return result

    @api.model
    def _get_dull_fields(self):
        """Return fields that no rule decides by; writing them asks no rule."""
        return {
            *self._get_guarded_fields(),
            *("user_id", "stage_id", "validity", "validity_reason", "decision"),
            *("message_follower_ids", "activity_ids", "color", "why_ids"),
        } - set(self._get_priority_facts())

    def _raise_priority(self):
        """Follow a proposal that became higher, where no person has decided."""
        waiting = self.filtered(
            lambda case: (
                case.is_open
                and not case.is_priority_decided
                and (case.priority_proposed or "") > case.priority
            )
        )
        groups = waiting.grouped(lambda c: (c.priority_proposed, c.priority_reasons))
        for (priority, reasons), cases in groups.items():
            by_rule = cases.with_context(complaint_priority_by_rule=BY_RULE)
            by_rule.write({"priority": priority})
            cases._journal_log("priority_raised", note=reasons)

    def action_take_priority(self):
        """Decide for the priority that the rules propose."""
        for case in self:
            if not case.priority_proposed:
                raise UserError(
                    self.env._("No rule proposes a priority for %s.", case.display_name)
                )
            case.priority = case.priority_proposed
