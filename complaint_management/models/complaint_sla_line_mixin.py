import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.business_time import NoBusinessTime
from ..tools.sla_fold import promise
from .complaint_triage_mixin import PRIORITIES

_logger = logging.getLogger(__name__)

UNITS = [
    ("clock_hours", "Clock hours"),
    ("business_hours", "Business hours"),
    ("business_days", "Business days"),
]
# Field of the line by kind of clock.
TARGET_FIELDS = {
    "acknowledge": "acknowledge",
    "respond": "respond",
    "resolve": "resolve",
    "update": "update_every",
}
# Ten years: more is a slip of the keyboard, and must not keep a complaint out.
LONGEST = {"clock_hours": 87_600, "business_hours": 87_600, "business_days": 3_650}


class ComplaintSlaLineMixin(models.AbstractModel):
    """One line of a matrix of promises, and the rule which line counts.

    The matrix that holds (``complaint.sla.policy``) and drafts of another one answer
    with the same rule: the most specific line wins.
    """

    _name = "complaint.sla.line.mixin"
    _description = "Line of a Matrix of Promises"
    _inherit = ["complaint.company.mixin"]

    name = fields.Char(compute="_compute_name")
    category_id = fields.Many2one(
        "complaint.category",
        index="btree_not_null",
        check_company=True,
        help="Counts for all its sub-categories. Empty: any category.",
    )
    priority = fields.Selection(PRIORITIES, help="Empty: any priority.")
    segment_id = fields.Many2one(
        "complaint.segment",
        index="btree_not_null",
        check_company=True,
        help="Empty: any customer segment.",
    )
    unit = fields.Selection(
        UNITS,
        required=True,
        default="business_hours",
        help="Clock hours also run at night and on holidays.",
    )
    acknowledge = fields.Float(help="In the unit of the line. 0: no promise.")
    respond = fields.Float(
        "First response", help="In the unit of the line. 0: no promise."
    )
    resolve = fields.Float("Resolution", help="In the unit of the line. 0: no promise.")
    update_every = fields.Float(
        "Keep informed every", help="In the unit of the line. 0: no promise."
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours",
        check_company=True,
        help="Empty: working hours of the team, else of the company.",
    )

    _targets_positive = models.Constraint(
        "CHECK(LEAST(acknowledge, respond, resolve, update_every) >= 0)",
        "A promised time can't be negative.",
    )

    @api.depends("category_id", "priority", "segment_id")
    @api.depends_context("lang")
    def _compute_name(self):
        priorities = dict(self._fields["priority"]._description_selection(self.env))
        for line in self:
            parts = [
                line.category_id.display_name,
                priorities.get(line.priority),
                line.segment_id.display_name,
            ]
            line.name = " · ".join(filter(None, parts)) or self.env._("Any case")

    @api.constrains("unit", *TARGET_FIELDS.values())
    def _check_targets(self):
        for line in self:
            targets = [line[name] for name in TARGET_FIELDS.values()]
            if line.unit == "business_days" and any(t != int(t) for t in targets):
                raise ValidationError(
                    self.env._(
                        "“%s” counts in business days: use whole days, or business "
                        "hours for shorter times.",
                        line.name,
                    )
                )
            if max(targets) > LONGEST[line.unit]:
                raise ValidationError(
                    self.env._("“%s” promises more than ten years.", line.name)
                )

    # -- which line counts -------------------------------------------------------
    @api.model
    def _get_match_fields(self):
        """Return what finding a line and starting its clocks reads, so that it is
        read with the search."""
        return [
            *("company_id", "category_id", "priority", "segment_id", "sequence"),
            *("unit", *TARGET_FIELDS.values()),
            "calendar_id",
        ]

    def _match_keys(self, keys):
        """Find the line of many hosts at once.

        :param keys: iterable of (company, category, priority, segment)
        :return: {key: line of self, maybe empty}; the most specific line wins
        """
        return {key: self._match(*key) for key in set(keys)}

    def _match(self, company, category, priority, segment):
        """Return the most specific of these lines for one combination."""
        ancestors = category._get_ancestor_ids() if category else []
        fitting = self.filtered(
            lambda line: (
                line.company_id.id in (False, company.id)
                and line.category_id.id in (False, *ancestors)
                and line.priority in (False, priority)
                and line.segment_id.id in (False, segment.id)
            )
        )
        return fitting.sorted(
            lambda line: line._get_specificity(ancestors), reverse=True
        )[:1]

    def _get_specificity(self, ancestors):
        """Return a tuple that sorts general lines before specific ones."""
        depth = (
            ancestors.index(self.category_id.id) + 1
            if self.category_id.id in ancestors
            else 0
        )
        return (
            depth,
            bool(self.priority),
            bool(self.segment_id),
            bool(self.company_id),
            -self.sequence,
            -self.id,
        )

    def _explain(self, company, category, priority, segment):
        """Return in words why this line counts for one combination, or that none
        does."""
        if not self:
            return self.env._("No line of the matrix fits: nothing is promised.")
        priorities = dict(self._fields["priority"]._description_selection(self.env))
        parts = [
            self._explain_category(category),
            self.env._("priority %s", priorities[self.priority])
            if self.priority
            else self.env._("any priority"),
            self.env._("segment %s", self.segment_id.name)
            if self.segment_id
            else self.env._("any segment"),
            self.env._("company %s", self.company_id.name)
            if self.company_id
            else self.env._("any company"),
        ]
        return ", ".join(parts)

    def _explain_category(self, category):
        if not self.category_id:
            return self.env._("Any category")
        above = category._get_ancestor_ids()[:-1] if category else []
        if self.category_id.id in above:
            return self.env._(
                "Category %(line)s (nearest above %(category)s)",
                line=self.category_id.name,
                category=category.name,
            )
        return self.env._("Category %s", self.category_id.name)

    def _get_target(self, kind):
        """Return what is promised for ``kind``, in the unit of the line."""
        return self[TARGET_FIELDS[kind]]

    @api.model
    def _make_countable(self, unit, target, start, get_version):
        """Return (unit, target, HoursVersion or None) in which a promise counts.

        :param datetime start: naive UTC
        :param get_version: function that returns the HoursVersion, asked for business
            time only; working hours that can't be used must not keep a complaint out,
            so clock time counts instead
        """
        if unit == "clock_hours":
            return unit, target, None
        try:
            version = get_version()
            promise(start, target, unit, version.time)
        except (NoBusinessTime, ValueError) as error:
            _logger.info("A promise from %s counts clock time: %s", start, error)
            days = unit == "business_days"
            return "clock_hours", target * 24 if days else target, None
        return unit, target, version
