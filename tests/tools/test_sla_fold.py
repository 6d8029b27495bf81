"""The fold of a clock's events, and the ledger that explains it."""

from datetime import datetime, time, timedelta

import pytest
from complaint_tools.business_time import BusinessTime
from complaint_tools.sla_fold import ZERO, Event, apply, fold
from complaint_tools.sla_ledger import (
    CLOSED,
    COUNTED,
    HOLIDAY,
    PAUSED,
    Row,
    as_hours,
    ledger,
    row_minutes,
    to_minutes,
)
from hypothesis import given
from hypothesis import strategies as st

DAYS = {day: [(time(9), time(13)), (time(14), time(18))] for day in range(5)}
# Monday 2024-01-01 is a holiday.
HOLIDAYS = [(datetime(2023, 12, 31, 20), datetime(2024, 1, 1, 20), "New Year")]
BAKU = BusinessTime.from_week(DAYS, "Asia/Baku", [h[:2] for h in HOLIDAYS])
HOUR = timedelta(hours=1)
# 2024-01-03 is a Wednesday; Baku is UTC+4, so work starts at 05:00.
OPENING = datetime(2024, 1, 3, 5)


def start(target=8, unit="business_hours", at=OPENING, hours=BAKU):
    return Event("start", at, cell=(unit, target, hours), since=at)


def at(text):
    return datetime.fromisoformat(text)


def test_start_alone_gives_deadline_of_promise():
    clock = fold([start()])
    assert (clock.state, clock.deadline) == ("running", at("2024-01-03 14:00"))
    assert clock.used(at("2024-01-03 09:30")) == 4 * HOUR


def test_clock_without_start_is_refused():
    with pytest.raises(ValueError):
        fold([])


def test_pause_in_open_time_moves_deadline_by_open_time_only():
    clock = fold(
        [
            start(),
            Event("pause", at("2024-01-03 08:00"), label="Waiting"),
            # over lunch and night: 1 h before lunch, 4 h after it, 2 h next day
            Event("resume", at("2024-01-04 07:00")),
        ]
    )
    assert clock.paused(at("2024-01-05 00:00")) == 7 * HOUR
    assert clock.deadline == at("2024-01-04 13:00")


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("2024-01-03 09:00", "2024-01-03 10:00"),  # lunch
        ("2024-01-03 15:00", "2024-01-04 04:00"),  # night
        ("2024-01-05 14:00", "2024-01-08 05:00"),  # weekend
    ],
)
def test_pause_in_closed_time_moves_nothing(begin, end):
    events = [start(target=40), Event("pause", at(begin)), Event("resume", at(end))]
    assert fold(events).deadline == fold([start(target=40)]).deadline


def test_pause_after_the_deadline_saves_nothing():
    clock = fold([start(), Event("pause", at("2024-01-04 06:00"))])
    assert clock.deadline == at("2024-01-03 14:00")


def test_paused_clock_answered_is_kept():
    clock = fold(
        [
            start(),
            Event("pause", at("2024-01-03 13:00")),
            Event("stop", at("2024-01-10 06:00")),
        ]
    )
    assert (clock.state, clock.stopped_at) == ("met", at("2024-01-10 06:00"))
    assert clock.used(at("2024-02-01 00:00")) == 7 * HOUR


def test_case_received_while_paused_counts_from_resume():
    clock = fold(
        [
            start(),
            Event("pause", at("2024-01-02 05:00")),
            Event("resume", at("2024-01-03 07:00")),
        ]
    )
    assert clock.paused(at("2024-01-04 00:00")) == 2 * HOUR
    assert clock.deadline == at("2024-01-04 07:00")


def test_reopened_clock_goes_on_with_time_used():
    clock = fold(
        [
            start(),
            Event("stop", at("2024-01-03 11:00")),  # 5 h used
            Event("reopen", at("2024-01-09 05:00")),
        ]
    )
    assert (clock.state, clock.stopped_at) == ("running", None)
    assert clock.deadline == at("2024-01-09 08:00")


def test_retarget_keeps_pauses_and_start():
    pause = [
        Event("pause", at("2024-01-03 06:00")),
        Event("resume", at("2024-01-03 08:00")),
    ]
    moved = Event(
        "retarget", at("2024-01-03 08:30"), cell=("business_hours", 4, BAKU), since=None
    )
    assert fold([start(), *pause, moved]).deadline == at("2024-01-03 12:00")


def test_missed_stays_missed_though_answered_or_reopened():
    events = [
        start(),
        Event("breach", at("2024-01-03 14:00")),
        Event("stop", at("2024-01-04 06:00")),
    ]
    assert fold(events).state == "missed"
    again = fold([*events, Event("reopen", at("2024-01-05 06:00"))])
    assert (again.state, again.stopped_at) == ("missed", None)


def test_stop_after_deadline_is_missed_also_when_nobody_noted_it():
    clock = fold([start(), Event("stop", at("2024-01-03 14:00:01"))])
    assert (clock.state, clock.breached_at) == ("missed", at("2024-01-03 14:00"))


def test_stop_at_the_deadline_is_kept():
    assert fold([start(), Event("stop", at("2024-01-03 14:00"))]).state == "met"


def test_business_days_are_moved_by_pauses_too():
    first = start(target=1, unit="business_days", at=at("2024-01-03 08:00"))
    pause = [
        Event("pause", at("2024-01-03 10:00")),
        Event("resume", at("2024-01-03 12:00")),
    ]
    assert fold([first]).deadline == at("2024-01-04 08:00")
    assert fold([first, *pause]).deadline == at("2024-01-04 11:00")


def test_share_of_the_time_is_moved_by_pauses():
    events = [start()]
    assert fold(events).at_share(0.5) == at("2024-01-03 09:00")
    events += [
        Event("pause", at("2024-01-03 06:00")),
        Event("resume", at("2024-01-03 07:00")),
    ]
    assert fold(events).at_share(0.5) == at("2024-01-03 11:00")
    assert fold(events).at_share(1) == fold(events).deadline


def test_ledger_names_every_interval():
    clock = fold(
        [
            start(at=at("2023-12-29 12:00")),  # Friday 16:00 in Baku
            Event("pause", at("2024-01-02 06:00"), label="Waiting", actor="Leyla"),
            Event("resume", at("2024-01-02 07:00"), actor="Leyla"),
        ]
    )
    account = ledger(clock, at("2024-01-02 08:00"), HOLIDAYS)
    assert [(row.kind, row.label, as_hours(row.duration)) for row in account.rows] == [
        (COUNTED, "", (2, 0)),
        (CLOSED, "", (54, 0)),
        (HOLIDAY, "New Year", (24, 0)),
        (CLOSED, "", (9, 0)),
        (COUNTED, "", (1, 0)),
        (PAUSED, "Waiting", (1, 0)),
        (COUNTED, "", (1, 0)),
    ]
    assert account.rows[5].actor == "Leyla"
    assert account.elapsed == timedelta(hours=92)


moments = st.integers(0, 60 * 24 * 40).map(
    lambda m: datetime(2023, 12, 20) + timedelta(minutes=m)
)
units = st.sampled_from(
    [("business_hours", 13), ("business_days", 3), ("clock_hours", 50)]
)


@st.composite
def histories(draw):
    """A start and some pauses, re-openings and changes in the order of time."""
    begin = draw(moments)
    unit, target = draw(units)
    events = [Event("start", begin, cell=(unit, target, BAKU), since=begin)]
    later = sorted(draw(st.lists(moments, max_size=8)))
    for moment in later:
        kind = draw(st.sampled_from(["pause", "resume", "stop", "reopen", "retarget"]))
        cell = None
        if kind == "retarget":
            new_unit, new_target = draw(units)
            cell = (new_unit, new_target, BAKU)
        events.append(Event(kind, moment, cell=cell))
    return events


@given(histories(), moments)
def test_ledger_adds_up_to_the_fold(events, until):
    clock = fold(events)
    account = ledger(clock, until, HOLIDAYS)
    end = max(min(clock.stopped_at or until, until), clock.started_at)
    assert account.elapsed == end - clock.started_at
    if until > clock.started_at:
        assert account.total(COUNTED) == clock.used(until)
        assert account.total(PAUSED) == clock.paused(end)
        closed = account.total(CLOSED) + account.total(HOLIDAY)
        assert closed == clock.closed(until)
    for row, following in zip(account.rows, account.rows[1:], strict=False):
        assert row.end == following.start


def test_pauses_add_up_by_reason():
    events = [start()]
    for hour, reason in ((6, 1), (8, 2), (11, 1)):
        events += [
            Event("pause", at(f"2024-01-03 {hour:02}:00"), reason=reason),
            Event("resume", at(f"2024-01-03 {hour + 1:02}:00")),
        ]
    clock = fold(events)
    hour = timedelta(hours=1)
    assert clock.paused_by_reason(clock.last_at) == {1: 2 * hour, 2: hour}
    events += [
        Event("stop", at("2024-01-03 12:00")),
        Event("reopen", at("2024-01-04 06:00")),
    ]
    totals = fold(events).paused_by_reason(at("2024-01-05 08:00"))
    # Wednesday 16:00 to 18:00 and Thursday 09:00 to 10:00 in Baku.
    assert totals == {1: 2 * hour, 2: hour, "stop": 3 * hour}


def test_nothing_counts_after_the_end():
    events = [start(), Event("stop", at("2024-01-03 07:00"))]
    later = Event("retarget", at("2024-01-09 07:00"), cell=("clock_hours", 5, None))
    clock = fold([*events, later])
    assert clock.paused(clock.last_at) == ZERO
    assert clock.closed(clock.last_at) == ZERO
    assert clock.used(clock.last_at) == at("2024-01-03 07:00") - clock.started_at


@given(st.lists(st.tuples(st.sampled_from([COUNTED, PAUSED]), st.integers(1, 9999))))
def test_minutes_of_rows_add_up_to_the_sums_shown(pieces):
    rows, moment = [], OPENING
    for kind, seconds in pieces:
        end = moment + timedelta(seconds=seconds)
        rows.append(Row(moment, end, kind))
        moment = end
    minutes = row_minutes(rows)
    for kind in (COUNTED, PAUSED):
        ours = [m for m, row in zip(minutes, rows, strict=True) if row.kind == kind]
        total = sum((row.duration for row in rows if row.kind == kind), ZERO)
        assert sum(ours) == to_minutes(total)
    for row, shown in zip(rows, minutes, strict=True):
        assert abs(shown - row.duration / timedelta(minutes=1)) <= 1


@given(histories())
def test_time_used_at_the_deadline_is_what_was_promised(events):
    clock = fold(events)
    if clock.is_standing or clock.stopped_at:
        return
    # A pause that began after the deadline saved nothing, and isn't counted here.
    early = [span for span in clock.spans() if span[0] < clock.deadline]
    standing = sum((clock.time.between(*span) for span in early), ZERO)
    total = clock.time.between(clock.started_at, clock.deadline) - standing
    assert total == clock.total


@given(histories())
def test_deadline_is_open_or_a_closing(events):
    clock = fold(events)
    deadline = clock.deadline
    instant = timedelta(microseconds=1)
    opened = clock.time.intervals(deadline - instant, deadline + instant)
    assert opened


@given(histories(), moments, st.integers(1, 3000))
def test_one_more_pause_never_makes_it_earlier(events, begin, minutes):
    clock = fold(events)
    if clock.is_standing or clock.stopped_at or begin <= events[-1].at:
        return
    more = [
        Event("pause", begin),
        Event("resume", begin + timedelta(minutes=minutes)),
    ]
    assert fold([*events, *more]).deadline >= clock.deadline


@given(histories(), st.data())
def test_one_more_pause_in_closed_time_moves_nothing(events, data):
    clock = fold(events)
    if clock.is_standing or clock.stopped_at:
        return
    # Gaps between open times after the last event: nights, lunch, weekends.
    last = events[-1].at
    opened = clock.time.intervals(last, last + timedelta(days=14))
    gaps = [(a[1], b[0]) for a, b in zip(opened, opened[1:], strict=False)]
    if not gaps:
        return  # clock time has no closed time
    begin, end = data.draw(st.sampled_from(gaps))
    low, high = sorted(
        begin + share * (end - begin) / 100
        for share in data.draw(st.tuples(st.integers(0, 100), st.integers(0, 100)))
    )
    more = fold([*events, Event("pause", low), Event("resume", high)])
    assert more.deadline == clock.deadline
    assert more.used(end) == clock.used(end)


def test_pause_over_night_and_holiday_counts_open_time_once():
    begin = at("2023-12-29 12:00")  # Friday 16:00 in Baku
    events = [
        start(target=16, at=begin),
        Event("pause", at("2023-12-29 13:00")),
        # over the night, the weekend, New Year on Monday and another night
        Event("resume", at("2024-01-03 06:00")),
    ]
    clock = fold(events)
    # 1 h on Friday, 8 h on Tuesday, 1 h on Wednesday
    assert clock.paused(at("2024-01-03 06:00")) == 10 * HOUR
    assert clock.used(at("2024-01-03 06:00")) == 1 * HOUR
    assert fold(events[:1]).deadline == at("2024-01-03 12:00")
    assert clock.deadline == at("2024-01-04 14:00")


def test_deadline_is_counted_again_after_each_event():
    """What is counted once for a state is forgotten with the next event."""
    clock = fold([start()])
    assert clock.deadline == at("2024-01-03 14:00")
    apply(clock, Event("pause", at("2024-01-03 06:00")))
    apply(clock, Event("resume", at("2024-01-03 07:00")))
    assert clock.deadline == at("2024-01-04 06:00")
    apply(
        clock, Event("retarget", at("2024-01-03 07:00"), cell=("clock_hours", 2, None))
    )
    assert (clock.deadline, clock.total) == (at("2024-01-03 08:00"), 2 * HOUR)


def test_missed_promise_that_lapses_stays_missed():
    clock = fold(
        [
            start(),
            Event("breach", at("2024-01-03 14:00")),
            Event("cancel", at("2024-01-05 06:00")),
        ]
    )
    assert (clock.state, clock.is_ended) == ("missed", True)
