from dataclasses import replace

from odoo import models
from odoo.tools import SQL

from ..tools.sla_fold import in_hours


class ComplaintSlaChangeMixin(models.AbstractModel):
    """What hosts let happen to their clocks: each of it is an event, and nothing but
    events changes a clock."""

    _name = "complaint.sla.change.mixin"
    _description = "Changes of a Clock"

    def _stop(self, at, note=None):
        """The promise is answered at ``at`` (naive UTC): kept or missed."""
        pending = self.filtered(lambda clock: not clock.stopped_at)
        vals_list = []
        for clock in pending:
            late = clock.state == "running" and at > clock.deadline
            if late:
                vals_list.append(clock._prepare_event("breach", clock.deadline))
            vals_list.append(clock._prepare_event("stop", at, note=note))
        pending._append_each(vals_list)

    def _cancel(self, at, note=None):
        """The promise lapses, for example because the case is cancelled. One that was
        missed stays missed, and nobody is told any more."""
        pending = self.filtered(lambda clock: not clock.stopped_at)
        pending._append("cancel", at, note=note)

    def _reopen(self, at, note=None):
        """The promise holds again, with the time used before."""
        self.filtered("stopped_at")._append("reopen", at, note=note)
        self._trigger_sweep()

    def _pause(self, at, reason, note=None):
        """Stand still for a reason. What is late already stays late."""
        running = self.filtered(lambda clock: clock.state == "running")
        late = running.filtered(lambda clock: clock.deadline < at)
        late._append_each([c._prepare_event("breach", c.deadline) for c in late])
        pausing = (running - late) | self._filter_lapsed()
        pausing._append("pause", at, reason_id=reason.id, note=note)
        pausing._trigger_sweep()

    def _resume(self, at, note=None):
        """Run again."""
        paused = self.filtered(lambda clock: clock.state == "paused")
        resuming = paused | self._filter_lapsed()
        resuming._append("resume", at, note=note)
        resuming._trigger_sweep()

    def _filter_lapsed(self):
        """Return the clocks whose promise lapsed: pauses change nothing of them, but a
        clock that takes their place has to know."""
        return self.filtered(lambda clock: clock.state == "cancelled")

    def _set_cell(self, kind, policy, at, since=None):
        """Count in another cell of the matrix, or in other working hours.

        :param str kind: ``retarget`` or ``calendar``
        :param datetime since: naive UTC, another moment from which the promise counts
        """
        vals_list, versions, hosts = [], [], self._get_hosts()
        for clock in self:
            host = hosts[clock]
            calendar = host._sla_get_calendar(policy)
            start = since or clock.started_at
            cell = host._sla_prepare_target(policy, clock.kind, calendar, start)
            clock.write({"policy_id": policy.id, "calendar_id": calendar.id})
            versions.append(cell["version"])
            vals_list.append(
                clock._prepare_event(
                    kind,
                    at,
                    since=start,
                    unit=cell["unit"],
                    target=cell["target"],
                    policy_id=policy.id,
                )
            )
        kept = self.env["complaint.sla.hours"]._ensure(filter(None, versions))
        for vals, version in zip(vals_list, versions, strict=True):
            vals["hours_id"] = version and kept[version.digest]
        self._append_each(vals_list)
        for clock, vals in zip(self, vals_list, strict=True):
            clock.hours_id = vals["hours_id"]
        self._trigger_sweep()

    def _set_deadline(self, deadline, at, note=None):
        """Promise another moment (naive UTC) that people agreed on: counted in clock
        time, with the pauses that there were."""
        vals_list = [
            clock._prepare_event(
                "retarget",
                at,
                since=clock.started_at,
                unit="clock_hours",
                target=in_hours(replace(state, unit="clock_hours").used(deadline)),
                note=note,
            )
            for clock, state in self._get_folds().items()
        ]
        self.write({"hours_id": False})
        self._append_each(vals_list)
        self._trigger_sweep()

    def _get_hosts(self):
        """Return {clock: host}; hosts of one model are read together."""
        found = {}
        for model, clocks in self.grouped("res_model").items():
            hosts = self.env[model].browse([clock.res_id for clock in clocks])
            found.update(zip(clocks, hosts, strict=True))
        return found

    def _find_pauses_for(self, clock):
        """Return the one of these clocks whose pauses a new one takes: of its kind,
        else another that stood whenever its host let promises stand."""
        knowing = self.filtered(
            lambda c: c.kind != "acknowledge" and c.state != "met" and not c.breached_at
        )
        return knowing.filtered(lambda c: c.kind == clock.kind)[-1:] or knowing[-1:]

    def _take_pauses(self, old):
        """Take the pauses of a clock that lapsed."""
        if old:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO complaint_sla_event (clock_id, kind, occurred_at,
                           recorded_at, reason_id, actor_id, note)
                    SELECT %s, kind, occurred_at, recorded_at, reason_id, actor_id, note
                      FROM complaint_sla_event
                     WHERE clock_id = %s AND kind IN ('pause', 'resume')
                  ORDER BY id
                    """,
                    self.id,
                    old.id,
                )
            )
            self._refold()

    def _prepare_event(self, kind, at, **values):
        return {"clock_id": self.id, "kind": kind, "occurred_at": at, **values}
