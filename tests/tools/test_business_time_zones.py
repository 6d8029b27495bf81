"""Business time in zones whose clocks change."""

from datetime import datetime

import pytest
from calendar_samples import H, at, week
from complaint_tools.business_time import BusinessTime

# Europe/Berlin: 2024-03-31 02:00 -> 03:00, 2024-10-27 03:00 -> 02:00.
BERLIN = "Europe/Berlin"


def utc(text):
    return datetime.fromisoformat(text)


def test_opening_that_does_not_exist_moves_forward():
    calendar = BusinessTime.from_week(week([6], ("02:30", "06:00")), BERLIN)
    day = utc("2024-03-31 00:00"), utc("2024-04-01 00:00")
    assert calendar.intervals(*day) == [(utc("2024-03-31 01:30"), day[0] + 4 * H)]


def test_interval_that_ends_before_it_starts_on_a_clock_change_is_left_out():
    hours = week([6], ("02:30", "03:15"), ("10:00", "11:00"))
    calendar = BusinessTime.from_week(hours, BERLIN)
    assert calendar.intervals(utc("2024-03-30 12:00"), utc("2024-04-01 00:00")) == [
        (utc("2024-03-31 08:00"), utc("2024-03-31 09:00"))
    ]


def test_opening_that_is_ambiguous_is_the_first():
    calendar = BusinessTime.from_week(week([6], ("02:30", "03:30")), BERLIN)
    assert calendar.intervals(utc("2024-10-26 12:00"), utc("2024-10-28 00:00")) == [
        (utc("2024-10-27 00:30"), utc("2024-10-27 02:30"))
    ]


def test_closing_that_is_ambiguous_is_the_first():
    calendar = BusinessTime.from_week(week([6], ("01:00", "02:30")), BERLIN)
    assert calendar.intervals(utc("2024-10-26 12:00"), utc("2024-10-28 00:00")) == [
        (utc("2024-10-26 23:00"), utc("2024-10-27 00:30"))
    ]


def test_clock_change_inside_open_time_counts_real_hours():
    calendar = BusinessTime.from_week(week(range(7), ("00:00", "00:00")), BERLIN)
    spring, autumn = at("2024-03-31 00:00", BERLIN), at("2024-10-27 00:00", BERLIN)
    assert calendar.add(spring, 23 * H) == at("2024-04-01 00:00", BERLIN)
    assert calendar.add(autumn, 25 * H) == at("2024-10-28 00:00", BERLIN)


def test_hours_follow_local_time_over_a_clock_change():
    calendar = BusinessTime.from_week(week(range(5), ("09:00", "17:00")), BERLIN)
    assert calendar.add(utc("2024-03-29 15:00"), 2 * H) == utc("2024-04-01 08:00")
    assert calendar.add_days(utc("2024-03-29 15:00"), 1) == utc("2024-04-01 14:00")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-03-30 01:30", "2024-03-31 01:30"),  # 02:30 doesn't exist: 03:30
        ("2024-10-26 00:30", "2024-10-27 00:30"),  # 02:30 comes twice: the first
    ],
)
def test_add_days_to_a_clock_change_takes_the_time_by_the_rule(start, end):
    calendar = BusinessTime.from_week(week(range(7), ("00:00", "00:00")), BERLIN)
    assert calendar.add_days(utc(start), 1) == utc(end)


def test_midnight_that_does_not_exist_opens_with_the_day():
    tz = "Asia/Tehran"  # 2021-03-22 00:00 -> 01:00, 2021-09-22 00:00 -> 23:00
    calendar = BusinessTime.from_week(week(range(7), ("00:00", "00:00")), tz)
    assert calendar.intervals(utc("2021-03-01 00:00"), utc("2021-10-01 00:00")) == [
        (utc("2021-03-01 00:00"), utc("2021-10-01 00:00"))
    ]
    morning = BusinessTime.from_week(week([0], ("00:00", "02:00")), tz)
    assert morning.intervals(utc("2021-03-21 00:00"), utc("2021-03-23 00:00")) == [
        (utc("2021-03-21 20:30"), utc("2021-03-21 21:30"))
    ]


def test_date_that_a_zone_left_out_has_no_hours():
    tz = "Pacific/Apia"  # 2011-12-30 didn't happen
    calendar = BusinessTime.from_week(week([4, 5], ("09:00", "10:00")), tz)
    assert calendar.intervals(utc("2011-12-26 00:00"), utc("2012-01-05 00:00")) == [
        (utc("2011-12-30 19:00"), utc("2011-12-30 20:00"))
    ]


@pytest.mark.parametrize("tz", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_zones_far_from_utc_keep_hours_at_the_turn_of_the_year(tz):
    calendar = BusinessTime.from_week(week(range(7), ("08:00", "10:00")), tz)
    assert calendar.add(at("2023-12-31 09:30", tz), H) == at("2024-01-01 08:30", tz)
    assert calendar.add_days(at("2023-12-31 09:30", tz), 1) == (
        at("2024-01-01 09:30", tz)
    )
