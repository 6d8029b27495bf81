"""Pareto analysis: the vital few of a set of counts or amounts."""

from math import fsum, isfinite
from typing import Any, NamedTuple

VITAL_SHARE = 80.0
# Amounts are floats: 2.4 + 1.6 of 5.0 must reach 80 % whatever the last bit says.
TOLERANCE = 1e-9


class Row(NamedTuple):
    """One bar: ``share`` and ``cumulative`` are percents (0-100), not rounded."""

    label: Any
    value: float
    share: float
    cumulative: float
    vital: bool


def pareto(values, other=None):
    """Sort values down and mark the vital few.

    Vital are the rows up to and including the first whose cumulative share reaches
    80 %. Equal values keep the order in which they were given. Without any value
    above zero shares are 0 and nothing is vital.

    :param dict values: ``{label: value}``, values finite and >= 0, in any one unit
    :param other: label of the row that collects the rest; it goes last whatever
        its value. A label that isn't among the values changes nothing.
    :rtype: list of :class:`Row`
    :raise ValueError: a value that is negative or not finite
    """
    for label, value in values.items():
        if not isfinite(value) or value < 0:
            raise ValueError(f"{label}: a Pareto needs values >= 0, not {value}.")
    ranked = sorted(
        values.items(),
        key=lambda item: (other is None or item[0] != other, item[1]),
        reverse=True,
    )
    total = fsum(values.values())
    rows, amounts, reached = [], [], not total
    for label, value in ranked:
        amounts.append(value)
        cumulative = _percent(fsum(amounts), total)
        rows.append(Row(label, value, _percent(value, total), cumulative, not reached))
        reached = reached or cumulative >= VITAL_SHARE - TOLERANCE
    return rows


def _percent(part, total):
    return 100.0 * (float(part) / total) if total else 0.0
