"""Properties of business time, and a minute-by-minute oracle for small calendars."""

from datetime import datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from complaint_tools.business_time import BusinessTime
from hypothesis import given, settings
from hypothesis import strategies as st

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ZONES = [
    "UTC",
    "Asia/Baku",
    "Europe/Istanbul",
    "Asia/Tehran",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Pacific/Apia",
]
# Clock changes, the end of a year, a leap day and ordinary weeks.
MOMENTS = [
    datetime(2011, 12, 28),
    datetime(2018, 11, 2),
    datetime(2021, 3, 20),
    datetime(2023, 12, 29),
    datetime(2024, 2, 27),
    datetime(2024, 3, 29),
    datetime(2024, 6, 12),
    datetime(2024, 10, 25),
]


def as_time(minutes):
    return time(minutes // 60 % 24, minutes % 60)


@st.composite
def slots(draw, minutes):
    low, high = sorted(draw(st.lists(minutes, min_size=2, max_size=2, unique=True)))
    return as_time(low), as_time(high)


def weeks(minutes):
    day = st.lists(slots(minutes), min_size=1, max_size=3)
    return st.dictionaries(st.integers(0, 6), day, min_size=1)


@st.composite
def leaves_near(draw, moment):
    spans = []
    for _ in range(draw(st.integers(0, 4))):
        start = moment + draw(st.integers(-3 * 1440, 9 * 1440)) * MINUTE
        spans.append((start, start + draw(st.integers(0, 3 * 1440)) * MINUTE))
    return spans


@st.composite
def calendars(draw):
    """Return a calendar and an instant in its neighbourhood."""
    moment = draw(st.sampled_from(MOMENTS))
    calendar = BusinessTime.from_week(
        draw(weeks(st.integers(0, 1440))),
        draw(st.sampled_from(ZONES)),
        draw(leaves_near(moment)),
    )
    return calendar, moment + draw(instants)


microseconds = st.integers(0, 10**6).map(lambda n: timedelta(microseconds=n))
instants = st.builds(
    lambda n, extra: n * MINUTE + extra, st.integers(-1440, 8 * 1440), microseconds
)
durations = st.one_of(
    st.just(timedelta()),
    st.integers(1, 60 * 50).map(lambda n: n * MINUTE),
    st.timedeltas(timedelta(), timedelta(hours=60)),
)


@given(calendars(), durations)
def test_between_start_and_add_is_the_duration(case, duration):
    calendar, start = case
    end = calendar.add(start, duration)
    assert end >= start
    assert calendar.between(start, end) == duration


@given(calendars(), durations, durations)
def test_add_is_monotone_in_duration(case, one, other):
    calendar, start = case
    short, long = sorted((one, other))
    if short:
        assert calendar.add(start, short) <= calendar.add(start, long)
        assert (short == long) == (
            calendar.add(start, short) == calendar.add(start, long)
        )
    assert calendar.add(start, short + long) == (
        calendar.add(calendar.add(start, long), short)
        if short
        else calendar.add(start, long)
    )


@given(calendars(), durations, durations)
def test_add_is_monotone_in_start(case, duration, later):
    calendar, start = case
    assert calendar.add(start, duration) <= calendar.add(start + later, duration)


@given(calendars(), durations)
def test_add_ends_in_open_time_or_at_a_closing(case, duration):
    calendar, start = case
    end = calendar.add(start, duration)
    moment = timedelta(microseconds=1)
    if duration:
        # The last moment counted was open, whether or not the next one is.
        assert calendar.between(end - moment, end) == moment
    else:
        assert calendar.between(end, end + moment) == moment


@given(calendars(), st.timedeltas(timedelta(), 9 * DAY))
def test_intervals_are_apart_and_add_up_to_between(case, span):
    calendar, start = case
    end = start + span
    pieces = calendar.intervals(start, end)
    edges = [instant for piece in pieces for instant in piece]
    assert edges == sorted(set(edges))
    assert all(start <= instant <= end for instant in edges)
    assert sum((e - s for s, e in pieces), timedelta()) == calendar.between(start, end)


@given(calendars(), durations, durations)
def test_between_adds_up(case, one, two):
    calendar, start = case
    middle, end = start + one, start + one + two
    parts = calendar.between(start, middle) + calendar.between(middle, end)
    assert parts == calendar.between(start, end)


@given(calendars(), st.integers(0, 12), st.integers(0, 12))
def test_add_days_ends_in_open_time_and_is_monotone(case, one, two):
    calendar, start = case
    few, many = sorted((one, two))
    end = calendar.add_days(start, few)
    assert start <= end <= calendar.add_days(start, many)
    moment = timedelta(microseconds=1)
    assert calendar.between(end - moment, end + moment)


@given(calendars(), durations, st.timedeltas(timedelta(), 9 * DAY))
def test_pause_in_closed_time_moves_nothing(case, duration, pause):
    calendar, start = case
    if not calendar.between(start, start + pause):
        assert calendar.add(start, duration) == calendar.add(start + pause, duration)


# The oracle looks at each minute on a wall clock. Edges between 04:00 and 20:00 keep
# away from times that don't exist or come twice, for which the rule has own tests.


@lru_cache(None)
def wall_clock(tz, start, count):
    zone = ZoneInfo(tz)
    instants = (start.replace(tzinfo=timezone.utc) + n * MINUTE for n in range(count))
    return [instant.astimezone(zone).replace(tzinfo=None) for instant in instants]


class Oracle:
    # A single open weekday, with the longest leaves, opens again within 19 days.
    COUNT = 22 * 1440

    def __init__(self, week, tz, leaves, moment):
        self.start = moment - DAY
        self.locals = wall_clock(tz, self.start, self.COUNT)
        self.open = [
            any(low <= local.time() < high for low, high in week.get(day, ()))
            for local in self.locals
            for day in [local.weekday()]
        ]
        for low, high in leaves:
            for index in range(self._index(low), min(self._index(high), self.COUNT)):
                self.open[index] = False

    def _index(self, instant):
        return max((instant - self.start) // MINUTE, 0)

    def add(self, start, minutes):
        """Return None when the window of the oracle is too short."""
        index = self._index(start)
        while index < len(self.open):
            if self.open[index] and not minutes:
                return self.start + index * MINUTE
            minutes -= self.open[index]
            index += 1
            if self.open[index - 1] and not minutes:
                return self.start + index * MINUTE
        return None

    def between(self, start, end):
        return sum(self.open[self._index(start) : self._index(end)]) * MINUTE

    def add_days(self, start, days):
        start = self.add(start, 0)
        if start is None:
            return None
        wanted = self.locals[self._index(start)]
        pairs = zip(self.locals, self.open, strict=True)
        dates = sorted({x.date() for x, is_open in pairs if is_open})
        dates = [day for day in dates if day >= wanted.date()][: days + 1]
        if len(dates) <= days:
            return None
        return self._fit(datetime.combine(dates[days], wanted.time()))

    def _fit(self, local):
        same_day = [
            index
            for index, is_open in enumerate(self.open)
            if is_open and self.locals[index].date() == local.date()
        ]
        for index in same_day:
            if self.locals[index] >= local:
                return self.start + index * MINUTE
        return self.start + (same_day[-1] + 1) * MINUTE


@st.composite
def oracles(draw):
    moment = draw(st.sampled_from(MOMENTS[1:]))  # not the date that Samoa left out
    week = draw(weeks(st.integers(4 * 60, 20 * 60)))
    tz = draw(st.sampled_from(ZONES))
    leaves = draw(leaves_near(moment))
    start = moment + draw(st.integers(0, 8 * 1440)) * MINUTE
    return (
        BusinessTime.from_week(week, tz, leaves),
        Oracle(week, tz, leaves, moment),
        start,
    )


@settings(max_examples=40)
@given(
    oracles(), st.lists(st.integers(0, 3000), min_size=5, max_size=5), st.integers(0, 9)
)
def test_answers_equal_the_minute_by_minute_oracle(case, minutes, days):
    calendar, oracle, start = case
    compared = 0
    for count in (0, *minutes):
        wanted = oracle.add(start, count)
        if wanted is not None:
            compared += 1
            assert calendar.add(start, count * MINUTE) == wanted
        end = start + count * MINUTE
        assert calendar.between(start, end) == oracle.between(start, end)
    wanted = oracle.add_days(start, days)
    if wanted is not None:
        assert calendar.add_days(start, days) == wanted
    assert compared
