from datetime import timedelta

from odoo import api, fields, models

from ..tools.sla_fold import ZERO, fold, in_hours
from .complaint_sla_policy import CLOCK_KINDS

# Longer than the interval of the scheduled action.
SWEEP_HORIZON = timedelta(hours=1)
STATES = [
    ("running", "Running"),
    ("paused", "Paused"),
    ("met", "Kept"),
    ("missed", "Missed"),
    ("cancelled", "Cancelled"),
]


class ComplaintSlaClock(models.Model):
    """One running promise on any host.

    Events are the truth: every change is an event that is appended, and what is stored
    here is the fold of them (``tools/sla_fold``). ``missed`` stays missed, also when
    the answer comes later; ``stopped_at`` tells when it came.
    """

    _name = "complaint.sla.clock"
    _description = "SLA Clock"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.bulk.mixin",
        "complaint.host.mixin",
        "complaint.sla.start.mixin",
        "complaint.sla.change.mixin",
        "complaint.sla.sweep.mixin",
        "complaint.sla.proof.mixin",
        "complaint.sla.account.mixin",
        "complaint.sla.countdown.mixin",
    ]
    _order = "deadline, id"
    # Promises go on under a legal hold: what happened stands in the events.
    _hold_cases_sql = "SELECT complaint_held(rec.res_model, rec.res_id)"
    _hold_locked_fields = ("res_model", "res_id", "kind")
    _rec_name = "kind"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(CLOCK_KINDS, required=True, readonly=True)
    state = fields.Selection(STATES, required=True, default="running", readonly=True)
    policy_id = fields.Many2one(
        "complaint.sla.policy", index="btree_not_null", readonly=True
    )
    calendar_id = fields.Many2one("resource.calendar", "Working hours", readonly=True)
    hours_id = fields.Many2one(
        "complaint.sla.hours", "Opening hours as they were", readonly=True
    )
    unit = fields.Char(readonly=True)
    target = fields.Float(readonly=True, help="In the unit of the policy.")
    started_at = fields.Datetime("Counts from", required=True, readonly=True)
    deadline = fields.Datetime(required=True, readonly=True)
    stopped_at = fields.Datetime("Stopped at", readonly=True)
    breached_at = fields.Datetime("Breached at", readonly=True)
    paused_at = fields.Datetime("Paused since", readonly=True)
    pause_reason_id = fields.Many2one(
        "complaint.sla.pause.reason", "Reason of the pause", readonly=True
    )
    promised_hours = fields.Float(
        "Time promised (hours)",
        readonly=True,
        help="In the time in which the clock counts: a day of eight hours is 8.",
    )
    used_hours = fields.Float(
        "Time used (hours)",
        readonly=True,
        help="Up to the last event, in the time in which the clock counts.",
    )
    paused_hours = fields.Float(
        "Time paused (hours)",
        readonly=True,
        help="Up to the last event, in the time in which the clock counts.",
    )
    closed_hours = fields.Float(
        "Closed time (hours)",
        readonly=True,
        help="Up to the last event: nights, breaks and holidays, in which the clock "
        "doesn't count.",
    )
    pause_totals = fields.Json(
        "Pauses by reason",
        readonly=True,
        help="Hours up to the last event by the id of the reason; “stop” is the time "
        "between an answer and a re-opening, 0 a pause without reason.",
    )
    next_at = fields.Datetime(
        "Next moment",
        readonly=True,
        help="When the sweep has to look at this clock again: its deadline, a level of "
        "escalation, or the end of the longest pause.",
    )
    event_ids = fields.One2many("complaint.sla.event", "clock_id", "Ledger")

    _host_idx = models.Index("(res_model, res_id)")
    # The sweep reads what is due, whatever the number of open clocks.
    _next_idx = models.Index("(next_at) WHERE next_at IS NOT NULL")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for clock in self:
            clock.display_name = labels.get(clock.kind, "")

    # -- changing ----------------------------------------------------------------
    def _append(self, kind, at, **values):
        """Append the same event to every clock of self and store what follows.

        :param str kind: see ``EVENT_KINDS``
        :param datetime at: naive UTC, when it holds
        """
        self._append_each([c._prepare_event(kind, at, **values) for c in self])

    def _append_each(self, vals_list):
        """Append events (of clocks in self) and store what follows from them."""
        if vals_list:
            self.env["complaint.sla.event"]._append(vals_list)
            self.invalidate_recordset(["event_ids"], flush=False)
            self._refold()

    def _get_folds(self):
        """Return {clock: tools.sla_fold.Fold} with one query."""
        events = self.env["complaint.sla.event"]._read_events(self)
        return {clock: fold(events[clock.id]) for clock in self}

    def _refold(self):
        """Store what the events of each clock add up to."""
        # sudo: the engine writes, after the host has checked the right
        self_sudo = self.sudo()
        self_sudo._store(self_sudo._get_folds())

    def _store(self, folds):
        """Store what events add up to, in one statement: a sweep stores thousands.

        :param folds: {clock: tools.sla_fold.Fold}
        """
        if not folds:
            return
        stored = {clock.id: clock._prepare_stored(folds[clock]) for clock in folds}
        common = {"write_uid": self.env.uid, "write_date": self.env.cr.now()}
        names = [*next(iter(stored.values())), *common]
        rows = [
            # False is how the ORM says that there is nothing.
            {name: value for name, value in vals.items() if value is not False}
            | {"id": id_, **common}
            for id_, vals in stored.items()
        ]
        # What was assigned before must not overwrite this later.
        self.flush_recordset()
        self._bulk_update(names, rows)
        self.invalidate_recordset(names, flush=False)
        self.modified(names)

    def _prepare_stored(self, state):
        """Return what is stored of a fold."""
        return {
            "state": state.state,
            "started_at": state.started_at,
            "deadline": state.deadline,
            "stopped_at": state.stopped_at or state.cancelled_at,
            "breached_at": state.breached_at,
            "paused_at": state.pauses[-1].start if state.is_paused else False,
            "pause_reason_id": state.is_paused and state.pauses[-1].reason,
            "unit": state.unit,
            "target": state.target,
            **self._prepare_figures(state),
            "next_at": self._get_next_moment(state),
        }

    @api.model
    def _prepare_figures(self, state):
        """Return the hours of a fold up to its last event."""
        used, paused, closed = state.figures(state.last_at)
        totals = {str(reason or 0): in_hours(paused[reason]) for reason in paused}
        return {
            "promised_hours": in_hours(state.total),
            "used_hours": in_hours(used),
            "paused_hours": in_hours(sum(paused.values(), ZERO)),
            "closed_hours": in_hours(closed),
            "pause_totals": dict(sorted(totals.items())) or False,
        }

    def _get_next_moment(self, state):
        """Return when the sweep has to look at this clock again, or False."""
        if state.is_paused:
            return self._get_cap_moment(state)
        return self._find_next_moment(state, *self._get_level_key())

    def _get_level_key(self):
        """Return what decides which levels a clock has."""
        return self.policy_id.id, self.kind, self.company_id.id

    @api.model
    def _find_next_moment(self, state, *level_key):
        """Return the first of deadline and levels that is yet to come, or False.

        :param state: tools.sla_fold.Fold of a clock that isn't paused
        :param level_key: see :meth:`_get_level_key`
        """
        if state.is_ended:
            return False
        moments = [at for at, __ in self._find_open_levels(state, *level_key)]
        if not state.breached_at:
            moments.append(state.deadline)
        return min(moments, default=False)

    @api.model
    def _find_open_levels(self, state, *level_key):
        """Return [(moment, LevelRow)] of the levels that weren't reached yet."""
        levels = self.env["complaint.sla.escalation"]._get_levels(*level_key)
        return [
            (level.get_moment(state), level)
            for level in levels
            if level.id not in state.levels
        ]

    def _get_cap_moment(self, state):
        """Return when the present pause has lasted long enough, or False."""
        reason = self.env["complaint.sla.pause.reason"].browse(state.pauses[-1].reason)
        if not reason.cap_hours:
            return False
        return state.cap_moment(timedelta(hours=reason.cap_hours))

    def _trigger_sweep(self):
        """Wake the sweep at the first moment of self that it has to see."""
        moments = [clock.next_at for clock in self if clock.next_at]
        if moments:
            self._wake_sweep(min(moments))

    @api.model
    def _wake_sweep(self, moment):
        """Wake the sweep at a moment when that is soon. Later ones are found by a
        regular run, which wakes the next one in its turn; a trigger for each new clock
        would only fill the table of triggers."""
        if moment < fields.Datetime.now() + SWEEP_HORIZON:
            self.env["ir.cron"]._wake_complaint_job("sla_sweep", moment)
