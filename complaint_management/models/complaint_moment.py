"""How moments are written where people read them: Persian dates in Persian."""

from datetime import datetime

import babel.dates
import pytz

from odoo import fields
from odoo.tools import babel_locale_parse, format_date, get_lang

from ..tools import jalali


def format_moment(env, moment, tz=None):
    """Return date and time in the language of ``env``, Persian dates in Persian.

    :param datetime moment: naive UTC, or False
    :param str tz: time zone; default: the reader's, else that of the company
    """
    if not moment:
        return ""
    local = _localize(env, moment, tz)
    lang = get_lang(env)
    clock = babel.dates.format_time(
        local, format="HH:mm", locale=babel_locale_parse(lang.code)
    )
    if lang.code.startswith("fa"):
        return f"{jalali.format_date(local.date())}، {jalali.digits(clock)}"
    return f"{_format_day(env, local.date())}, {clock}"


def format_day(env, moment, tz=None):
    """Return the date alone, see :func:`format_moment`. A date without a time is the
    same in every time zone."""
    if not moment:
        return ""
    if isinstance(moment, datetime):
        moment = _localize(env, moment, tz).date()
    return _format_day(env, moment)


def _format_day(env, day):
    if get_lang(env).code.startswith("fa"):
        return jalali.format_date(day)
    return format_date(env, day, date_format="d MMMM y")


def _localize(env, moment, tz):
    zone = tz or env.user.tz or env.company.partner_id.tz or "UTC"
    return pytz.utc.localize(fields.Datetime.to_datetime(moment)).astimezone(
        pytz.timezone(zone)
    )
