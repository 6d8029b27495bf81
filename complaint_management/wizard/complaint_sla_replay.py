import hashlib
import json
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date, split_every

from ..models.complaint_triage_mixin import PRIORITIES
from ..tools.business_time import NoBusinessTime
from .complaint_sla_replay_line import DRAFT_FIELDS

# A run reads this many cases at a time, and refuses more than it can do in a minute.
BATCH = 2000
MOST_CASES = 30_000
# What is read of a case, which has ten times as many fields.
FACTS = (
    *("company_id", "category_id", "priority", "segment_id", "team_id", "phase"),
    *("received_at", "acknowledged_at", "responded_at", "resolved_at"),
)
INPUT_FIELDS = (
    *("date_from", "date_to", "team_ids", "category_ids", "priority"),
    *("calendar_id", "instead_of_ids", "holidays", "holiday_calendar_id"),
)


class ComplaintSlaReplay(models.TransientModel):
    """Past cases under other promises or other working hours (SLA-7)."""

    _name = "complaint.sla.replay"
    _description = "Replay of Promises"
    _inherit = ["complaint.sla.replay.mixin", "complaint.sla.replay.summary.mixin"]
    _transient_max_hours = 24

    date_from = fields.Date(
        "Received from",
        required=True,
        default=lambda self: fields.Date.context_today(self) - timedelta(days=90),
    )
    date_to = fields.Date(
        "Received until", required=True, default=fields.Date.context_today
    )
    team_ids = fields.Many2many("complaint.team", string="Teams", help="Empty: all.")
    category_ids = fields.Many2many(
        "complaint.category",
        string="Categories",
        help="With their sub-categories. Empty: all.",
    )
    priority = fields.Selection(PRIORITIES, help="Empty: any priority.")
    line_ids = fields.One2many(
        "complaint.sla.replay.line",
        "replay_id",
        "Promises",
        default=lambda self: self._default_line_ids(),
    )
    removed_names = fields.Char("Left out", compute="_compute_removed_names")
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Other working hours",
        help="Promises in business time are counted in these. Empty: as they were.",
    )
    instead_of_ids = fields.Many2many(
        "resource.calendar",
        string="Only instead of",
        help="Only promises that were counted in these working hours change. Empty: "
        "all promises in business time.",
    )
    holidays = fields.Selection(
        [
            ("own", "As they are"),
            ("none", "No holidays at all"),
            ("other", "Those of other working hours"),
        ],
        required=True,
        default="own",
    )
    holiday_calendar_id = fields.Many2one("resource.calendar", "Holidays of")
    day_ids = fields.One2many(
        "complaint.sla.replay.day",
        "replay_id",
        "More closed days",
        help="Days on which nobody would have worked.",
    )
    present_digest = fields.Char(
        readonly=True, default=lambda self: self._get_present_digest()
    )
    input_digest = fields.Char(readonly=True, copy=False)
    is_stale = fields.Boolean(compute="_compute_is_stale")

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for replay in self:
            replay.display_name = self.env._(
                "Replay of %(date_from)s to %(date_to)s",
                date_from=format_date(self.env, replay.date_from),
                date_to=format_date(self.env, replay.date_to),
            )

    # -- what is asked -----------------------------------------------------------
    @api.model
    def _search_present(self):
        """Return the lines that hold now, as far as the user may see them."""
        return self.env["complaint.sla.policy"].search(
            self.env["complaint.sla.replay.line"]._get_company_domain()
        )

    def _default_line_ids(self):
        prepare = self.env["complaint.sla.replay.line"]._prepare_draft_vals
        return [Command.create(prepare(policy)) for policy in self._search_present()]

    @api.model
    def _get_present_digest(self):
        """Return a fingerprint of the matrix that holds now."""
        return _digest(self._search_present().read(DRAFT_FIELDS, load=""))

    def _get_input_digest(self):
        """Return a fingerprint of all that a run depends on."""
        self.ensure_one()
        return _digest(
            [
                self.read(INPUT_FIELDS, load=""),
                self.line_ids.read([*DRAFT_FIELDS, "policy_id"], load=""),
                self.day_ids.read(["date", "name"], load=""),
            ]
        )

    @api.depends("input_digest", "line_ids", "day_ids", *INPUT_FIELDS)
    def _compute_is_stale(self):
        for replay in self:
            saved = replay._origin
            replay.is_stale = bool(
                saved.input_digest and saved.input_digest != saved._get_input_digest()
            )

    def _find_removed(self):
        """Return the lines that hold now and aren't in the draft."""
        return self._search_present() - self.line_ids.policy_id

    @api.depends("line_ids.policy_id")
    def _compute_removed_names(self):
        for replay in self:
            replay.removed_names = ", ".join(replay._find_removed().mapped("name"))

    def _get_case_domain(self):
        """Return the domain of the cases of a run."""
        domain = (
            Domain("company_id", "in", self.env.companies.ids)
            & Domain("received_at", ">=", self._to_utc(self.date_from))
            & Domain("received_at", "<", self._to_utc(self.date_to, days=1))
        )
        if self.team_ids:
            domain &= Domain("team_id", "in", self.team_ids.ids)
        if self.category_ids:
            domain &= Domain("category_id", "child_of", self.category_ids.ids)
        if self.priority:
            domain &= Domain("priority", "=", self.priority)
        return domain

    def _to_utc(self, day, days=0):
        """Return midnight of a day of the user as naive UTC."""
        midnight = datetime.combine(day + timedelta(days=days), time())
        local = self.env.tz.localize(midnight)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    # -- running -----------------------------------------------------------------
    def action_replay(self):
        """Count the promises of the chosen cases again. Nothing of a case changes."""
        self.ensure_one()
        self.check_access("write")
        cases = self._search_cases()
        self._check_hours()
        self._forget_rows()
        replay, now = self._with_replay_memo(), fields.Datetime.now()
        for batch in split_every(BATCH, cases.ids, self.env["complaint.case"].browse):
            batch.fetch(FACTS)
            self.env["complaint.sla.replay.row"]._store(
                self, replay._count_cases(batch, now)
            )
        self.write({"input_digest": self._get_input_digest()})
        return self._reopen()

    def _search_cases(self):
        cases = self.env["complaint.case"].with_context(active_test=False)
        if self.date_from > self.date_to:
            raise UserError(self.env._("The first day comes after the last one."))
        found = cases.search(
            self._get_case_domain(), limit=MOST_CASES + 1, order="received_at, id"
        )
        if len(found) > MOST_CASES:
            raise UserError(
                self.env._(
                    "More than %s complaints were received in this time. Choose a "
                    "shorter one, or some teams or categories.",
                    MOST_CASES,
                )
            )
        return found

    def _forget_rows(self):
        self.env["complaint.sla.replay.row"].search(
            [("replay_id", "=", self.id)]
        ).unlink()

    def _check_hours(self):
        """Refuse working hours in which nothing can be counted."""
        if self.holidays == "other" and not self.holiday_calendar_id:
            raise UserError(self.env._("Choose the working hours with the holidays."))
        for calendar in self.calendar_id | self.holiday_calendar_id:
            try:
                hours = calendar._get_business_time()
                hours.add(fields.Datetime.now(), timedelta(hours=1))
            except ValueError as error:
                raise UserError(str(error)) from error
            except NoBusinessTime as error:
                raise UserError(
                    self.env._(
                        "“%s” has no opening hours, so nothing can be counted in it.",
                        calendar.name,
                    )
                ) from error

    def _get_replay_version(self, calendar_id, kept):
        """Return the opening hours in which a promise is counted.

        :param calendar_id: the working hours that would count without this replay
        :param kept: HoursVersion in which the clock really counted, or None
        """
        memo = self.env.context["replay_memo"]["hours"]
        if calendar_id not in memo:
            calendar = self.env["resource.calendar"].browse(calendar_id)
            memo[calendar_id] = self._find_other_version(calendar)
        if memo[calendar_id]:
            return memo[calendar_id]
        calendar = self.env["resource.calendar"].browse(calendar_id)
        return kept or calendar._get_hours_version()

    def _find_other_version(self, calendar):
        """Return opening hours that count instead, None for those that counted."""
        if self.instead_of_ids and calendar not in self.instead_of_ids:
            return None
        other = self.calendar_id or calendar
        if self.holidays != "own" or self.day_ids:
            return self._make_version(other)
        return None if other == calendar else other._get_hours_version()

    def _make_version(self, calendar):
        """Return opening hours with the holidays that the replay asks for."""
        version = calendar._get_hours_version()
        leaves = version.leaves if self.holidays == "own" else []
        if self.holidays == "other":
            leaves = self.holiday_calendar_id._get_hours_version().leaves
        return version.with_leaves([*leaves, *self.day_ids._get_leaves(version.tz)])

    # -- activating --------------------------------------------------------------
    def action_activate(self):
        """Let the draft hold from now on, for new cases and for those that move."""
        self.ensure_one()
        self.env["complaint.sla.policy"].check_access("write")
        if not self.input_digest or self.is_stale:
            raise UserError(
                self.env._(
                    "Press “Replay” first, so that you see what these promises would "
                    "have meant before they hold."
                )
            )
        if self.present_digest != self._get_present_digest():
            raise UserError(
                self.env._(
                    "Somebody changed the promises since you began. Start a new "
                    "replay, so that their changes aren't lost."
                )
            )
        self._find_removed().action_archive()
        self.line_ids._activate()
        return self.env["ir.actions.actions"]._for_xml_id(
            "complaint_management.complaint_sla_matrix_action"
        )

    # -- screens -----------------------------------------------------------------
    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replay"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "main",
        }

    def action_open_changes(self):
        """Open the promises that would have ended otherwise."""
        action = self.action_open_rows()
        action["name"] = action["display_name"] = self.env._("What would change")
        action["domain"] += [("change", "!=", "same")]
        action["views"] = [[False, "list"], [False, "pivot"], [False, "graph"]]
        return action

    def action_open_rows(self):
        """Open all promises of the run, to add up as one likes."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_sla_replay_row_action"
        )
        action["domain"] = [("replay_id", "=", self.id)]
        return action


def _digest(value):
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
