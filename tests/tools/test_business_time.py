"""Published vectors, edge cases and errors of business time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta, timezone

import pytest
from calendar_samples import DAY, LUNCH, H, at, week, whole_day
from complaint_tools.business_time import BusinessTime, NoBusinessTime
from work_counter import count_calls

OFFICE = BusinessTime.from_week(week(range(5), ("09:00", "17:00")), "UTC")
DAILY = BusinessTime.from_week(
    week(range(7), ("10:00", "18:00")), "UTC", [whole_day("2019-03-05")]
)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2024-01-17 10:00", 2, "2024-01-17 12:00"),
        ("2024-01-19 16:00", 2, "2024-01-22 10:00"),
        ("2024-01-17 07:00", 2, "2024-01-17 11:00"),
        ("2024-01-17 18:00", 2, "2024-01-18 11:00"),
        ("2024-01-20 10:00", 2, "2024-01-22 11:00"),
        ("2024-01-15 16:00", 10, "2024-01-17 10:00"),
    ],
)
def test_add_in_office_hours_matches_published_vector(start, hours, end):
    assert OFFICE.add(at(start), hours * H) == at(end)


@pytest.mark.parametrize(
    ("start", "respond", "resolve"),
    [
        ("2019-03-04 12:00", "2019-03-04 16:00", "2019-03-04 18:00"),
        ("2019-03-04 07:00", "2019-03-04 14:00", "2019-03-04 16:00"),
        ("2019-03-04 20:00", "2019-03-06 14:00", "2019-03-06 16:00"),
        ("2019-03-04 14:00", "2019-03-04 18:00", "2019-03-06 12:00"),
    ],
)
def test_add_around_holiday_matches_published_vector(start, respond, resolve):
    assert DAILY.add(at(start), 4 * H) == at(respond)
    assert DAILY.add(at(start), 6 * H) == at(resolve)


def test_add_in_brussels_with_whole_day_leave_matches_published_vector():
    tz = "Europe/Brussels"
    calendar = BusinessTime.from_week(
        week(range(5), ("08:00", "16:00")), tz, [whole_day("2018-04-11", tz)]
    )
    assert calendar.add(at("2018-04-10 15:00", tz), 5 * H) == at("2018-04-12 12:00", tz)
    assert calendar.add(at("2018-04-11 00:00", tz), 0 * H) == at("2018-04-12 08:00", tz)


def test_add_in_istanbul_with_lunch_matches_published_vector():
    tz = "Europe/Istanbul"
    friday = at("2024-01-19 16:00", tz)
    calendar = BusinessTime.from_week(LUNCH, tz)
    assert calendar.add(friday, 8 * H) == at("2024-01-22 16:00", tz)
    assert calendar.add_days(friday, 1) == at("2024-01-22 16:00", tz)
    holiday = BusinessTime.from_week(LUNCH, tz, [whole_day("2024-01-22", tz)])
    assert holiday.add(friday, 8 * H) == at("2024-01-23 16:00", tz)
    assert holiday.add_days(friday, 1) == at("2024-01-23 16:00", tz)


def test_always_is_clock_time():
    always = BusinessTime.always()
    friday = at("2024-01-19 17:30")
    assert always.add(friday, 2 * H) == at("2024-01-19 19:30")
    assert always.add(friday, 24 * H) == at("2024-01-20 17:30")
    assert always.add_days(friday, 400) == friday + 400 * DAY
    assert always.between(friday, friday + 800 * DAY) == 800 * DAY
    assert always.intervals(friday, friday + 800 * DAY) == [
        (friday, friday + 800 * DAY)
    ]
    assert always is BusinessTime.always()


def test_add_used_up_at_closing_ends_there():
    assert OFFICE.add(at("2024-01-19 09:00"), 8 * H) == at("2024-01-19 17:00")
    moment = timedelta(microseconds=1)
    assert OFFICE.add(at("2024-01-19 09:00"), 8 * H + moment) == (
        at("2024-01-22 09:00") + moment
    )
    # With the lunch break in between as well.
    calendar = BusinessTime.from_week(LUNCH, "UTC")
    assert calendar.add(at("2024-01-19 08:00"), 4 * H) == at("2024-01-19 12:00")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-01-19 16:59:59.999999", "2024-01-19 16:59:59.999999"),
        ("2024-01-19 17:00", "2024-01-22 09:00"),
        ("2024-01-20 00:00", "2024-01-22 09:00"),
        ("2024-01-22 09:00", "2024-01-22 09:00"),
        ("2024-12-31 17:00", "2025-01-01 09:00"),
    ],
)
def test_add_nothing_moves_to_open_time_only(start, end):
    assert OFFICE.add(at(start), timedelta()) == at(end)
    assert OFFICE.add_days(at(start), 0) == at(end)


def test_week_with_end_at_midnight_reaches_the_end_of_the_day():
    calendar = BusinessTime.from_week(week([0], ("22:00", "00:00")), "UTC")
    monday = at("2024-01-22 22:00")
    assert calendar.add(monday, 2 * H) == at("2024-01-23 00:00")
    assert calendar.between(monday, monday + 7 * DAY) == 2 * H


def test_week_with_touching_and_overlapping_intervals_is_merged():
    messy = week(range(5), ("13:00", "17:00"), ("09:00", "12:00"), ("11:00", "13:00"))
    calendar = BusinessTime.from_week(messy, "UTC")
    span = at("2024-01-15 00:00"), at("2024-01-22 00:00")
    assert calendar.intervals(*span) == OFFICE.intervals(*span)
    assert calendar.between(*span) == 40 * H


def test_leaves_unsorted_overlapping_and_partial_are_subtracted_once():
    leaves = [
        (at("2024-01-17 13:00"), at("2024-01-17 15:00")),
        (at("2024-01-16 12:00"), at("2024-01-16 20:00")),
        (at("2024-01-17 14:00"), at("2024-01-17 16:00")),
        (at("2024-01-18 10:00"), at("2024-01-18 10:00")),
        (at("2024-01-13 00:00"), at("2024-01-14 00:00")),
    ]
    calendar = BusinessTime.from_week(
        week(range(5), ("09:00", "17:00")), "UTC", iter(leaves)
    )
    assert calendar.between(at("2024-01-15 00:00"), at("2024-01-20 00:00")) == 32 * H
    assert calendar.intervals(at("2024-01-16 10:00"), at("2024-01-17 18:00")) == [
        (at("2024-01-16 10:00"), at("2024-01-16 12:00")),
        (at("2024-01-17 09:00"), at("2024-01-17 13:00")),
        (at("2024-01-17 16:00"), at("2024-01-17 17:00")),
    ]


def test_between_backwards_is_zero():
    assert OFFICE.between(at("2024-01-17 12:00"), at("2024-01-17 10:00")) == 0 * H
    assert OFFICE.intervals(at("2024-01-17 12:00"), at("2024-01-17 10:00")) == []


def test_between_over_years_adds_up():
    leap_year = at("2024-01-01 00:00"), at("2025-01-01 00:00")
    assert OFFICE.between(*leap_year) == 262 * 8 * H
    assert (
        OFFICE.between(at("2023-12-29 16:00"), at("2026-01-01 10:00"))
        == (1 + 262 * 8 + 261 * 8 + 1) * H
    )


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2024-01-19 07:00", 1, "2024-01-22 08:00"),  # closed: Friday's opening first
        ("2024-01-19 12:00", 1, "2024-01-22 13:00"),  # lunch is closed
        ("2024-01-19 12:30", 0, "2024-01-19 13:00"),
        ("2024-01-19 17:00", 1, "2024-01-23 08:00"),  # closed since this instant
        ("2024-01-20 15:00", 2, "2024-01-24 08:00"),
        ("2024-01-17 14:15", 10, "2024-01-31 14:15"),
        ("2023-12-29 16:59:59.999999", 1, "2024-01-01 16:59:59.999999"),
        ("2023-12-29 16:00", 262, "2024-12-31 16:00"),
        ("2023-12-29 16:00", 262 + 261, "2025-12-31 16:00"),
    ],
)
def test_add_days_keeps_the_local_clock_time(start, days, end):
    calendar = BusinessTime.from_week(LUNCH, "Asia/Baku")
    assert calendar.add_days(at(start, "Asia/Baku"), days) == at(end, "Asia/Baku")


def test_add_days_into_shorter_day_is_fitted_into_it():
    hours = week([0], ("08:00", "19:00")) | week([1], ("10:00", "12:00"))
    hours[1] = [*hours[1], (time(14), time(16))]
    calendar = BusinessTime.from_week(hours, "UTC")
    for start, end in (
        ("08:30", "10:00"),
        ("11:00", "11:00"),
        ("12:00", "14:00"),
        ("13:00", "14:00"),
        ("16:00", "16:00"),
        ("18:00", "16:00"),
    ):
        monday, tuesday = f"2024-01-22 {start}", f"2024-01-23 {end}"
        assert calendar.add_days(at(monday), 1) == at(tuesday), start


def test_add_days_counts_a_half_holiday_but_not_a_whole_one():
    leaves = [
        (at("2024-01-22 00:00"), at("2024-01-23 00:00")),
        (at("2024-01-23 13:00"), at("2024-01-24 00:00")),
    ]
    calendar = BusinessTime.from_week(LUNCH, "UTC", leaves)
    assert calendar.add_days(at("2024-01-19 16:00"), 1) == at("2024-01-23 12:00")


def test_far_away_dates_are_counted():
    calendar = BusinessTime.from_week(LUNCH, "Europe/Istanbul")
    for year, day in ((1990, "01-19"), (2100, "01-22")):
        friday = at(f"{year}-{day} 16:00", "Europe/Istanbul")
        assert friday.weekday() == 4
        assert calendar.add(friday, 2 * H) == friday + 2 * DAY + 17 * H
        assert calendar.add_days(friday, 1) == friday + 3 * DAY


def test_dates_at_the_ends_of_the_calendar_answer():
    calendar = BusinessTime.from_week(LUNCH, "Asia/Baku")
    assert calendar.between(datetime.min, datetime(1, 12, 31)) > 2000 * H
    assert calendar.between(datetime(9999, 1, 1), datetime.max) > 2000 * H
    assert calendar.add(datetime.min, H) > datetime.min
    with pytest.raises(NoBusinessTime):
        calendar.add(datetime(9999, 12, 1), 1000 * H)
    with pytest.raises(NoBusinessTime):
        calendar.add(datetime(2024, 1, 1), timedelta.max)
    with pytest.raises(NoBusinessTime):
        calendar.add_days(datetime(2024, 1, 1), 10**12)
    with pytest.raises(NoBusinessTime):
        BusinessTime.always().add(datetime(2024, 1, 1), timedelta.max)


def test_calendar_without_hours_raises_and_counts_nothing():
    for hours in ({}, {0: []}):
        calendar = BusinessTime.from_week(hours, "UTC")
        start = at("2024-02-29 00:00")
        for duration in (timedelta(), H):
            with pytest.raises(NoBusinessTime, match="5 years"):
                calendar.add(start, duration)
        with pytest.raises(NoBusinessTime):
            calendar.add_days(start, 1)
        assert calendar.between(start, start + 900 * DAY) == timedelta()
        assert calendar.intervals(start, start + 900 * DAY) == []


@pytest.mark.parametrize(
    ("until", "raises"), [("2028-12-31 00:00", False), ("2029-01-01 18:00", True)]
)
def test_leave_longer_than_five_years_raises_from_its_start(until, raises):
    leave = at("2024-01-01 10:00"), at(until)
    hours = week(range(7), ("09:00", "17:00"))
    calendar = BusinessTime.from_week(hours, "UTC", [leave])
    morning = at("2024-01-01 09:00")
    assert calendar.add(morning, H) == at("2024-01-01 10:00")
    questions = [
        lambda: calendar.add(morning, 2 * H),
        lambda: calendar.add(leave[0], timedelta()),
        lambda: calendar.add(leave[0], H),
        lambda: calendar.add_days(morning, 1),
        lambda: calendar.add_days(leave[0], 1),
    ]
    for question in questions:
        if raises:
            with pytest.raises(NoBusinessTime):
                question()
        else:
            assert question() > leave[1]
    # Near the end of the leave the next opening is in reach again.
    assert calendar.add(leave[1] - DAY, H) > leave[1]


@pytest.mark.parametrize(
    ("hours", "tz", "leaves", "message"),
    [
        ({7: []}, "UTC", (), "Weekdays"),
        ({"0": []}, "UTC", (), "Weekdays"),
        ({0: [(time(17), time(9))]}, "UTC", (), "cross midnight"),
        ({0: [(time(9), time(9))]}, "UTC", (), "ends before"),
        ({0: [(9.0, 17.0)]}, "UTC", (), "local times"),
        ({0: [(time(9, tzinfo=timezone.utc), time(17))]}, "UTC", (), "local times"),
        ({}, "Mars/Olympus", (), "Mars/Olympus"),
        ({}, "", (), "time zone"),
        ({}, None, (), "time zone"),
        ({}, "../etc/passwd", (), "time zone"),
        ({}, "Europe", (), "time zone"),
        ({}, "UTC", [(datetime(2024, 1, 2), datetime(2024, 1, 1))], "leave"),
        (
            {},
            "UTC",
            [(datetime(2024, 1, 1), datetime(2024, 1, 2, tzinfo=timezone.utc))],
            "naive UTC",
        ),
    ],
)
def test_compile_wrong_input_says_what_is_wrong(hours, tz, leaves, message):
    with pytest.raises(ValueError, match=message):
        BusinessTime.from_week(hours, tz, leaves)


@pytest.mark.parametrize("calendar", [OFFICE, BusinessTime.always()])
def test_question_with_wrong_input_says_what_is_wrong(calendar):
    start = datetime(2024, 1, 17)
    aware = start.replace(tzinfo=timezone.utc)
    for question in (
        lambda: calendar.add(aware, H),
        lambda: calendar.add_days(aware, 1),
        lambda: calendar.between(aware, start),
        lambda: calendar.between(start, aware),
        lambda: calendar.intervals(start, aware),
    ):
        with pytest.raises(ValueError, match="naive UTC"):
            question()
    with pytest.raises(ValueError, match="negative"):
        calendar.add(start, -H)
    with pytest.raises(ValueError, match="negative"):
        calendar.add_days(start, -1)
    for wrong in (
        lambda: calendar.add(start, 2),
        lambda: calendar.add_days(start, 1.0),
    ):
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(TypeError, match="datetime"):
        calendar.add(False, H)


def test_calendar_is_shared_between_threads():
    calendar = BusinessTime.from_week(LUNCH, "Europe/Istanbul")
    starts = [datetime(1950, 1, 1) + n * 50 * DAY for n in range(550)]
    wanted = [BusinessTime.add(calendar, start, 20 * H) for start in starts]
    fresh = BusinessTime.from_week(LUNCH, "Europe/Istanbul")
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda s: fresh.add(s, 20 * H), starts * 2))
    assert results == wanted * 2


def test_ten_thousand_deadlines_take_a_few_steps_each():
    # A ceiling against gross slowness; the ratio to plan_hours is make bench's.
    leaves = [whole_day(f"2024-{month:02}-10") for month in range(1, 13)]
    calendar = BusinessTime.from_week(LUNCH, "Europe/Istanbul", leaves)
    starts = [datetime(2024, 1, 1) + n * timedelta(minutes=53) for n in range(10_000)]
    steps = count_calls(lambda: [calendar.add(start, 20 * H) for start in starts])
    assert steps / len(starts) < 15
