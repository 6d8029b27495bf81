import pytest
from complaint_tools.redact import _FOLD
from complaint_tools.text_fold import base_letters, fold, word_pattern


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("YANGIN ÇIKTI", "yangın çıktı"),
        ("İSTANBUL", "istanbul"),
        ("Isparta", "ısparta"),
        ("ŞİKAYƏT", "şikayət"),
        ("i\u0307yi", "iyi"),
        ("برق‌گرفتگی", "برقگرفتگی"),
        ("كيفيت", "کیفیت"),
        ("شکایـــت", "شکایت"),
        ("مُحصول", "محصول"),
        ("ＦＩＲＥ", "fire"),
        ("cus\u00adtomer", "customer"),
    ],
)
def test_two_ways_of_writing_are_equal(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("şok", "sok"), ("öl", "ol"), ("", "a")])
def test_other_words_stay_other_words(one, other):
    assert fold(one) != fold(other)


def finds(words, text):
    return bool(word_pattern(words).search(fold(text)))


def test_word_is_found_whole():
    assert finds("fire", "There was a FIRE!")
    assert not finds("fire", "He was fired, on a firewall")
    assert not finds("fire", "campfire")


def test_stem_is_found_with_any_ending():
    assert finds("yangın*", "Mutfakta YANGINDAN sonra")
    assert finds("injur*", "injured")
    assert not finds("injur*", "reinjured")


def test_words_of_several_parts_bear_any_white_space():
    assert finds("electric shock", "an Electric \n shock")
    assert not finds("electric shock", "electric and shock")


def test_list_takes_commas_semicolons_lines_and_arabic_commas():
    words = "one, two; three\nfour، پنج؛ شش"
    for word in ("one", "two", "three", "four", "پنج", "شش"):
        assert finds(words, f"so {word} it is")
    assert not finds(words, "five")


@pytest.mark.parametrize("words", ["", None, " , ;\n", "*", ", *"])
def test_empty_list_has_no_pattern(words):
    assert word_pattern(words) is None


def test_signs_of_patterns_are_taken_as_they_are():
    assert finds("a.b", "a.b")
    assert not finds("a.b", "axb")
    assert finds("c++*", "in c++11")


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Şikâyət ĞÜÖÇ ıIİi", "sikayet guoc iiii"),
        ("كيفيّت ۀ", "کیفی\u00adت ه"),
        ("١٢۳", "123"),
        ("ﬁﬀ…", "fiff "),
        ("می\u200cشود", "می\u200cشود"),
    ],
)
def test_base_letters(text, letters):
    assert base_letters(text)[0] == letters


def test_letters_are_the_same_where_texts_are_redacted():
    """That addon has a table of its own, because its tools stand alone."""
    for code, letter in _FOLD.items():
        assert base_letters(chr(code))[0] == letter
