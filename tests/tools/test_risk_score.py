import pytest
from complaint_tools.risk_score import MAX_POINTS, WEIGHTS, Risk, assess

HARMLESS = dict.fromkeys(WEIGHTS, 0)


def test_lowest_and_highest_answers_span_the_scale():
    assert assess(HARMLESS) == Risk(0, "low")
    assert assess(dict.fromkeys(WEIGHTS, MAX_POINTS)) == Risk(100, "high")


def test_table_of_the_docstring():
    assert sum(WEIGHTS.values()) * MAX_POINTS == 36
    # 3*2 + 2*1 + 1*1 + 2*1 = 11 of 36
    answers = {"severity": 2, "safety": 0, "complexity": 1, "impact": 1, "urgency": 1}
    assert assess(answers) == Risk(31, "medium")
    # one less in severity: 8 of 36
    assert assess({**answers, "severity": 1}) == Risk(22, "low")
    # 3*3 + 4*1 + 1*3 + 2*2 + 2*1 = 22 of 36
    answers = {"severity": 3, "safety": 1, "complexity": 3, "impact": 2, "urgency": 1}
    assert assess(answers) == Risk(61, "high")


@pytest.mark.parametrize("danger", [2, 3])
def test_danger_to_people_is_high_whatever_else(danger):
    assert assess({**HARMLESS, "safety": danger}).level == "high"
    assert assess({"safety": danger}) == Risk(None, "high")


def test_action_at_once_is_at_least_medium():
    assert assess({**HARMLESS, "urgency": 3}) == Risk(17, "medium")
    assert assess({**HARMLESS, "urgency": 2}).level == "low"


@pytest.mark.parametrize("missing", sorted(WEIGHTS))
def test_missing_answer_gives_no_score(missing):
    answers = {name: 1 for name in WEIGHTS if name != missing}
    assert assess(answers) == Risk(None, None)
    assert assess({**answers, missing: None}) == Risk(None, None)


@pytest.mark.parametrize("name", sorted(WEIGHTS))
def test_worse_answer_never_lowers_the_score(name):
    scores = [assess({**HARMLESS, name: points}).score for points in range(4)]
    assert scores == sorted(scores)
    assert len(set(scores)) == 4


@pytest.mark.parametrize("answers", [{"mood": 1}, {"safety": 4}, {"safety": -1}])
def test_wrong_answer_is_refused(answers):
    with pytest.raises(ValueError):
        assess(answers)
