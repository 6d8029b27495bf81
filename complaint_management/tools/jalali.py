"""Dates of the Persian (solar Hijri) calendar, as people in Iran read them."""

MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_EPOCH = 226_895  # what the rule of 33 years gives as the ordinal of 1 Farvardin 1
# Leap years inside a cycle of 33 years. The rule agrees with the astronomical
# calendar from 1178 to 1633 (1799 to 2254).
_CYCLE_DAYS, _CYCLE_YEARS = 12_053, 33
_LEAPS = frozenset((1, 5, 9, 13, 17, 22, 26, 30))


def from_date(date):
    """Return (year, month, day) of a ``datetime.date`` between 1800 and 2250."""
    year = date.year - 621
    start = _new_year(year)
    if date.toordinal() < start:
        year -= 1
        start = _new_year(year)
    day = date.toordinal() - start
    if day < 186:
        return year, day // 31 + 1, day % 31 + 1
    return year, (day - 186) // 30 + 7, (day - 186) % 30 + 1


def format_date(date):
    """Return for example ``۱ فروردین ۱۴۰۵``."""
    year, month, day = from_date(date)
    return f"{digits(day)} {MONTHS[month - 1]} {digits(year)}"


def digits(value):
    """Return a number or text with Persian digits."""
    return str(value).translate(_DIGITS)


def _new_year(year):
    """Return the ordinal of 1 Farvardin."""
    cycles, rest = divmod(year - 1, _CYCLE_YEARS)
    leaps = sum(1 for leap in _LEAPS if leap <= rest)
    return _EPOCH + cycles * _CYCLE_DAYS + rest * 365 + leaps
