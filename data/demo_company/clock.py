"""Lets the year before today be played in one transaction."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, timezone
from unittest.mock import patch
from zoneinfo import ZoneInfo

from odoo.orm import fields_temporal

OPENING, CLOSING = time(9), time(18)


class _Stands(type):
    """Real dates count as instances of the classes that stand in for theirs."""

    def __instancecheck__(cls, value):
        return isinstance(value, cls.__mro__[1])


def _stopped(moment):
    """Return a datetime and a date class that make real values, but know no other
    present than ``moment``."""

    class StoppedDatetime(datetime, metaclass=_Stands):
        def __new__(cls, *args, **kwargs):
            return datetime(*args, **kwargs)

        @classmethod
        def now(cls, tz=None):
            return moment

    class StoppedDate(date, metaclass=_Stands):
        def __new__(cls, *args, **kwargs):
            return date(*args, **kwargs)

        @classmethod
        def today(cls):
            return moment.date()

    return StoppedDatetime, StoppedDate


@contextmanager
def travel(env, moment):
    """Let Odoo take ``moment`` (naive UTC) for now, as long as the block runs.

    What is written gets its dates, tracking and journal entries by the addons' own
    code, so a demo made this way keeps fitting when the addons grow. Everything is
    flushed before time comes back.
    """
    moment = moment.replace(microsecond=0)
    stopped_datetime, stopped_date = _stopped(moment)
    cursor = env.cr
    # The cursor answers create_date and write_date; it forgets at commit.
    cursor._now = moment
    try:
        # Where Odoo's own fields ask the time; many defaults hold these functions.
        with (
            patch.object(fields_temporal, "datetime", stopped_datetime),
            patch.object(fields_temporal, "date", stopped_date),
        ):
            yield
            cursor.flush()
    finally:
        cursor._now = None


def to_office_hours(moment, tz, minutes=20):
    """Return ``moment`` (naive UTC), or when the office opens next plus minutes."""
    local = moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(tz))
    if local.weekday() < 5 and OPENING <= local.time() < CLOSING:
        return moment
    day = local.date()
    if local.time() >= CLOSING:
        day += timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    opened = datetime.combine(day, OPENING, ZoneInfo(tz)) + timedelta(minutes=minutes)
    return opened.astimezone(timezone.utc).replace(tzinfo=None)
