import csv
from collections import defaultdict
from math import sqrt
from statistics import pvariance

import pytest
from complaint_tools.nps import Nps, nps
from hypothesis import given
from hypothesis import strategies as st


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_nps_without_answers_is_none():
    assert nps([]) is None
    assert nps(iter([None, None])) is None


def test_nps_counts_groups_at_their_limits():
    result = nps([0, 6, 7, 8, 9, 10, None])
    assert result[2:] == (6, 2, 2, 2)
    assert result.score == 0


def test_nps_of_one_opinion_has_no_margin():
    assert nps([10] * 7) == Nps(100.0, 0.0, 7, 7, 0, 0)
    assert nps([3]) == Nps(-100.0, 0.0, 1, 0, 0, 1)


def test_nps_margin_by_hand():
    # 50 promoters, 30 passives, 20 detractors: 1.96·√((0.7 − 0.09) / 100)·100
    result = nps([9] * 50 + [8] * 30 + [2] * 20)
    assert result.score == 30
    assert result.margin == pytest.approx(15.308, abs=0.0005)


@pytest.mark.parametrize("wrong", [-1, 11, 9.5, "9", False, True, float("nan")])
def test_nps_with_impossible_answer_is_refused(wrong):
    with pytest.raises(ValueError, match="0 to 10"):
        nps([9, wrong])


@given(st.lists(st.integers(0, 10), min_size=1))
def test_nps_margin_is_the_deviation_of_signs(scores):
    signs = [(score >= 9) - (score <= 6) for score in scores]
    result = nps(scores)
    assert result.n == result.promoters + result.passives + result.detractors
    assert result.score == pytest.approx(100 * sum(signs) / len(signs))
    wanted = 196 * sqrt(pvariance(signs) / len(signs))
    assert result.margin == pytest.approx(wanted, abs=1e-9)


def test_nps_of_real_surveys_equals_the_published_figures(shared_data):
    answers = defaultdict(list)
    for row in read(shared_data / "nps" / "nps_raw_responses.csv"):
        text = row["score_0_10"]
        answers[row["survey_id"]].append(int(text) if text else None)
    for row in read(shared_data / "nps" / "nps_survey_summary.csv"):
        result = nps(answers[row["survey_id"]])
        assert result.n == int(row["n_answered"])
        assert result.promoters == int(row["promoters"])
        assert result.passives == int(row["passives"])
        assert result.detractors == int(row["detractors"])
        assert round(result.score, 2) == float(row["nps_recomputed"])
        if row["nps_published"]:
            assert round(result.score) == int(row["nps_published"].split()[0])
