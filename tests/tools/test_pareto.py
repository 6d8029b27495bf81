from decimal import Decimal
from math import fsum

import pytest
from complaint_tools.pareto import Row, pareto
from hypothesis import given
from hypothesis import strategies as st


def cumulative(rows):
    return [round(row.cumulative, 2) for row in rows]


def vital(rows):
    return [row.label for row in rows if row.vital]


def test_pareto_matches_published_vector():
    rows = pareto({"C": 66, "A": 94, "E": 27, "B": 80, "D": 33})
    assert [row.label for row in rows] == list("ABCDE")
    assert cumulative(rows) == [31.33, 58.00, 80.00, 91.00, 100]
    assert vital(rows) == ["A", "B", "C"]


def test_pareto_with_other_matches_published_vector():
    values = {"Other": 3, "A": 33, "B": 19, "C": 11, "D": 9, "E": 5}
    rows = pareto(values, other="Other")
    assert [row.label for row in rows] == ["A", "B", "C", "D", "E", "Other"]
    assert cumulative(rows) == [41.25, 65.00, 78.75, 90.00, 96.25, 100]
    assert vital(rows) == ["A", "B", "C", "D"]


def test_pareto_puts_other_last_even_when_it_is_largest():
    rows = pareto({"Other": 60, "A": 30, "B": 10}, other="Other")
    assert [row.label for row in rows] == ["A", "B", "Other"]
    assert [row.share for row in rows] == [30, 10, 60]


def test_pareto_with_unknown_other_changes_nothing():
    values = {"A": 1, "B": 2}
    assert pareto(values, other="Rest") == pareto(values)
    assert values == {"A": 1, "B": 2}


def test_pareto_of_nothing_is_empty_and_of_zeros_has_nothing_vital():
    assert pareto({}) == []
    assert pareto({"A": 0, "B": 0.0}) == [
        Row("A", 0, 0.0, 0.0, False),
        Row("B", 0.0, 0.0, 0.0, False),
    ]


def test_pareto_keeps_the_order_of_equal_values():
    rows = pareto({"B": 1, "A": 1, None: 1})
    assert [row.label for row in rows] == ["B", "A", None]


def test_pareto_reaches_the_limit_in_spite_of_binary_fractions():
    for tenth in (0.1, 0.7, 1e-6, 1e9 / 3):
        rows = pareto({"A": 5 * tenth, "B": 3 * tenth, "C": tenth, "D": tenth})
        assert vital(rows) == ["A", "B"], tenth


def test_pareto_takes_decimals():
    rows = pareto({"A": Decimal("80"), "B": Decimal("20")})
    assert vital(rows) == ["A"]


@pytest.mark.parametrize("value", [-1, -0.5, float("nan"), float("inf")])
def test_pareto_with_impossible_value_says_which(value):
    with pytest.raises(ValueError, match="Scratch"):
        pareto({"Dent": 3, "Scratch": value})


amounts = st.one_of(st.integers(0, 10**6), st.floats(0, 1e9))


@given(st.dictionaries(st.integers(), amounts), st.integers(-3, 3))
def test_pareto_adds_up_and_vital_rows_come_first(values, other):
    rows = pareto(values, other)
    assert {row.label: row.value for row in rows} == values
    ranked = [row.value for row in rows if row.label != other]
    assert ranked == sorted(ranked, reverse=True)
    sums = [row.cumulative for row in rows]
    assert sums == sorted(sums)
    flags = [row.vital for row in rows]
    assert flags == sorted(flags, reverse=True)
    if fsum(values.values()):
        assert sums[-1] == 100.0
        count = sum(flags)
        assert sums[count - 1] >= 80 - 1e-6
        assert count == 1 or sums[count - 2] < 80
