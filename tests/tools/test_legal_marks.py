from complaint_tools.legal_marks import (
    decode_text,
    marked_text,
    places_of,
    snippet,
)
from hypothesis import given
from hypothesis import strategies as st


def test_snippet_is_one_line_of_whole_words():
    text = "One two three.\n\nSee you in court, said four five six seven."
    start = text.index("court")
    assert snippet(text, start, start + 5, around=12) == "…you in court, said four…"
    assert snippet("court", 0, 5) == "court"


def test_marked_text_escapes_and_marks_the_longest():
    html = marked_text("<i>hakem heyeti</i>", [(3, 8, "a"), (3, 15, 'b"')])
    assert html == (
        '<p dir="auto" class="mb-2">&lt;i&gt;<mark class="o_complaint_legal_hit" '
        'title="b&#34;">hakem heyeti</mark>&lt;/i&gt;</p>'
    )


def test_each_paragraph_has_its_own_direction():
    html = marked_text("Hello\nyou\n\nسلام", [])
    assert html.count('dir="auto"') == 2
    assert "Hello<br/>you" in html


def test_places_of_all_strings():
    found = places_of("suing, sued, suing", {"suing": "x", "sued": "y", "": "z"})
    assert sorted(found) == [(0, 5, "x"), (7, 11, "y"), (13, 18, "x")]


@given(st.text(), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20))))
def test_marked_text_loses_no_letter(text, spans):
    places = [(min(s), max(s), "t") for s in spans if max(s) <= len(text)]
    plain = marked_text(text, places).striptags()
    assert "".join(plain.split()) == "".join(text.split())


def test_text_of_any_charset():
    for text, encoding in (
        ("savcılığa şikâyet ettim, çünkü özür yok", "cp1254"),
        ("Мы подаём заявление в суд завтра утром", "cp1251"),
        ("دادگاه", "utf-8"),
        ("məhkəmə", "utf-8-sig"),
        ("məhkəmə", "utf-16"),
    ):
        assert decode_text(text.encode(encoding)) == text
    assert isinstance(decode_text(bytes(range(256))), str)
