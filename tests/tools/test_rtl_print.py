"""Right-to-left text is cut into parts that a printer of HTML places right."""

import lxml.html
from complaint_tools.rtl_print import split_parts


def parts(html):
    root = lxml.html.fromstring(split_parts(html))
    return [span.text for span in root.iter("span")], root.text_content()


def test_letters_digits_and_marks_stand_alone():
    text = "۱۴۴ ساعت، شبانه‌روزی (CMP/7)"
    found, content = parts(f'<div dir="rtl"><p>{text}</p></div>')
    assert found == [
        *("۱۴۴", "ساعت", "،", "شبانه", "\u200c", "روزی", "(CMP/7)"),
    ]
    assert content == text


def test_text_between_elements_keeps_its_place():
    text = "متن <b>درشت</b> و <i>دیگر</i> پایان"
    _found, content = parts(f'<div dir="rtl"><p>{text}</p> ته</div>')
    assert content == "متن درشت و دیگر پایان ته"


def test_what_isnt_right_to_left_stays_as_it_is():
    html = '<div dir="ltr"><p>متن ۱</p></div>'
    assert split_parts(html) == html
    found, _content = parts('<div dir="rtl"><p>Only 7 Latin words</p></div>')
    assert not found
    script = '<div dir="rtl"><style>a{content:"متن"}</style></div>'
    assert "<span" not in split_parts(script)
