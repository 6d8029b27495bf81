"""What the tests of business time build their calendars of."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

H = timedelta(hours=1)
DAY = timedelta(days=1)


def at(text, tz="UTC"):
    """Return the naive UTC instant of a local time."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz))
    return local.astimezone(timezone.utc).replace(tzinfo=None)


def week(days, *hours):
    slots = [(time.fromisoformat(a), time.fromisoformat(b)) for a, b in hours]
    return dict.fromkeys(days, slots)


def whole_day(text, tz="UTC"):
    start = datetime.fromisoformat(text)
    return at(start.isoformat(), tz), at((start + DAY).isoformat(), tz)


LUNCH = week(range(5), ("08:00", "12:00"), ("13:00", "17:00"))
