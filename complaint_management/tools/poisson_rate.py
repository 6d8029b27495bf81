"""Did a rate of events change? Exact comparison of two Poisson rates, pure Python.

Given the total, the events of the second span are binomial with the share of its time
(J. Przyborowski and H. Wilenski, Homogeneity of results in testing samples from
Poisson series, Biometrika 31, 1940); the interval of that share is the one of C. J.
Clopper and E. S. Pearson (Biometrika 26, 1934). Exact for any counts: with the few
complaints that one product has, no approximation holds.
"""

from bisect import bisect_left
from math import exp, inf, lgamma, log, log1p
from typing import NamedTuple

ALPHA = 0.05
# Probabilities this near to each other count as equal: rounding isn't evidence.
TOLERANCE = 1e-7
# More than a million of events need.
MOST_STEPS = 10_000


class Comparison(NamedTuple):
    """Two rates, in events for each unit of time, and what can be said of them.

    ``ratio`` is the second rate over the first, None when there were no events at all;
    ``low`` and ``high`` are its exact 95 % interval (``high`` can be infinite).
    ``p_down`` and ``p_up`` are one-sided, ``p_value`` is two-sided.
    """

    rate_before: float
    rate_after: float
    ratio: float | None
    low: float
    high: float
    p_down: float
    p_up: float
    p_value: float
    enough: bool

    @property
    def verdict(self):
        """``too_few``, ``down``, ``up`` or ``unclear``; never good news by default.

        Events that would be too few to show an improvement can show clearly that it
        got worse: ten in the first days after nothing in half a year.
        """
        if self.p_up <= ALPHA:
            return "up"
        if not self.enough:
            return "too_few"
        return "down" if self.p_down <= ALPHA else "unclear"


def compare(before, time_before, after, time_after):
    """Compare two counts of events over two spans of time.

    :param int before: number of events in the first span
    :param time_before: its length, any unit, above 0
    :param int after: number of events in the second span
    :param time_after: its length in the same unit, above 0
    :return: Comparison; ``enough`` is False while even the best outcome with as many
        events (all of them before) couldn't show anything
    :raise ValueError: a negative count, or a span without length
    """
    if before < 0 or after < 0:
        raise ValueError("A number of events can't be negative.")
    if time_before <= 0 or time_after <= 0:
        raise ValueError("Both spans of time must have a length.")
    total = before + after
    share = time_after / (time_before + time_after)
    low, high = share_interval(after, total)
    exposure = time_before / time_after
    return Comparison(
        rate_before=before / time_before,
        rate_after=after / time_after,
        ratio=_odds(after / total) * exposure if total else None,
        low=_odds(low) * exposure,
        high=_odds(high) * exposure,
        p_down=_at_most(after, total, share),
        p_up=_at_least(after, total, share),
        p_value=_two_sided(after, total, share),
        enough=total > 0 and total * log1p(-share) <= log(ALPHA),
    )


def share_interval(count, total, alpha=ALPHA):
    """Return the exact interval of a binomial share (Clopper and Pearson)."""
    low, high = 0.0, 1.0
    if count > 0:
        low = _solve(lambda p: _at_least(count, total, p) < alpha / 2)
    if count < total:
        high = _solve(lambda p: _at_most(count, total, p) > alpha / 2)
    return low, high


def _solve(is_below):
    """Return where a condition that holds from 0 on ends, by bisection."""
    low, high = 0.0, 1.0
    for __ in range(60):
        middle = (low + high) / 2
        if is_below(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _odds(share):
    return share / (1 - share) if share < 1 else inf


def _chance(count, total, share):
    """Return the binomial probability of one count; 0 < share < 1."""
    ways = lgamma(total + 1) - lgamma(count + 1) - lgamma(total - count + 1)
    return exp(ways + count * log(share) + (total - count) * log1p(-share))


def _at_most(count, total, share):
    """Return the probability of so many events or fewer."""
    if count < 0 or count >= total:
        return float(count >= total)
    return _beta(total - count, count + 1, 1 - share)


def _at_least(count, total, share):
    """Return the probability of so many events or more."""
    if count <= 0 or count > total:
        return float(count <= 0)
    return _beta(count, total - count + 1, share)


def _beta(a, b, x):
    """Return the regularised incomplete beta function, which sums a binomial tail in
    some steps however many events there are (W. J. Lentz's continued fraction, as in
    Press et al., Numerical Recipes, 6.4)."""
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(b, a, 1 - x)
    front = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
    c = 1.0
    d = 1 / _not_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _not_zero(1 + term * d)
            c = _not_zero(1 + term / c)
            fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return min(exp(front) * fraction / a, 1.0)


def _not_zero(value):
    return value if abs(value) > 1e-300 else 1e-300


def _two_sided(count, total, share):
    """Return the probability of all counts that are as unlikely as this one."""
    limit = _chance(count, total, share) * (1 + TOLERANCE)
    likeliest = min(int((total + 1) * share), total)
    # Chances rise up to the likeliest count and fall after it.
    low = bisect_left(
        range(likeliest + 1), True, key=lambda k: _chance(k, total, share) > limit
    )
    if low > likeliest:
        return 1.0
    high = likeliest + bisect_left(
        range(likeliest, total + 1),
        True,
        key=lambda k: _chance(k, total, share) <= limit,
    )
    return min(_at_most(low - 1, total, share) + _at_least(high, total, share), 1.0)
