"""The account of a clock: every interval from its start, and why it counts or not."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta

from .sla_fold import ZERO

COUNTED, PAUSED, HOLIDAY, CLOSED = "counted", "paused", "holiday", "closed"


@dataclass(frozen=True)
class Row:
    """One interval (naive UTC). ``label`` is the holiday or the reason of the pause,
    ``actor`` who paused."""

    start: datetime
    end: datetime
    kind: str
    label: str = ""
    actor: str = ""

    @property
    def duration(self):
        return self.end - self.start


@dataclass(frozen=True)
class Ledger:
    """Rows without gap or overlap from the start to the end of the account."""

    rows: list

    def total(self, kind):
        """Return the time (timedelta) of all rows of a kind."""
        return sum((row.duration for row in self.rows if row.kind == kind), ZERO)

    @property
    def elapsed(self):
        """The customer's wait: clock time from start to end."""
        return sum((row.duration for row in self.rows), ZERO)


def ledger(fold, until, leaves=()):
    """Return the :class:`Ledger` of a clock.

    Closed time stays closed, whatever happens in it: a pause shows only where the clock
    would have counted. A holiday shows with its nights, by name.

    :param Fold fold: the clock
    :param datetime until: naive UTC; the account ends here, or when the clock ended
    :param leaves: ``[(start, end, name)]`` naive UTC, that the opening hours know of
    """
    start = fold.started_at
    end = fold.stopped_at or fold.cancelled_at or until
    end = min(end, until)
    if end <= start:
        return Ledger([])
    opened = fold.time.intervals(start, end)
    pauses = _clip(
        (p.start, p.end or end, p.label, p.actor)
        for p in fold.pauses
        if p.label != "stop" or p.end
    )
    holidays = () if fold.unit == "clock_hours" else _clip(leaves)
    marks = {start, end}
    for first, last, *__ in (*opened, *pauses, *holidays):
        marks |= {m for m in (first, last) if start < m < end}
    marks = sorted(marks)
    finders = [_finder(spans) for spans in (opened, pauses, holidays)]
    rows = [
        _judge(first, last, *finders)
        for first, last in zip(marks, marks[1:], strict=False)
    ]
    return Ledger(_join(rows))


def _clip(spans):
    return sorted(span for span in spans if span[0] < span[1])


def _finder(spans):
    """Return a function that gives the span around an instant, or None."""
    starts = [span[0] for span in spans]

    def find(instant):
        for index in range(bisect_right(starts, instant) - 1, -1, -1):
            if spans[index][1] > instant:
                return spans[index]
        return None

    return find


def _judge(first, last, opened, pauses, holidays):
    if opened(first):
        pause = pauses(first)
        if pause:
            return Row(first, last, PAUSED, pause[2], pause[3])
        return Row(first, last, COUNTED)
    holiday = holidays(first)
    if holiday:
        return Row(first, last, HOLIDAY, holiday[2])
    return Row(first, last, CLOSED)


def _join(rows):
    """Join neighbours that say the same."""
    joined = []
    for row in rows:
        last = joined[-1] if joined else None
        same = last and (last.kind, last.label, last.actor) == (
            row.kind,
            row.label,
            row.actor,
        )
        if same:
            joined[-1] = Row(last.start, row.end, row.kind, row.label, row.actor)
        else:
            joined.append(row)
    return joined


def as_hours(duration):
    """Return a timedelta as hours and minutes, ``(h, m)``, rounded to the minute."""
    return divmod(to_minutes(duration), 60)


def to_minutes(duration):
    return round(duration / timedelta(minutes=1))


def row_minutes(rows):
    """Return the minutes of each row. Those of a kind add up to the rounded total of
    the kind, so that a page adds up to its own sums."""
    totals, minutes = {}, []
    for row in rows:
        before = totals.get(row.kind, ZERO)
        totals[row.kind] = before + row.duration
        minutes.append(to_minutes(totals[row.kind]) - to_minutes(before))
    return minutes
