import pytest
from complaint_tools.why_check import HUMAN_ERROR, REPEATS, Why, why_findings


def codes(answer, question="", previous=""):
    return [code for __, code in why_findings([Why(1, question, answer, previous)])]


@pytest.mark.parametrize(
    "answer",
    [
        "Human error",
        "The operator made a mistake",
        "Operator error.",
        "The worker was careless",
        "operatorun səhvi",
        "İnsan amili",
        "İşçinin diqqətsizliyi",
        "Operatör hatası",
        "Dikkatsizlik nedeniyle",
        "İŞÇİ HATASI",
        "خطای انسانی",
        "خطای نیروی انسانی",
        "بی‌دقتی کارگر",
        "بی دقتی",
        "Человеческий фактор",
        "Ошибка оператора",
        "Невнимательность",
    ],
)
def test_answer_that_blames_people_alone_is_pointed_out(answer):
    assert codes(answer) == [HUMAN_ERROR]


@pytest.mark.parametrize(
    "answer",
    [
        "Operator forgot the screw because the list has no such step",
        "Human error in the torque table",
        "The operator's drawing was out of date",
        "Təlimatda bu addım yoxdur",
        "Operatör hatası: talimatta adım eksik",
        "دستورالعمل برای اپراتور نوشته نشده است",
        "Оператор не имел инструкции",
        "People",
        "",
    ],
)
def test_answer_that_says_more_is_not_pointed_out(answer):
    assert HUMAN_ERROR not in codes(answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Why doesn't the oven heat?", "The oven doesn't heat"),
        ("Why doesn't the oven heat?", "Because it did not heat, the oven."),
        ("Soba niyə qızmır?", "Soba qızmadığı üçün"),
        ("Fırın neden ısıtmıyor?", "Fırın ısıtmadığı için"),
        ("چرا فر گرم نمی‌شود؟", "فر گرم نمی‌شد"),
        ("چرا كنترل نشد؟", "کنترل نشد"),
    ],
)
def test_answer_that_repeats_its_question_is_pointed_out(question, answer):
    assert codes(answer, question) == [REPEATS]


def test_answer_that_repeats_the_answer_before_is_pointed_out():
    assert codes("Cable broken", previous="The cable is broken") == [REPEATS]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Why doesn't the oven heat?", "The crimp of the cable was loose"),
        ("Why was the crimp loose?", "The torque of the crimp tool isn't checked"),
        ("Kablo neden gevşek?", "Sıkma torku kontrol edilmiyor"),
        ("چرا کابل شل است؟", "گشتاور کنترل نمی‌شود"),
        ("", "The cable broke"),
    ],
)
def test_good_answer_has_no_finding(question, answer):
    assert codes(answer, question) == []


def test_findings_name_the_key_of_each_why():
    whys = [
        Why("a", "Why late?", "Late"),
        Why("b", "Why?", "No plan for holidays"),
        Why("c", "Why no plan?", "Human error"),
    ]
    assert why_findings(whys) == [("a", REPEATS), ("c", HUMAN_ERROR)]
    assert why_findings([]) == []
