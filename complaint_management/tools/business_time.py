"""Arithmetic of business time: deadlines and elapsed time over opening hours.

A calendar is compiled once and then asked thousands of times. The open time of a
year is laid out, when it is first needed, as sorted arrays of openings, closings
and the open time accumulated at each closing; every later question is a binary
search in them. Instants are naive UTC, exact to the microsecond. A compiled calendar
never changes its answers and may be shared between threads.

Daylight saving: a local time that doesn't exist moves forward by the length of the
gap, an ambiguous one is the first (RFC 5545 §3.3.5, ``fold=0`` of PEP 495).
"""

from bisect import bisect_left, bisect_right
from datetime import MAXYEAR, date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

ZERO = timedelta(0)
DAY = timedelta(days=1)
HORIZON_YEARS = 5
# A year with a lunch break takes about 0.1 MB; a wrong date in the year 9999 must
# not fill the memory of a server.
YEARS_KEPT = 64
# Days at the ends of the calendar whose UTC instants Python can't represent.
FIRST_ORDINAL = date.min.toordinal() + 2
LAST_ORDINAL = date.max.toordinal() - 1


class NoBusinessTime(Exception):
    """The calendar has no open time in the five years that follow."""


class BusinessTime:
    """Opening hours of a week in a time zone, minus leaves.

    Made by :meth:`from_week` or :meth:`always`. All instants are naive UTC; an
    aware datetime is refused with ``ValueError``. Intervals are half-open: a
    closing instant is closed.
    """

    __slots__ = ("_leaves", "_week", "_workdays", "_year", "_zone")

    def __init__(self, week, zone, leaves):
        """Private: ``week`` is seven lists of spans counted from midnight."""
        self._week = week
        self._zone = zone
        self._leaves = leaves
        self._year = lru_cache(YEARS_KEPT)(self._load_year)
        self._workdays = lru_cache(YEARS_KEPT)(self._load_workdays)

    @classmethod
    def from_week(cls, week, tz, leaves=()):
        """Compile a weekly schedule.

        :param dict week: ``{weekday: [(time, time), …]}``, Monday is 0, local
            times; an end of 00:00 is the end of that day. Intervals may come in
            any order, touch or overlap.
        :param str tz: IANA name of the time zone of the week
        :param leaves: ``[(start, end), …]`` naive UTC, closed in ``[start, end)``;
            any order, may overlap
        :raise ValueError: bad weekday, interval, leave or time zone
        """
        slots = _compile_week(week)
        zone = _load_zone(tz)
        spans = [_check_leave(start, end) for start, end in leaves]
        closed = _merge([span for span in spans if span[0] < span[1]])
        return cls(slots, zone, ([s for s, _e in closed], [e for _s, e in closed]))

    @staticmethod
    @lru_cache(1)
    def always():
        """Clock time: open at every instant, one shared object."""
        every_day = dict.fromkeys(range(7), [(time(), time())])
        return BusinessTime.from_week(every_day, "UTC")

    def add(self, start, duration):
        """Return the instant at which ``duration`` of open time since start is used.

        From closed time counting starts at the next opening. A duration used up
        exactly at a closing ends there, not at the next opening. A duration of
        zero gives start if open, else the next opening.

        :param timedelta duration: >= 0
        :raise ValueError: negative duration or aware start
        :raise NoBusinessTime: five years without open time, or past the year 9999
        """
        _check_instant(start, "start")
        _check_amount(duration, ZERO, "duration")
        if not duration:
            return self._next_open(start)
        year = self._year(start.year)
        target = year.elapsed(start) + duration
        if target <= year.total:
            return year.at(target)
        if duration > datetime.max - start:
            raise NoBusinessTime(f"{duration} from {start} is past the year 9999.")
        since = max(start, year.last or start)
        for later in self._years_after(self._year, start.year, since):
            target -= year.total
            year = later
            if target <= year.total:
                break
        return year.at(target)

    def add_days(self, start, days):
        """Return the same local clock time, ``days`` working days after start.

        From closed time the start moves to the next opening. A working day is a
        local date with open time left after leaves. Before the first opening of
        the day found the result is that opening, in a gap the next opening of
        that day, after its last closing that closing.

        :param int days: >= 0
        :raise ValueError: negative days or aware start
        :raise NoBusinessTime: five years without open time, or past the year 9999
        """
        _check_instant(start, "start")
        _check_amount(days, 0, "days")
        start = self._next_open(start)
        if not days:
            return start
        local = start.replace(tzinfo=timezone.utc).astimezone(self._zone)
        day, spans = self._find_workday(start, local.date(), days)
        wanted = datetime.combine(day, local.time().replace(fold=0))
        return _fit(spans, self._to_utc(wanted))

    def between(self, start, end):
        """Return the open time from start to end, zero when end <= start.

        :raise ValueError: aware start or end
        """
        _check_instant(start, "start")
        _check_instant(end, "end")
        if end <= start:
            return ZERO
        whole = sum((self._year(y).total for y in range(start.year, end.year)), ZERO)
        before = self._year(start.year).elapsed(start)
        return whole + self._year(end.year).elapsed(end) - before

    def intervals(self, start, end):
        """Return the open intervals inside the span, clipped to it.

        :return: sorted ``[(start, end), …]``, naive UTC, none touching the next
        :raise ValueError: aware start or end
        """
        _check_instant(start, "start")
        _check_instant(end, "end")
        if end <= start:
            return []
        spans = []
        for year in range(start.year, end.year + 1):
            spans += self._year(year).clip(start, end)
        return _merge(spans)

    # How the years are found and laid out

    def _next_open(self, start):
        year = self._year(start.year)
        opening = year.next_open(start)
        if opening is None:
            opening = next(self._years_after(self._year, start.year, start)).first
        return opening

    def _find_workday(self, start, day, days):
        """Return ``(date, its spans)`` of the n-th working day after a local date."""
        book = self._workdays(day.year)
        index = bisect_right(book.dates, day) + days - 1
        if index < len(book.dates):
            return book.dates[index], book.spans[index]
        if days > (date.max - day).days:
            raise NoBusinessTime(f"{days} days from {start} are past the year 9999.")
        since = max(start, book.last or start)
        for later in self._years_after(self._workdays, day.year, since):
            index -= len(book.dates)
            book = later
            if index < len(book.dates):
                break
        return book.dates[index], book.spans[index]

    def _years_after(self, load, year, since):
        """Yield the later years that have open time, never jumping over five years.

        Ends by raising NoBusinessTime, never by itself.
        """
        limit = _five_years_after(since)
        for number in range(year + 1, MAXYEAR + 1):
            loaded = load(number)
            if loaded.first is None and number <= limit.year:
                continue
            if loaded.first is None or loaded.first > limit:
                break
            yield loaded
            since, limit = loaded.last, _five_years_after(loaded.last)
        raise NoBusinessTime(
            f"The calendar has no open time within {HORIZON_YEARS} years"
            f" after {since} UTC."
        )

    def _load_year(self, number):
        """Lay out a year of UTC; what crosses its ends is cut there."""
        low = datetime(number, 1, 1)
        high = datetime(number + 1, 1, 1) if number < MAXYEAR else datetime.max
        # Two days: an offset is below one day, and so is a gap that moves a time.
        days = _ordinals(low.toordinal() - 2, high.toordinal() + 2)
        spans = _merge([span for day in days for span in self._open_spans(day)])
        return _Year(
            [(max(s, low), min(e, high)) for s, e in spans if s < high and e > low]
        )

    def _load_workdays(self, number):
        """Lay out the working days of a local year."""
        first = date(number, 1, 1).toordinal()
        ordinals = _ordinals(first, date(number, 12, 31).toordinal() + 1)
        days = [(date.fromordinal(n), self._open_spans(n)) for n in ordinals]
        return _Workdays([(day, spans) for day, spans in days if spans])

    def _open_spans(self, ordinal):
        """Return the open spans of a local date in UTC, after leaves."""
        midnight = datetime.fromordinal(ordinal)
        slots = self._week[midnight.weekday()]
        if not slots:
            return []
        begin, end = self._to_utc(midnight), self._to_utc(midnight + DAY)
        if end <= begin:
            return []  # a date that a zone left out, such as 2011-12-30 in Samoa
        if end - begin == DAY:
            spans = [(begin + opens, begin + closes) for opens, closes in slots]
        else:
            moved = [
                (self._to_utc(midnight + opens), self._to_utc(midnight + closes))
                for opens, closes in slots
            ]
            spans = _merge([span for span in moved if span[0] < span[1]])
        return _subtract(spans, *self._leaves)

    def _to_utc(self, local):
        # Asking the zone itself is ten times faster than building an aware datetime.
        return local - self._zone.utcoffset(local)


class _Year:
    """Sorted openings and closings, and the open time used at each closing."""

    __slots__ = ("closes", "ends", "first", "last", "opens", "total")

    def __init__(self, spans):
        self.opens = [start for start, _end in spans]
        self.closes = [end for _start, end in spans]
        self.ends = list(accumulate(end - start for start, end in spans))
        self.total = self.ends[-1] if spans else ZERO
        self.first = self.opens[0] if spans else None
        self.last = self.closes[-1] if spans else None

    def elapsed(self, instant):
        """Return the open time of the year before an instant of it."""
        index = bisect_right(self.opens, instant) - 1
        if index < 0:
            return ZERO
        closing = self.closes[index]
        if instant >= closing:
            return self.ends[index]
        return self.ends[index] - (closing - instant)

    def at(self, elapsed):
        """Return the earliest instant with that open time behind it (> 0)."""
        index = bisect_left(self.ends, elapsed)
        return self.closes[index] - (self.ends[index] - elapsed)

    def next_open(self, instant):
        """Return the instant if open, else the next opening of the year or None."""
        index = bisect_right(self.closes, instant)
        return max(instant, self.opens[index]) if index < len(self.opens) else None

    def clip(self, start, end):
        low = bisect_right(self.closes, start)
        high = bisect_left(self.opens, end)
        pairs = zip(self.opens[low:high], self.closes[low:high], strict=True)
        return [(max(opens, start), min(closes, end)) for opens, closes in pairs]


class _Workdays:
    """Sorted local dates with open time, and the UTC spans of each."""

    __slots__ = ("dates", "first", "last", "spans")

    def __init__(self, days):
        self.dates = [day for day, _spans in days]
        self.spans = [spans for _day, spans in days]
        self.first = self.spans[0][0][0] if days else None
        self.last = self.spans[-1][-1][1] if days else None


def _merge(spans):
    """Return the spans sorted, with touching and overlapping ones joined."""
    merged = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _subtract(spans, starts, ends):
    """Return the spans without the closed times (sorted, apart from each other)."""
    if not starts:
        return spans
    kept = []
    for opens, closes in spans:
        index = bisect_right(ends, opens)
        while index < len(starts) and starts[index] < closes:
            if opens < starts[index]:
                kept.append((opens, starts[index]))
            opens = ends[index]
            index += 1
        if opens < closes:
            kept.append((opens, closes))
    return kept


def _fit(spans, instant):
    """Move an instant into the spans of its day, at the latest to the last closing."""
    for opens, closes in spans:
        if instant < closes:
            return max(instant, opens)
    return spans[-1][1]


def _ordinals(first, stop):
    return range(max(first, FIRST_ORDINAL), min(stop, LAST_ORDINAL))


def _five_years_after(instant):
    year = instant.year + HORIZON_YEARS
    if year > MAXYEAR:
        return datetime.max
    if (instant.month, instant.day) == (2, 29):
        return instant.replace(year=year, month=3, day=1)
    return instant.replace(year=year)


def _compile_week(week):
    """Return seven sorted lists of ``(timedelta, timedelta)`` since midnight."""
    unknown = [day for day in week if day not in range(7)]
    if unknown:
        raise ValueError(f"Weekdays are 0 (Monday) to 6, not {unknown}.")
    slots = [[_check_slot(day, *s) for s in week.get(day, ())] for day in range(7)]
    return [_merge(day) for day in slots]


def _check_slot(day, start, end):
    opens, closes = _since_midnight(start), _since_midnight(end) or DAY
    if opens >= closes:
        raise ValueError(
            f"Weekday {day}: {start}-{end} ends before it starts; split opening"
            " hours that cross midnight into two days."
        )
    return opens, closes


def _since_midnight(value):
    if not isinstance(value, time) or value.tzinfo is not None:
        raise ValueError(f"Opening hours must be local times, not {value!r}.")
    return datetime.combine(date.min, value) - datetime.min


def _check_leave(start, end):
    _check_instant(start, "start of a leave")
    _check_instant(end, "end of a leave")
    if end < start:
        raise ValueError(f"The leave from {start} ends before it starts: {end}.")
    return start, end


def _load_zone(tz):
    # zoneinfo fails with KeyError, ValueError or OSError, depending on the name.
    try:
        return ZoneInfo(tz)
    except (KeyError, ValueError, OSError, TypeError, AttributeError) as error:
        raise ValueError(f"Unknown time zone {tz!r}: give an IANA name.") from error


def _check_instant(value, name):
    if not isinstance(value, datetime):
        raise TypeError(f"{name} must be a datetime, not {value!r}.")
    if value.tzinfo is not None:
        raise ValueError(f"{name} must be naive UTC, not {value.isoformat()}.")


def _check_amount(value, zero, name):
    if not isinstance(value, type(zero)) or isinstance(value, bool):
        raise TypeError(f"{name} must be {type(zero).__name__}, not {value!r}.")
    if value < zero:
        raise ValueError(f"{name} must not be negative, not {value}.")
