"""Public holidays of a country, by the ``holidays`` library, as closed spans."""

from datetime import datetime, time, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

# Categories of the library on which offices are closed.
CATEGORIES = ("public", "half_day", "bank", "government")
HALF_DAY_FROM = time(13)


class Holiday(NamedTuple):
    """A closed span: local date, name, whether it is half a day, naive UTC span."""

    date: object
    name: str
    is_half_day: bool
    start: datetime
    end: datetime


def supported_countries():
    """Return the codes (ISO 3166 alpha-2) of the countries that are known."""
    return set(holidays.list_supported_countries(include_aliases=False))


def supported_categories(country):
    """Return which of :data:`CATEGORIES` a country has."""
    known = holidays.country_holidays(country).supported_categories
    return [category for category in CATEGORIES if category in known]


def find(country, years, tz, categories=("public",), lang=None):
    """Return the holidays of a country, sorted.

    A half day is closed from 13:00 local time on; a date that is both is a whole day.

    :param str country: ISO 3166 alpha-2
    :param years: iterable of int
    :param str tz: IANA name; days begin and end at local midnight
    :param categories: some of :data:`CATEGORIES`; what the country hasn't is left out
    :param str lang: language code such as ``tr_TR``; else the country's own
    :raise NotImplementedError: the country isn't known
    """
    known = supported_categories(country)
    language = _find_language(country, lang)
    found = {}
    for category in sorted(set(categories) & set(known)):
        days = holidays.country_holidays(
            country, years=sorted(years), categories=(category,), language=language
        )
        for day, name in days.items():
            is_half = category == "half_day"
            if day not in found or (found[day][1] and not is_half):
                found[day] = (name, is_half)
    zone = ZoneInfo(tz)
    days = sorted(found.items())
    return [_make(day, name, is_half, zone) for day, (name, is_half) in days]


def _find_language(country, lang):
    known = holidays.country_holidays(country).supported_languages or ()
    short = (lang or "").partition("_")[0]
    for code in known:
        if lang == code or short == code.partition("_")[0]:
            return code
    return None


def _make(day, name, is_half, zone):
    begin = datetime.combine(day, HALF_DAY_FROM if is_half else time(), tzinfo=zone)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    start, end = (m.astimezone(timezone.utc).replace(tzinfo=None) for m in (begin, end))
    return Holiday(day, name, is_half, start, end)
