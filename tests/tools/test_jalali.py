"""Persian dates, against published calendars."""

from datetime import date

from complaint_tools import jalali


def test_jalali_known_days_match():
    # First and last days of leap and common years, from published calendars.
    for gregorian, expected in (
        (date(2024, 3, 20), (1403, 1, 1)),
        (date(2025, 3, 20), (1403, 12, 30)),
        (date(2025, 3, 21), (1404, 1, 1)),
        (date(2026, 3, 21), (1405, 1, 1)),
        (date(2021, 3, 20), (1399, 12, 30)),
        (date(2029, 3, 20), (1408, 1, 1)),
        (date(1979, 2, 11), (1357, 11, 22)),
    ):
        assert jalali.from_date(gregorian) == expected


def test_jalali_days_follow_each_other():
    before = None
    for ordinal in range(date(1990, 1, 1).toordinal(), date(2060, 1, 1).toordinal()):
        year, month, day = jalali.from_date(date.fromordinal(ordinal))
        assert 1 <= month <= 12 and 1 <= day <= 31
        if before:
            y, m, d = before
            following = (y, m, d + 1), (y, m + 1, 1), (y + 1, 1, 1)
            assert (year, month, day) in following
        before = year, month, day


def test_jalali_text_is_persian():
    assert jalali.format_date(date(2026, 3, 21)) == "۱ فروردین ۱۴۰۵"
