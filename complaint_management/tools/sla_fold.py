"""What the events of a clock add up to: its deadline, its state, the time used.

Events are the truth; everything that is stored on a clock is this fold of them. The
deadline is a pure function of the moment from which the promise counts, of the last
cell of the matrix that held (unit, target, opening hours) and of the pauses:

- without pauses it is ``start`` plus the target in the unit of the cell;
- each pause that begins before the deadline moves it by the *open* time that the pause
  covers, so a pause at night moves nothing;
- a change of the cell counts again from the same start, with the same pauses: the time
  used stays used, and a holiday entered late is still credited.

From a stop to a re-opening the clock stands, as in a pause. All instants are naive
UTC; durations are timedeltas.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from .business_time import BusinessTime

ZERO = timedelta(0)
# Kinds of events that say how long is promised.
CELL_KINDS = ("start", "retarget", "calendar")


@dataclass(frozen=True)
class Event:
    """One event, in the order in which it was written down.

    ``at`` is when it holds. ``cell`` is (unit, target, opening hours) for the kinds
    in ``CELL_KINDS``; ``since`` is from when the promise counts (start, retarget).
    ``reason`` is the id of the reason of a pause, ``label`` its name, ``actor`` who did
    it. ``level`` is the id of a level of escalation.
    """

    kind: str
    at: datetime
    cell: tuple | None = None
    since: datetime | None = None
    label: str = ""
    actor: str = ""
    reason: int | None = None
    level: int | None = None


@dataclass
class Pause:
    """A span in which the clock stands; ``end`` is None while it still does."""

    start: datetime
    end: datetime | None = None
    label: str = ""
    actor: str = ""
    reason: int | None = None


@dataclass
class Fold:
    """The state of a clock after its events; only :func:`apply` changes it.

    ``breached_at`` is the deadline that was missed; a missed clock stays missed.
    ``deadline`` and what it is made of are counted once for each state: levels of
    escalation and everything that is stored ask for them again and again.
    """

    unit: str = "clock_hours"
    target: float = 0
    hours: BusinessTime | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    cancelled_at: datetime | None = None
    breached_at: datetime | None = None
    last_at: datetime | None = None
    pauses: list = field(default_factory=list)
    levels: set = field(default_factory=set)

    @property
    def is_ended(self):
        return bool(self.stopped_at or self.cancelled_at)

    @property
    def is_paused(self):
        """Whether a pause (not a stop) is open."""
        return self.is_standing and not self.is_ended

    @property
    def is_standing(self):
        return bool(self.pauses) and self.pauses[-1].end is None

    @property
    def time(self):
        """The opening hours in which this clock counts."""
        if self.unit == "clock_hours" or self.hours is None:
            return BusinessTime.always()
        return self.hours

    @property
    def state(self):
        if self.breached_at:
            return "missed"
        if self.cancelled_at:
            return "cancelled"
        if self.stopped_at:
            return "met"
        return "paused" if self.is_standing else "running"

    @cached_property
    def deadline(self):
        """Until when the promise has to be kept."""
        return self.shift(self.base_deadline)

    @cached_property
    def base_deadline(self):
        """The deadline as if there had been no pause."""
        return promise(self.started_at, self.target, self.unit, self.hours)

    @cached_property
    def total(self):
        """The open time that was promised."""
        return self.time.between(self.started_at, self.base_deadline)

    def forget_counted(self):
        """Have deadlines counted again, after an event that may move them."""
        for name in ("deadline", "base_deadline", "total"):
            self.__dict__.pop(name, None)

    @property
    def cap_used(self):
        """The time that ended pauses for the reason of the present one took."""
        present = self.pauses[-1]
        return sum(
            (
                self.time.between(max(p.start, self.started_at), p.end)
                for p in self.pauses[:-1]
                if p.reason == present.reason
            ),
            ZERO,
        )

    def cap_moment(self, cap):
        """Return when pauses for the reason of the present one reach ``cap``."""
        begin = max(self.pauses[-1].start, self.started_at)
        return self.time.add(begin, max(cap - self.cap_used, ZERO))

    def shift(self, moment):
        """Move a moment by the open time of the pauses that begin before it."""
        for start, end in self.spans():
            if end is not None and start < moment:
                standing = self.time.between(start, end)
                if standing:
                    moment = self.time.add(moment, standing)
        return moment

    def spans(self):
        """Return [(start, end or None)] of the pauses, none before the start."""
        since = self.started_at
        return [
            (max(p.start, since), p.end)
            for p in self.pauses
            if p.end is None or p.end > since
        ]

    def paused(self, until):
        """Return the open time that the clock stood before ``until``; nothing after
        the end."""
        return sum(self.paused_by_reason(until).values(), ZERO)

    def paused_by_reason(self, until):
        """Return {reason: open time that the clock stood for it before ``until``}.

        The reason is the id of a pause, None when it had none, and ``"stop"`` for the
        time between an end and a re-opening.
        """
        until, found = self._clip(until), {}
        for pause in self.pauses:
            start, end = max(pause.start, self.started_at), pause.end or until
            standing = self.time.between(start, min(end, until))
            if standing:
                reason = "stop" if pause.label == "stop" else pause.reason
                found[reason] = found.get(reason, ZERO) + standing
        return found

    def figures(self, until):
        """Return (open time used, {reason: open time paused}, closed time) before
        ``until``; nothing after the end. Closed are nights, breaks, holidays."""
        until = max(self._clip(until), self.started_at)
        opened = self.time.between(self.started_at, until)
        paused = self.paused_by_reason(until)
        used = opened - sum(paused.values(), ZERO)
        return used, paused, until - self.started_at - opened

    def used(self, until):
        """Return the open time used before ``until``; nothing after the end."""
        return self.figures(until)[0]

    def closed(self, until):
        """Return the time before ``until`` in which the clock doesn't count."""
        return self.figures(until)[2]

    def _clip(self, until):
        end = self.stopped_at or self.cancelled_at
        return min(until, end) if end else until

    def at_share(self, share):
        """Return the moment at which ``share`` (0.5 is half) of the time is used."""
        used = timedelta(seconds=round(self.total.total_seconds() * share))
        return self.shift(self.time.add(self.started_at, used))


def promise(start, target, unit, hours=None):
    """Return the end of a promise without pauses.

    :param float target: hours, or days when ``unit`` is ``business_days``
    :param str unit: ``clock_hours``, ``business_hours`` or ``business_days``
    :raise NoBusinessTime: the opening hours have no open time in five years
    """
    if unit == "clock_hours" or hours is None:
        return BusinessTime.always().add(start, timedelta(hours=target))
    if unit == "business_days":
        return hours.add_days(start, int(target))
    return hours.add(start, timedelta(hours=target))


def in_hours(duration):
    """Return a timedelta as hours, exact to the second."""
    return round(duration.total_seconds()) / 3600


def fold(events):
    """Return the :class:`Fold` of events (in the order of writing).

    :raise ValueError: no start event
    """
    events = list(events)
    if not events or events[0].kind != "start":
        raise ValueError("A clock begins with its start.")
    state = Fold()
    for event in events:
        apply(state, event)
    return state


def apply(state, event):
    """Let one more event happen to a :class:`Fold`."""
    step = _STEPS.get(event.kind)
    if step:
        step(state, event)
        if event.kind != "breach":
            state.forget_counted()
    state.last_at = max(state.last_at or event.at, event.at)
    if event.level:
        state.levels.add(event.level)


def _set_cell(state, event):
    state.unit, state.target, state.hours = event.cell
    state.started_at = event.since or state.started_at or event.at


def _pause(state, event):
    if not state.is_standing:
        state.pauses.append(
            Pause(event.at, None, event.label, event.actor, event.reason)
        )


def _resume(state, event):
    if state.is_paused:
        _close(state, event.at)


def _close(state, at):
    pause = state.pauses[-1]
    pause.end = max(at, pause.start)


def _stop(state, event):
    if state.is_ended:
        return
    if state.is_standing:
        # What stopped a paused clock also ended the pause.
        _close(state, event.at)
    if not state.breached_at and event.at > state.deadline:
        state.breached_at = state.deadline
    state.stopped_at = event.at
    state.pauses.append(Pause(event.at, None, "stop", event.actor))


def _reopen(state, event):
    if state.is_ended:
        state.stopped_at = state.cancelled_at = None
        _close(state, event.at)


def _breach(state, event):
    state.breached_at = state.breached_at or event.at


def _cancel(state, event):
    if state.is_ended:
        return
    if state.is_standing:
        _close(state, event.at)
    state.cancelled_at = event.at
    state.pauses.append(Pause(event.at, None, "stop", event.actor))


# Escalations and the like change nothing of the promise.
_STEPS = {
    "start": _set_cell,
    "retarget": _set_cell,
    "calendar": _set_cell,
    "pause": _pause,
    "resume": _resume,
    "stop": _stop,
    "reopen": _reopen,
    "breach": _breach,
    "cancel": _cancel,
}
