from datetime import datetime, timedelta

from odoo import api, fields, models

from ..tools.business_time import BusinessTime, NoBusinessTime
from ..tools.sla_fold import ZERO

AHEAD = timedelta(days=3)
EPOCH = datetime(1970, 1, 1)


class ComplaintSlaCountdownMixin(models.AbstractModel):
    """What is left of a promise, as data with which a browser counts on by itself.

    Everything that a badge shows is in the hours in which the clock counts. Nothing is
    read but the clock itself: the stored deadline is moved by pauses already, so the
    open time until then is what is left.
    """

    _name = "complaint.sla.countdown.mixin"
    _description = "Countdown of a Clock"

    sla_countdown = fields.Json("Countdown", compute="_compute_sla_countdown")

    @api.depends("state", "deadline", "stopped_at", "hours_id", "pause_reason_id")
    @api.depends_context("lang")
    def _compute_sla_countdown(self):
        now, ahead = fields.Datetime.now(), {}
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for clock in self:
            hours = clock._get_time()
            if hours not in ahead:
                ahead[hours] = _find_open_spans(hours, now)
            clock.sla_countdown = {
                "state": clock.state,
                "kind": kinds.get(clock.kind, ""),
                "reason": clock.pause_reason_id.name or "",
                "is_business": hours is not BusinessTime.always(),
                "is_ended": bool(clock.stopped_at) or clock.state == "cancelled",
                "deadline": _seconds(clock.deadline),
                "left": round(clock._get_time_left(now).total_seconds()),
                "promised": round((clock.promised_hours or 0) * 3600),
                "now": _seconds(now),
                "spans": ahead[hours],
            }

    def _get_time(self):
        """Return the :class:`BusinessTime` in which this clock counts."""
        if self.unit == "clock_hours" or not self.hours_id:
            return BusinessTime.always()
        return self.env["complaint.sla.hours"]._get_version(self.hours_id.id).time

    def _get_time_left(self, now):
        """Return the time (timedelta) that is left at ``now``; negative: how late."""
        until = self.stopped_at or now
        if self.state == "paused":
            until = max(self.paused_at, self.started_at)
        hours = self._get_time()
        if until <= self.deadline:
            return hours.between(until, self.deadline)
        return ZERO - hours.between(self.deadline, until)


def _find_open_spans(hours, now):
    """Return the open spans ahead, [[start, end]] in seconds since 1970; None when the
    clock never stands. The next opening is among them, however far it is."""
    if hours is BusinessTime.always():
        return None
    spans, soon = hours.intervals(now, now + AHEAD), now + AHEAD
    if len(spans) < 2:
        try:
            opening = hours.add(soon, ZERO)
            spans = hours.intervals(now, opening + timedelta(days=1))
        except NoBusinessTime:
            spans = spans[:1]
    return [[_seconds(start), _seconds(end)] for start, end in spans]


def _seconds(moment):
    return round((moment - EPOCH).total_seconds())
