import logging
from operator import itemgetter

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..tools.business_time import NoBusinessTime
from ..tools.sla_fold import Event, apply
from .complaint_sla_policy import OPEN_STATES

_logger = logging.getLogger(__name__)

SWEEP_BATCH = 500
# As often as two workers may get in each other's way before one leaves it to the other.
LOCK_TRIES = 5
OPEN_DOMAIN = [("state", "in", OPEN_STATES)]


class ComplaintSlaSweepMixin(models.AbstractModel):
    """What happens to clocks by itself: missed deadlines, levels of escalation, the end
    of the longest pause. Each of them once.

    The cost of a run follows what is due, not what is open: each clock stores the next
    moment at which something can happen to it.
    """

    _name = "complaint.sla.sweep.mixin"
    _description = "Sweep of Due Clocks"

    @api.model
    def _cron_sweep(self):
        """Handle what is due, batch by batch, until nothing is.

        What is due is locked together with its host and read in one statement, so that
        two workers share the work and a run that was cut off goes on where it stopped.
        """
        cron = self.env["ir.cron"]
        for model in self._get_host_models():
            while locked := self._lock_due(model):
                locked._sweep_guarded()
                remaining = self.search_count(self._get_due_domain(), limit=5000)
                if not cron._commit_progress(len(locked), remaining=remaining):
                    return
        self._trigger_next_sweep()

    @api.model
    def _get_due_domain(self):
        """Return the domain of the clocks to which something has to happen."""
        return [("next_at", "<", fields.Datetime.now())]

    @api.model
    def _lock_due(self, model):
        """Lock and return some due clocks on hosts of a model, the earliest first."""
        self.env.flush_all()
        query = SQL(
            """
            SELECT clock.id
              FROM complaint_sla_clock clock
              JOIN %(host)s host ON host.id = clock.res_id
             WHERE clock.res_model = %(model)s AND clock.next_at < %(now)s
          ORDER BY clock.next_at, clock.id
             LIMIT %(limit)s
               FOR NO KEY UPDATE OF clock, host SKIP LOCKED
            """,
            host=SQL.identifier(self.env[model]._table),
            model=model,
            now=fields.Datetime.now(),
            limit=SWEEP_BATCH,
        )
        for __ in range(LOCK_TRIES):
            try:
                self.env.cr.execute(query, log_exceptions=False)
                break
            except psycopg2.errors.SerializationFailure:
                # Somebody changed one of them while this statement looked: look again.
                self.env.cr.rollback()
        else:
            # The next run, which this wakes, sees them as they are.
            self._wake_sweep(fields.Datetime.now())
            return self.browse()
        clocks = self.browse([row[0] for row in self.env.cr.fetchall()])
        clocks.invalidate_recordset(flush=False)
        return clocks

    def _sweep_guarded(self):
        """Sweep a batch at once; when that fails, one by one, so that a bad record
        doesn't stop the rest."""
        try:
            with self.env.cr.savepoint():
                self._sweep()
        except Exception:
            if len(self) > 1:
                for clock in self:
                    clock._sweep_guarded()
                return
            _logger.exception("Clock %s could not be swept", self.ids)
            # It stays due: out of the way of this run, to be tried again.
            later = fields.Datetime.add(fields.Datetime.now(), hours=1)
            self.write({"next_at": later})

    def _sweep(self):
        now = fields.Datetime.now()
        events, reached, capped = [], {}, []
        folds = self._get_folds()
        for clock, state in folds.items():
            for event in clock._find_due(state, now):
                events.append(clock._prepare_due_event(event, state))
                if event.kind == "resume":
                    capped.append(clock.id)
                elif event.kind == "escalate":
                    reached.setdefault(event.level, []).append(clock.id)
        self._store(folds)
        self.env["complaint.sla.event"]._append(events)
        self.invalidate_recordset(["event_ids"], flush=False)
        self._tell_hosts(reached, self.browse(capped))

    def _find_due(self, state, now):
        """Let happen to a fold what is due on its clock.

        :param state: tools.sla_fold.Fold, which is changed
        :return: [tools.sla_fold.Event] that happened
        """
        found = []
        if state.is_paused:
            cap = self._get_cap_moment(state)
            if not cap or cap >= now:
                return []
            found.append(Event("resume", cap, label="cap"))
            apply(state, found[0])
        passed = [] if state.is_ended else self._find_passed(state, now)
        for event in passed:
            apply(state, event)
        return found + passed

    def _find_passed(self, state, now):
        """Return the events of moments of a running clock that have passed."""
        found = []
        if not state.breached_at and state.deadline < now:
            found.append(Event("breach", state.deadline))
        levels = self._find_open_levels(state, *self._get_level_key())
        due = sorted((pair for pair in levels if pair[0] < now), key=itemgetter(0))
        # After a long sleep the highest level counts, and those that are due with it;
        # the lower ones are noted.
        for moment, level in due:
            kind = "escalate" if moment == due[-1][0] else "passed"
            found.append(Event(kind, moment, level=level.id))
        return found

    def _prepare_due_event(self, event, state):
        note = (
            self.env._("The longest pause is over.") if event.label == "cap" else None
        )
        return self._prepare_event(
            event.kind,
            event.at,
            level_id=event.level,
            note=note,
            deadline=state.deadline,
        )

    def _tell_hosts(self, reached, capped):
        """Tell the hosts which levels were reached, and which pauses have ended."""
        levels = self.env["complaint.sla.escalation"].browse(reached)
        for level in levels:
            clocks = self.browse(reached[level.id])
            for res_model, ours in clocks.grouped("res_model").items():
                hosts = self.env[res_model].browse(sorted(set(ours.mapped("res_id"))))
                hosts._sla_escalate(level, ours)
        for res_model, ours in capped.grouped("res_model").items():
            hosts = self.env[res_model].browse(sorted(set(ours.mapped("res_id"))))
            hosts._sla_pause_ended()

    @api.model
    def _trigger_next_sweep(self):
        """Wake the sweep at the next moment; the interval is only the net."""
        following = self.search([("next_at", "!=", False)], limit=1, order="next_at")
        following._trigger_sweep()

    # -- working hours that changed -------------------------------------------------
    @api.model
    def _cron_replan(self):
        """Count running clocks again whose working hours have changed since. Clocks
        that have ended keep the hours in which they were counted."""
        cron = self.env["ir.cron"]
        for clocks in self._find_outdated():
            for ids in split_every(SWEEP_BATCH, clocks.ids):
                locked = (
                    self.browse(ids).try_lock_for_update().filtered_domain(OPEN_DOMAIN)
                )
                for policy, ours in locked.grouped("policy_id").items():
                    ours._set_cell("calendar", policy, fields.Datetime.now())
                if not cron._commit_progress(len(locked)):
                    return

    @api.model
    def _find_outdated(self):
        """Return [open clocks] that were counted in hours other than those of now."""
        groups = self._read_group(
            [*OPEN_DOMAIN, ("unit", "!=", "clock_hours")],
            ["calendar_id", "hours_id"],
            ["id:recordset"],
        )
        found = []
        for calendar, hours, clocks in groups:
            try:
                version = calendar._get_hours_version()
                version.time.add_days(fields.Datetime.now(), 0)
            except (NoBusinessTime, ValueError):
                # Hours that can't be used any more: what was promised stands.
                continue
            if version.digest != hours.digest:
                found.append(clocks)
        return found
