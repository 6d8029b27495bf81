"""Public holidays as closed spans."""

from datetime import date, datetime

import pytest
from complaint_tools import public_holidays


def _by_date(country, tz, **kw):
    return {h.date: h for h in public_holidays.find(country, [2026], tz, **kw)}


def test_whole_day_is_closed_from_midnight_to_midnight_local_time():
    found = _by_date("AZ", "Asia/Baku")[date(2026, 1, 20)]
    assert (found.start, found.end) == (
        datetime(2026, 1, 19, 20),
        datetime(2026, 1, 20, 20),
    )
    assert not found.is_half_day


def test_half_day_is_closed_from_one_o_clock():
    whole = _by_date("TR", "Europe/Istanbul")
    assert date(2026, 10, 28) not in whole
    both = _by_date("TR", "Europe/Istanbul", categories=("public", "half_day"))
    half = both[date(2026, 10, 28)]
    assert half.is_half_day
    assert (half.start, half.end) == (
        datetime(2026, 10, 28, 10),
        datetime(2026, 10, 28, 21),
    )
    assert not both[date(2026, 10, 29)].is_half_day


def test_names_are_in_the_language_asked_for():
    day = date(2026, 1, 1)
    assert _by_date("TR", "Europe/Istanbul", lang="tr_TR")[day].name == "Yılbaşı"
    english = _by_date("TR", "Europe/Istanbul", lang="en_US")[day].name
    assert "New Year" in english


def test_category_that_a_country_has_not_is_left_out():
    days = _by_date("IR", "Asia/Tehran", categories=("public", "half_day", "bank"))
    assert len(days) > 20
    assert public_holidays.supported_categories("IR") == ["public"]


def test_unknown_country_is_refused():
    with pytest.raises(NotImplementedError):
        public_holidays.find("XX", [2026], "UTC")
