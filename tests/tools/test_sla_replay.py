"""Replay of a clock under other promises."""

from datetime import datetime, time, timedelta

import pytest
from complaint_tools.business_time import BusinessTime
from complaint_tools.sla_fold import Event, Fold, apply, fold
from complaint_tools.sla_replay import outcome, replay
from hypothesis import given, settings
from hypothesis import strategies as st

DAYS = {day: [(time(9), time(13)), (time(14), time(18))] for day in range(5)}
BAKU = BusinessTime.from_week(DAYS, "Asia/Baku")
NIGHTS = BusinessTime.from_week({d: [(time(20), time())] for d in range(7)}, "UTC")
HOUR = timedelta(hours=1)
# A Wednesday; work starts at 05:00 UTC.
OPENING = datetime(2024, 1, 3, 5)
LATER = datetime(2024, 3, 1)


def at(hours):
    return OPENING + hours * HOUR


def start(target, unit="clock_hours", hours=None):
    return Event("start", OPENING, cell=(unit, target, hours), since=OPENING)


def run(events, *targets, standstills=()):
    state = replay(events, [("clock_hours", t, None) for t in targets], standstills)
    return outcome(state, LATER), state.deadline


def test_shorter_promise_is_missed_and_longer_one_kept():
    events = [start(10), Event("stop", at(8))]
    assert run(events, 10)[0] == "met"
    assert run(events, 7) == ("missed", at(7))
    assert run(events, 8)[0] == "met"


def test_missed_promise_is_kept_under_a_longer_one():
    events = [start(4), Event("breach", at(4)), Event("stop", at(8))]
    assert run(events, 4)[0] == "missed"
    assert run(events, 9) == ("met", at(9))


def test_real_pauses_count_in_the_other_promise():
    events = [start(9), Event("pause", at(2)), Event("resume", at(7))]
    events += [Event("stop", at(10))]
    assert run(events, 5) == ("met", at(10))
    assert run(events, 4) == ("missed", at(9))


def test_pause_after_a_shorter_promise_saves_nothing():
    events = [start(9), Event("pause", at(5)), Event("resume", at(50))]
    assert run([*events, Event("stop", at(52))], 4) == ("missed", at(4))


def test_standstill_of_a_late_clock_counts_in_a_longer_promise():
    events = [start(4), Event("breach", at(4)), Event("stop", at(20))]
    assert run(events, 8)[0] == "missed"
    standing = [(at(5), at(18))]
    assert run(events, 8, standstills=standing) == ("met", at(21))
    assert run(events, 4, standstills=standing) == ("missed", at(4))


def test_open_promise_is_open_until_it_is_late():
    events = [start(9)]
    assert outcome(replay(events, [("clock_hours", 5000, None)]), LATER) == "open"
    assert outcome(replay(events, [("clock_hours", 9, None)]), LATER) == "missed"


def test_paused_promise_is_open():
    events = [start(9), Event("pause", at(2))]
    assert run(events, 9)[0] == "open"
    assert run(events, 1) == ("missed", at(1))


def test_missed_before_a_retarget_stays_missed():
    events = [start(9), Event("retarget", at(5), cell=("clock_hours", 90, None))]
    events += [Event("stop", at(20))]
    assert run(events, 9, 90)[0] == "met"
    assert run(events, 4, 90)[0] == "missed"


def test_reopened_promise_keeps_the_time_used():
    events = [start(9), Event("stop", at(3)), Event("reopen", at(30))]
    events += [Event("stop", at(34))]
    assert run(events, 7)[0] == "met"
    assert run(events, 6)[0] == "missed"


def test_cancelled_promise_counts_nowhere():
    assert run([start(9), Event("cancel", at(1))], 5)[0] == "cancelled"


def test_other_opening_hours():
    events = [start(8, "business_hours", BAKU), Event("stop", at(9))]
    assert outcome(replay(events, [("business_hours", 8, BAKU)]), LATER) == "met"
    assert outcome(replay(events, [("business_hours", 8, NIGHTS)]), LATER) == "met"
    assert outcome(replay(events, [("clock_hours", 8, None)]), LATER) == "missed"


# -- the same promises give the same history -------------------------------------------
CELLS = st.tuples(
    st.sampled_from(["clock_hours", "business_hours", "business_days"]),
    st.integers(1, 30),
    st.sampled_from([BAKU, NIGHTS]),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pause", "resume", "retarget", "stop", "reopen", "cancel"]),
        st.integers(1, 4000),
        CELLS,
    ),
    max_size=12,
)


def live(cell, steps):
    """Play a clock the way the engine does, with a sweep that is never late."""
    events = [Event("start", OPENING, cell=cell, since=OPENING)]
    state, now = fold(events), OPENING

    def happen(event):
        events.append(event)
        apply(state, event)

    for kind, minutes, other in steps:
        now += timedelta(minutes=minutes)
        if state.state == "running" and state.deadline < now:
            happen(Event("breach", state.deadline))
        allowed = {
            "pause": state.state == "running",
            "resume": state.state == "paused",
            "retarget": not state.is_ended and not state.breached_at,
            "stop": not state.stopped_at,
            "reopen": bool(state.stopped_at),
            "cancel": not state.is_ended and not state.breached_at,
        }
        if allowed[kind]:
            cell = other if kind == "retarget" else None
            happen(Event(kind, now, cell=cell))
    return events, state, now


@settings(max_examples=300, deadline=None)
@given(CELLS, STEPS)
def test_replay_of_the_same_promises_is_what_happened(cell, steps):
    events, state, now = live(cell, steps)
    again = replay(events, [event.cell for event in events if event.cell])
    assert outcome(again, now) == outcome(state, now)
    assert again.breached_at == state.breached_at
    assert again.deadline == state.deadline
    assert again.pauses == state.pauses


@settings(max_examples=200, deadline=None)
@given(CELLS, STEPS, st.integers(1, 20))
def test_longer_clock_time_never_misses_more(cell, steps, more):
    events, __, now = live(("clock_hours", cell[1], None), steps)
    cells = [event.cell for event in events if event.cell]

    def missed(extra):
        longer = [("clock_hours", target + extra, None) for __, target, __ in cells]
        return outcome(replay(events, longer), now) == "missed"

    assert missed(0) or not missed(more)


def test_replay_leaves_the_events_alone():
    events = [start(4), Event("breach", at(4)), Event("stop", at(8))]
    before = list(events)
    run(events, 9, standstills=[(at(5), at(6))])
    assert events == before


def test_fold_without_start_is_not_late():
    assert outcome(Fold(cancelled_at=OPENING), LATER) == "cancelled"


def test_missing_cell_is_an_error():
    with pytest.raises(StopIteration):
        replay([start(4)], [])
