"""How moments are written where people read them: Persian dates in Persian."""

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
    return f"{_format_day(env, local)}, {clock}"


def format_day(env, moment, tz=None):
    """Return the date alone, see :func:`format_moment`."""
    return _format_day(env, _localize(env, moment, tz)) if moment else ""


def _format_day(env, local):
    if get_lang(env).code.startswith("fa"):
        return jalali.format_date(local.date())
    return format_date(env, local.date(), date_format="d MMMM y")


def _localize(env, moment, tz):
    zone = tz or env.user.tz or env.company.partner_id.tz or "UTC"
    return pytz.utc.localize(fields.Datetime.to_datetime(moment)).astimezone(
        pytz.timezone(zone)
    )
