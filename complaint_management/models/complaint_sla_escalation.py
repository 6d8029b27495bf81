from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from .complaint_sla_policy import CLOCK_KINDS


class ComplaintSlaEscalation(models.Model):
    """One level: when, who is told, and what else happens."""

    _name = "complaint.sla.escalation"
    _description = "Escalation Level"
    _inherit = ["complaint.company.mixin", "complaint.cached.mixin"]

    name = fields.Char(required=True, translate=True)
    policy_id = fields.Many2one(
        "complaint.sla.policy",
        "Promise",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: for every promise that has no levels of its own.",
    )
    kind = fields.Selection(CLOCK_KINDS, "Clock", help="Empty: every clock.")
    basis = fields.Selection(
        [
            ("share", "% of the time used"),
            ("before", "Hours before the deadline"),
            ("after", "Hours after the deadline"),
        ],
        required=True,
        default="share",
    )
    value = fields.Float(required=True, default=80)
    in_business_time = fields.Boolean(
        "In business time",
        default=True,
        help="Count the hours before or after the deadline in the time in which the "
        "clock counts. Otherwise in clock time.",
    )
    recipient = fields.Selection(
        [
            ("owner", "Owner"),
            ("leader", "Team leader"),
            ("group", "Role"),
            ("user", "Named user"),
        ],
        required=True,
        default="owner",
    )
    group_id = fields.Many2one("res.groups", "Role")
    user_id = fields.Many2one("res.users", domain="[('share', '=', False)]")
    is_activity = fields.Boolean("Activity", default=True)
    is_mail = fields.Boolean("Mail")
    is_new_owner = fields.Boolean(
        "Becomes owner", help="The one who is told takes the case over."
    )

    @api.constrains(
        "basis", "value", "recipient", "group_id", "user_id", "is_new_owner"
    )
    def _check_level(self):
        for level in self:
            if level.value < 0 or (level.basis == "share" and level.value > 100):
                raise ValidationError(
                    self.env._("“%s” is at no possible moment.", level.name)
                )
            lost = (
                level.recipient in ("group", "user")
                and not level[f"{level.recipient}_id"]
            )
            if lost:
                raise ValidationError(self.env._("Say whom “%s” tells.", level.name))
            if level.is_new_owner and level.recipient in ("owner", "group"):
                raise ValidationError(
                    self.env._(
                        "“%s” can hand the case only to the team leader or a "
                        "named user.",
                        level.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reached(self):
        # sudo: whether a level was ever reached, whoever asks
        events = self.env["complaint.sla.event"].sudo()
        reached = events.search([("level_id", "in", self.ids)], limit=1)
        if reached:
            raise UserError(
                self.env._(
                    "“%s” is part of the history of cases. Archive it instead.",
                    reached.level_id.name,
                )
            )

    @tools.ormcache("policy_id", "kind", "company_id")
    def _get_levels(self, policy_id, kind, company_id):
        """Return the (LevelRow, …) of a clock: those of its promise, else the general
        ones."""
        rows = [
            row
            for row in self._load_levels()
            if row.kind in (False, kind) and row.company_id in (False, company_id)
        ]
        own = [row for row in rows if row.policy_id and row.policy_id == policy_id]
        return tuple(own or [row for row in rows if not row.policy_id])

    @tools.ormcache()
    def _load_levels(self):
        # sudo: levels are configuration that every clock obeys
        names = [name for name in LevelRow._fields if not name.endswith("_id")]
        return tuple(
            LevelRow(
                **{name: level[name] for name in names},
                policy_id=level.policy_id.id,
                company_id=level.company_id.id,
            )
            # Kept for everybody, whatever the one who asks first wants to see.
            for level in self.sudo().search_fetch(
                [("active", "=", True)], LevelRow._fields[1:]
            )
        )


class LevelRow(NamedTuple):
    """What the engine needs to know of a level."""

    id: int
    kind: str
    basis: str
    value: float
    in_business_time: bool
    policy_id: int
    company_id: int

    def get_moment(self, fold):
        """Return when this level is due (naive UTC).

        :param fold: tools.sla_fold.Fold of the clock
        """
        if self.basis == "share":
            return (
                fold.deadline if self.value == 100 else fold.at_share(self.value / 100)
            )
        span = timedelta(hours=self.value)
        if self.basis == "after":
            if self.in_business_time:
                return fold.time.add(fold.deadline, span)
            return fold.deadline + span
        if not self.in_business_time:
            return max(fold.deadline - span, fold.started_at)
        total = fold.total
        return fold.at_share(max(1 - span / total, 0) if total else 0)
