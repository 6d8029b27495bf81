import pytest
from complaint_tools.text_key import (
    ascii_digits,
    phone_digits,
    similarity_key,
)


@pytest.mark.parametrize(
    "one, other",
    [
        ("The  OVEN, smokes!", "the oven smokes"),
        ("Çatlamış ŞÜŞƏ", "catlamis suse"),
        ("ISPARTA ılık", "isparta ilik"),
        ("يخچال شكسته", "یخچال شکسته"),
        ("نمی‌شود", "نمیشود"),
        ("lot ۱۲۳", "lot 123"),
        (None, ""),
    ],
)
def test_similarity_key_same_words_same_key(one, other):
    assert similarity_key(one) == similarity_key(other)


@pytest.mark.parametrize(
    "text", ["قطعه شکسته است", "нагрев печи", "Ütü yandırır", "火鍋"]
)
def test_similarity_key_of_any_script_is_ascii_and_not_empty(text):
    key = similarity_key(text)
    assert key.isascii()
    assert len(key.split()) == len(text.split())


def test_similarity_key_keeps_persian_letters_apart():
    letters = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
    keys = [similarity_key(letter) for letter in letters]
    assert all(len(key) == 1 for key in keys)
    # 32 letters go into 36 signs; a few of them may share one.
    assert len(set(keys)) >= 26


def test_ascii_digits_of_every_script():
    assert ascii_digits("۰۱۲ ٣٤٥ ６") == "012 345 6"


@pytest.mark.parametrize(
    "typed, digits",
    [
        ("050 123 45 67", "0501234567"),
        ("(050) 123-45-67", "0501234567"),
        ("+994 50 123 45 67", "+994501234567"),
        ("00994 50 123", "+99450123"),
        ("۰۵۰ ۱۲۳", "050123"),
        ("Aysel", ""),
        ("LOT-123", ""),
        ("", ""),
    ],
)
def test_phone_digits(typed, digits):
    assert phone_digits(typed) == digits
