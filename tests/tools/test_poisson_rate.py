"""Exact comparison of two rates against fractions summed by hand."""

from fractions import Fraction
from math import comb, inf, isclose

import pytest
from complaint_tools.poisson_rate import compare, share_interval
from hypothesis import given, settings
from hypothesis import strategies as st
from work_counter import count_calls

COUNTS = st.integers(0, 40)
TIMES = st.integers(1, 400)


def chances(total, share):
    return [
        comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(total + 1)
    ]


def by_fractions(before, time_before, after, time_after):
    """Return (p_down, p_up, two-sided p) as exact fractions."""
    total = before + after
    exact = chances(total, Fraction(time_after, time_before + time_after))
    return (
        sum(exact[: after + 1]),
        sum(exact[after:]),
        sum(p for p in exact if p <= exact[after]),
    )


@settings(max_examples=200, deadline=None)
@given(COUNTS, TIMES, COUNTS, TIMES)
def test_p_values_are_those_of_exact_fractions(before, t1, after, t2):
    found = compare(before, t1, after, t2)
    down, up, both = by_fractions(before, t1, after, t2)
    assert isclose(found.p_down, down, rel_tol=1e-9)
    assert isclose(found.p_up, up, rel_tol=1e-9)
    assert isclose(found.p_value, both, rel_tol=1e-6)


@settings(max_examples=100, deadline=None)
@given(COUNTS, TIMES, COUNTS, TIMES)
def test_turning_time_round_turns_the_answer_round(before, t1, after, t2):
    there, back = compare(before, t1, after, t2), compare(after, t2, before, t1)
    assert isclose(there.p_down, back.p_up, rel_tol=1e-9)
    assert isclose(there.p_value, back.p_value, rel_tol=1e-6)
    if there.low:
        assert isclose(there.low, 1 / back.high, rel_tol=1e-6)
    else:
        assert back.high == inf


@settings(max_examples=100, deadline=None)
@given(COUNTS, TIMES, COUNTS, TIMES)
def test_interval_holds_the_ratio_and_agrees_with_the_one_sided_tests(
    before, t1, after, t2
):
    found = compare(before, t1, after, t2)
    if found.ratio is not None:
        assert found.low <= found.ratio <= found.high
    # the interval lies below 1 exactly where half the level rejects
    down = by_fractions(before, t1, after, t2)[0]
    if abs(down - Fraction(1, 40)) > Fraction(1, 10**6):
        assert (found.high < 1) == (down < Fraction(1, 40))


@settings(max_examples=100, deadline=None)
@given(COUNTS, TIMES, COUNTS, TIMES)
def test_good_news_needs_evidence(before, t1, after, t2):
    found = compare(before, t1, after, t2)
    if found.verdict == "down":
        assert found.p_down <= 0.05
        assert found.rate_after < found.rate_before
    best = Fraction(t1, t1 + t2) ** (before + after)
    if abs(best - Fraction(1, 20)) > Fraction(1, 10**9):
        assert found.enough == (best < Fraction(1, 20))


def test_published_comparison_of_two_rates():
    """The worked example of poisson.test in R: 11 in 800 and 21 in 3011."""
    found = compare(21, 3011, 11, 800)
    assert round(found.p_value, 5) == 0.07967
    assert round(found.ratio, 6) == 1.971488
    assert round(found.low, 6) == 0.858426
    assert round(found.high, 6) == 4.277266


def test_rare_events_say_too_little():
    found = compare(2, 180, 0, 90)
    assert not found.enough
    assert found.verdict == "too_few"
    assert isclose(found.p_down, 4 / 9)
    assert compare(0, 180, 0, 90).verdict == "too_few"
    assert compare(0, 180, 0, 90).ratio is None
    # no complaint in a time that is next to nothing proves nothing
    assert compare(1000, 365, 0, 0.001).verdict == "too_few"


def test_eight_before_and_one_after_is_not_clear():
    found = compare(8, 6, 1, 3)
    assert isclose(found.p_down, (2 / 3) ** 9 + 9 * (1 / 3) * (2 / 3) ** 8)
    assert found.enough
    assert found.verdict == "unclear"


def test_many_before_and_few_after_went_down_and_the_other_way_up():
    assert compare(30, 6, 2, 3).verdict == "down"
    assert compare(3, 6, 12, 3).verdict == "up"


def test_thousands_of_events_are_compared():
    found = compare(5000, 365, 4000, 365)
    assert found.verdict == "down"
    assert isclose(found.ratio, 0.8)
    assert 0.76 < found.low < 0.8 < found.high < 0.84


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 400), TIMES, st.integers(0, 400), TIMES)
def test_many_events_agree_with_exact_fractions(before, t1, after, t2):
    found = compare(before, t1, after, t2)
    down, up, both = by_fractions(before, t1, after, t2)
    for value, exact in ((found.p_down, down), (found.p_up, up), (found.p_value, both)):
        assert isclose(value, float(exact), rel_tol=1e-6, abs_tol=1e-12)


def test_millions_of_events_are_compared_at_once():
    found = compare(1_000_000, 180, 990_000, 180)
    assert found.verdict == "down"
    assert found.low < 0.99 < found.high
    assert compare(1_000_000, 180, 1_000_000, 180).verdict == "unclear"
    steps = count_calls(lambda: compare(1_000_000, 180, 990_000, 180))
    assert steps < 100_000


def test_clearly_worse_is_said_soon_after():
    # half a year without, then ten within a week: too few to show an improvement
    found = compare(0, 180, 10, 7)
    assert not found.enough
    assert found.verdict == "up"
    assert compare(0, 180, 1, 90).verdict == "too_few"


def test_interval_of_nothing_is_everything():
    assert share_interval(0, 0) == (0.0, 1.0)
    low, high = share_interval(0, 10)
    assert low == 0
    assert isclose(high, 1 - 0.025**0.1, rel_tol=1e-9)


@pytest.mark.parametrize(
    "given_counts", [(-1, 1, 0, 1), (0, 1, -1, 1), (1, 0, 1, 1), (1, 1, 1, -2)]
)
def test_impossible_spans_are_refused(given_counts):
    with pytest.raises(ValueError, match="must|can't"):
        compare(*given_counts)
