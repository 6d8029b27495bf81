"""Quality gate of an 8D report (ED-2): score, findings, words in four languages."""

import pytest
from complaint_tools.eightd_quality import (
    CELLS,
    WEIGHTS,
    blames_person,
    check,
    is_weak,
)


def good_report(**changes):
    roots = [
        {"name": f"Cause {cell}", "cell": cell, "contribution": 25.0, "actions": 1}
        for cell in CELLS
    ]
    actions = [
        {
            "name": "Sensor that stops the press",
            "owner": True,
            "due": True,
            "verified": True,
            "kind": "correction",
        }
    ]
    return {
        "leader": 7,
        "team": 3,
        "problem": "12 of 200 lids melt at 80 °C",
        "containment": True,
        "roots": roots,
        "actions": actions,
        "whys": [
            ("Why do lids melt?", "The resin softens early", ""),
            (
                "Why does it?",
                "The supplier changed the grade",
                "The resin softens early",
            ),
        ],
        "validation": True,
        "prevention": True,
        "lesson": True,
        "owners": [1, 2, 3, 1, 2, 3, 1, 2, 3],
        **changes,
    }


def codes(report):
    return [finding.code for finding in check(report).findings]


def test_good_report_has_full_score_and_nothing_to_find():
    assert check(good_report()) == (100, [])


def test_empty_report_scores_low_and_finds_each_missing_part():
    quality = check({})
    assert {f.code for f in quality.findings} == {
        "no_leader",
        "small_team",
        "problem_not_measurable",
        "no_containment",
        "no_root",
        "no_validation",
        "no_prevention",
        "no_lesson",
    }
    assert quality.score == 100 - 15 - 10 - 10 - 10 - 20 - 10 - 8 - 5


def test_findings_come_in_the_order_of_the_disciplines():
    steps = [finding.step for finding in check({}).findings]
    assert steps == sorted(steps)
    assert [step for step, __, __ in WEIGHTS.values()] == sorted(
        step for step, __, __ in WEIGHTS.values()
    )


def test_same_report_gives_same_quality():
    report = good_report(team=1, whys=[("Why?", "Operator error", "")])
    assert check(report) == check(report)


@pytest.mark.parametrize(
    ("changes", "code", "points"),
    [
        ({"leader": None}, "no_leader", 15),
        ({"team": 1}, "small_team", 10),
        ({"owners": [1] * 9}, "one_owner", 5),
        ({"problem": "Lids melt"}, "problem_not_measurable", 10),
        ({"containment": False}, "no_containment", 10),
        ({"validation": False}, "no_validation", 10),
        ({"prevention": False}, "no_prevention", 8),
        ({"lesson": False}, "no_lesson", 5),
    ],
)
def test_one_missing_part_costs_its_points(changes, code, points):
    quality = check(good_report(**changes))
    assert [f.code for f in quality.findings] == [code]
    assert quality.score == 100 - points


def test_problem_with_persian_digits_or_is_isnot_is_measurable():
    assert not codes(good_report(problem="۱۲ درپوش از ۲۰۰ عدد"))
    assert not codes(good_report(problem="Lids melt", is_isnot=True))


def test_contributions_of_60_and_30_are_not_100():
    roots = [
        {"name": "A", "cell": CELLS[0], "contribution": 60, "actions": 1},
        {"name": "B", "cell": CELLS[1], "contribution": 30, "actions": 1},
    ]
    findings = check(good_report(roots=roots)).findings
    assert [f.code for f in findings] == ["cell_missing"] * 2 + ["contribution"]
    assert findings[2].args == {"total": 90}
    assert [f.args["cell"] for f in findings[:2]] == [CELLS[2], CELLS[3]]


def test_thirds_add_up():
    roots = [
        {"name": "A", "cell": cell, "contribution": 33.33, "actions": 1}
        for cell in CELLS[:3]
    ]
    assert "contribution" not in codes(good_report(roots=roots))


def test_cause_without_action_is_named():
    report = good_report()
    report["roots"][2]["actions"] = 0
    [finding] = check(report).findings
    assert (finding.code, finding.step) == ("cause_without_action", "d5")
    assert finding.args == {"cause": "Cause detection_technical"}


def test_action_without_owner_date_check():
    action = {"name": "Sensor", "kind": "correction"}
    assert codes(good_report(actions=[action])) == [
        "action_without_owner",
        "action_without_date",
        "action_without_check",
    ]


def test_one_kind_of_finding_costs_no_more_than_its_cap():
    actions = [{"name": f"Sensor {n}", "owner": 1, "due": 1} for n in range(40)]
    quality = check(good_report(actions=actions))
    assert len(quality.findings) == 40
    assert quality.score == 85


def test_score_never_falls_below_zero():
    bad = {"whys": [("Why?", "Why", "")] * 9 + [("", "human error", "")] * 9}
    bad["roots"] = [{"name": "operator error", "cell": "x"}] * 3
    bad["actions"] = [{"name": "training"}] * 9
    assert check(bad).score == 0


def test_answer_that_repeats_the_question_or_an_answer():
    whys = [("Why is the resin wrong?", "The resin is wrong", "")]
    assert codes(good_report(whys=whys)) == ["why_repeats"]
    whys = [("Why?", "The grade changed.", "The grade changed")]
    assert codes(good_report(whys=whys)) == ["why_repeats"]


def test_team_knows_who_is_blamed():
    assert codes(good_report(whys=[("Why?", "Operator error", "")])) == ["blame"]


def test_immediate_action_may_be_a_word_to_people():
    action = {"name": "Operators told to check each lid", "kind": "immediate"}
    action |= {"owner": 1, "due": 1}
    assert not codes(good_report(actions=[action]))
    assert codes(good_report(actions=[{**action, "kind": "correction"}])) == [
        "action_without_check",
        "weak_action",
    ]


WEAK = """
Training given to operators
Re-train the night shift
The worker was warned
Remind staff to be more careful
Employees will pay more attention
Operators instructed again
Raise awareness on the line
Operatörlere eğitim verildi
Personel uyarıldı
OPERATÖRLER DAHA DİKKATLİ OLACAK
Çalışanlar bilgilendirildi
Dikkat edilmesi hatırlatıldı
Egitim verildi
İşçilərə təlim keçirildi
İşçiyə xəbərdarlıq edildi
Operatorlar daha diqqətli olacaq
Usta tohmet aldi
İşçilər təlimatlandırıldı
آموزش اپراتورها
به کارگر تذکر داده شد
اپراتورها باید دقت بیشتری کنند
آموزش‌های لازم داده شد
اخطار به سرپرست
""".strip().splitlines()

STRONG = """
Poka-yoke on fixture 3, operators trained on it
Sensor that stops the press
Replace the worn mould
Incoming check of each resin lot by melt index
Supplier delivers with certificate of analysis
Kamera ile otomatik kontrol kuruldu, operatörlere eğitim verildi
Kalıp değiştirildi
Kontrol planına yeni ölçüm eklendi
Avtomatik kəsilmə quraşdırıldı
Qəlib dəyişdirildi
Nəzarət planına ölçmə əlavə edildi
نصب سنسور روی پرس
تعویض قالب
کنترل ورودی هر بچ با آزمون شاخص مذاب
پوکایوکه برای جهت مونتاژ
Sensör takıldı
""".strip().splitlines()

BLAME = """
Operator error
The worker was careless
Mistake of the operator
Operatör hatası
İNSAN HATASI
Operatorun səhvi
خطای انسانی
""".strip().splitlines()

SYSTEM = """
The work instruction doesn't name the torque
Two connectors fit into both places
Menteşe toleransı 0,3 mm
Təchizatçı reçeti dəyişib
دستورالعمل مقدار گشتاور را نمی‌گوید
The drawing allows 0.3 mm of play
""".strip().splitlines()


@pytest.mark.parametrize("text", WEAK)
def test_weak_measure_is_found(text):
    assert is_weak(text)


@pytest.mark.parametrize("text", STRONG)
def test_strong_measure_is_no_false_alarm(text):
    assert not is_weak(text)


@pytest.mark.parametrize("text", BLAME)
def test_blame_is_found(text):
    assert blames_person(text)


@pytest.mark.parametrize("text", SYSTEM)
def test_cause_in_the_system_is_no_blame(text):
    assert not blames_person(text)
