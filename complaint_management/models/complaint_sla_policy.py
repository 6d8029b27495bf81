from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.sla_fold import promise
from .complaint_triage_mixin import PRIORITIES

CLOCK_KINDS = [
    ("acknowledge", "Acknowledge"),
    ("respond", "First response"),
    ("resolve", "Resolution"),
    ("update", "Keep informed"),
]
# States of a clock that still counts, or will again.
OPEN_STATES = ("running", "paused")


class ComplaintSlaPolicy(models.Model):
    """One cell of the promise matrix: category × priority × segment × company."""

    _name = "complaint.sla.policy"
    _description = "SLA Policy"
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
        [
            ("clock_hours", "Clock hours"),
            ("business_hours", "Business hours"),
            ("business_days", "Business days"),
        ],
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
    def _compute_name(self):
        priorities = dict(self._fields["priority"]._description_selection(self.env))
        for policy in self:
            parts = [
                policy.category_id.display_name,
                priorities.get(policy.priority),
                policy.segment_id.display_name,
            ]
            policy.name = " · ".join(filter(None, parts)) or self.env._("Any case")

    @api.constrains("unit", "acknowledge", "respond", "resolve", "update_every")
    def _check_whole_days(self):
        for policy in self.filtered(lambda p: p.unit == "business_days"):
            targets = [policy._get_target(kind) for kind, __ in CLOCK_KINDS]
            if any(target != int(target) for target in targets):
                raise ValidationError(
                    self.env._(
                        "“%s” counts in business days: use whole days, or business "
                        "hours for shorter times.",
                        policy.name,
                    )
                )

    @api.model
    def _match_all(self, keys):
        """Find the policy of many hosts at once.

        :param keys: iterable of (company, category, priority, segment)
        :return: {key: policy record, maybe empty}; the most specific line wins
        """
        policies = self.search_fetch([], self._get_match_fields())
        return {key: policies._match(*key) for key in set(keys)}

    @api.model
    def _get_match_fields(self):
        """Return what finding a policy and starting its clocks reads, so that it is
        read with the search."""
        return [
            *("company_id", "category_id", "priority", "segment_id", "sequence"),
            *("unit", "acknowledge", "respond", "resolve", "update_every"),
            "calendar_id",
        ]

    def _match(self, company, category, priority, segment):
        """Return the most specific of these policies for one combination."""
        ancestors = category._get_ancestor_ids() if category else []
        fitting = self.filtered(
            lambda policy: (
                policy.company_id.id in (False, company.id)
                and policy.category_id.id in (False, *ancestors)
                and policy.priority in (False, priority)
                and policy.segment_id.id in (False, segment.id)
            )
        )
        return fitting.sorted(lambda p: p._get_specificity(ancestors), reverse=True)[:1]

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

    def _get_target(self, kind):
        """Return what is promised for ``kind``, in the unit of the line."""
        return self["update_every" if kind == "update" else kind]

    @api.model
    def _get_deadline(self, start, target, unit, calendar):
        """Return the moment (naive UTC) at which a promise without pauses ends.

        :param datetime start: naive UTC
        :param float target: hours or days, see ``unit``
        :param calendar: resource.calendar in whose hours business time counts
        """
        hours = None if unit == "clock_hours" else calendar._get_business_time()
        return promise(start, target, unit, hours)
