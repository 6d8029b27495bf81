from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from supplier_tools.bands import Bands

ABCD = Bands([(90, "A"), (75, "B"), (60, "C"), (0, "D")])


@pytest.mark.parametrize(
    ("score", "label"),
    [
        (0, "D"),
        (59.999, "D"),
        (60, "C"),
        (74.999, "C"),
        (75, "B"),
        (89.999, "B"),
        (90, "A"),
        (100, "A"),
    ],
)
def test_grade_at_the_limits_is_half_open_and_top_inclusive(score, label):
    assert ABCD.grade(score) == label


def test_grade_without_data_is_not_rated():
    assert ABCD.grade(None) is None
    assert ABCD.grade(None, previous="A", margin=5) is None


@pytest.mark.parametrize("score", [-0.01, 100.01, float("nan"), float("inf")])
def test_grade_outside_the_scale_is_refused(score):
    with pytest.raises(ValueError, match="0-100"):
        ABCD.grade(score)


@pytest.mark.parametrize(
    ("score", "previous", "label"),
    [
        (76.9, "C", "C"),
        (77, "C", "B"),
        (73, "B", "B"),
        (72.9, "B", "C"),
        (91.9, "B", "B"),
        (92, "B", "A"),
        (50, "A", "D"),
        (76, "gone", "B"),
        (76, None, "B"),
        (0, "C", "D"),
        (100, "B", "A"),
    ],
)
def test_grade_with_previous_changes_beyond_the_margin(score, previous, label):
    assert ABCD.grade(score, previous, margin=2) == label


def test_grade_without_margin_ignores_the_previous():
    for score in range(101):
        for previous in "ABCD":
            assert ABCD.grade(score, previous) == ABCD.grade(score)


def test_narrow_bands_at_the_ends_stay_reachable():
    bands = Bands([(0, "worst"), (1, "middle"), (99, "best")])
    assert bands.grade(100, "middle", margin=5) == "best"
    assert bands.grade(0, "middle", margin=5) == "worst"
    assert Bands([(0, "all"), (100, "perfect")]).grade(100, "all", 5) == "perfect"


@pytest.mark.parametrize(
    "bands",
    [
        [],
        [(10, "A")],
        [(-5, "A"), (50, "B")],
        [(0, "A"), (0, "B")],
        [(0, "A"), (50, "A")],
        [(0, "A"), (100.5, "B")],
        [(0, "A"), (float("nan"), "B")],
    ],
)
def test_bands_that_do_not_cover_the_scale_once_are_refused(bands):
    with pytest.raises(ValueError):
        Bands(bands)


def test_negative_margin_is_refused():
    with pytest.raises(ValueError, match="margin"):
        ABCD.grade(50, "A", margin=-1)


limits = st.sets(st.integers(1, 99), max_size=6).map(lambda s: [0, *sorted(s)])


@given(limits, st.floats(0, 100), st.randoms())
def test_every_score_has_the_band_around_it(lowers, score, random):
    bands = [(lower, f"from {lower}") for lower in lowers]
    random.shuffle(bands)
    lower = int(Bands(bands).grade(score).split()[1])
    upper = next((value for value in lowers if value > lower), 101)
    assert lower <= score < upper


@given(
    limits,
    st.floats(0.5, 20),
    st.floats(1, 99),
    st.lists(st.floats(-1, 1), min_size=2, max_size=30),
)
def test_wobble_within_the_margin_changes_the_grade_once_at_most(
    lowers, margin, centre, wobbles
):
    bands = Bands([(lower, lower) for lower in lowers])
    grade, grades = None, []
    for wobble in wobbles:
        score = min(max(centre + wobble * margin * 0.49, 0.01), 99.99)
        grade = bands.grade(score, grade, margin)
        grades.append(grade)
    assert sum(a != b for a, b in pairwise(grades)) == 0
