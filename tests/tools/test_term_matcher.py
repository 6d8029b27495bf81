"""Terms in texts: every way of writing that counts, and none that only looks so."""

import csv

import pytest
from complaint_tools.term_matcher import Match, TermMatcher
from complaint_tools.text_fold import NON_JOINER, SKIP, base_letters
from hypothesis import given
from hypothesis import strategies as st
from legal_sentences import SENTENCES

LANGUAGES = ("az", "tr", "fa", "en", "ru")
TERMS = [
    (1, "az", "məhkəmə"),
    (2, "tr", "tazminat"),
    (3, "tr", "savcılık"),
    (4, "ru", "суд"),
    (5, "fa", "دادگاه"),
    (6, "en", "legal action"),
    (7, "tr", "dava", "stem", "davam, davamlı*"),
    (8, "fa", "شکایت می‌کنم"),
    (9, "ru", "исковое заявление"),
    (10, "tr", "BTK", "word"),
]
MATCHER = TermMatcher(TERMS)


@pytest.fixture(scope="module")
def seeds(repository):
    """Return (matcher of all terms that come with the addon, {id: row})."""
    rows = []
    for lang in LANGUAGES:
        path = f"complaint_management/data/legal_terms/{lang}.csv"
        with open(repository / path, encoding="utf-8") as file:
            rows += csv.DictReader(file)
    by_id = {row["id"]: row for row in rows}
    names = ("id", "lang", "name", "mode", "exceptions")
    return TermMatcher([row[name] for name in names] for row in rows), by_id


def found_in(matcher, text):
    """Return the words of the longest matches, each place once."""
    places = {(match.start, match.end) for match in matcher.find(text)}
    return [
        text[start:end]
        for start, end in sorted(places)
        if not any(
            (a, b) != (start, end) and a <= start and end <= b for a, b in places
        )
    ]


@pytest.mark.parametrize("lang, sentence, words", SENTENCES)
def test_sentence_of_a_customer(seeds, lang, sentence, words):
    matcher, __ = seeds
    assert found_in(matcher, sentence) == list(filter(None, words.split(";")))


def test_sentences_are_many_of_each_language():
    for lang in LANGUAGES:
        own = [words for own, __, words in SENTENCES if own == lang]
        assert len(own) >= 35
        assert own.count("") >= 9
    assert len(SENTENCES) >= 200


def test_term_of_seeds_finds_itself(seeds):
    matcher, by_id = seeds
    for key, row in by_id.items():
        assert key in {match.term_id for match in matcher.find(row["name"])}, row


@pytest.mark.parametrize(
    "text, term_id, words",
    [
        ("Sizi MƏHKƏMƏYƏ verirəm", 1, "MƏHKƏMƏYƏ"),
        ("mahkemeye", 1, "mahkemeye"),
        ("s\u0327ikayet, tazmi\u0307natı", 2, "tazmi\u0307natı"),
        ("SAVCILIĞINA", 3, "SAVCILIĞINA"),
        ("mah-keme-ye", 1, "mah-keme-ye"),
        ("mah\nkemeye", 1, "mah\nkemeye"),
        ("m\u200bahkeme", 1, "m\u200bahkeme"),
        ("(суда)", 4, "суда"),
        ("legal\r\naction", 6, "legal\r\naction"),
        ("legal “action”", 6, "legal “action"),
        ("ｌｅｇａｌ actions", 6, "ｌｅｇａｌ actions"),
        ("ﬁle legal action", 6, "legal action"),
        ("شکایت میکنم", 8, "شکایت میکنم"),
        ("شكايت مي كنم", 8, "شكايت مي كنم"),
        ("с исковыми заявлениями", 9, "исковыми заявлениями"),
        ("BTK'nın", 10, "BTK'nın"),
    ],
)
def test_place_is_that_of_the_original(text, term_id, words):
    [match] = [m for m in TermMatcher(TERMS).find(text) if m.term_id == term_id]
    assert text[match.start : match.end] == words


@pytest.mark.parametrize(
    "text",
    [
        *("tazı", "davar", "судно", "اتوبان", "courteous", "davamlı", "btkya"),
        *("legal. Action", "legal and action", "mahkem", "xmahkeme", "подсудно"),
        *("", " ", "-", "\n", "\u200c", "\u00ad", "’"),
    ],
)
def test_nothing_is_found(text):
    assert not TermMatcher(TERMS).find(text)


def test_none_and_no_terms_find_nothing():
    assert TermMatcher(TERMS).find(None) == []
    assert TermMatcher([]).find("mahkeme") == []
    assert (
        TermMatcher([(1, "en", "  "), (2, "fa", "‌"), (3, "tr", "...")]).find("a") == []
    )


def test_contract_of_a_match():
    [match] = TermMatcher([(7, "en", "lawsuit")]).find("a lawsuit!")
    assert match == Match(term_id=7, start=2, end=9) == (7, 2, 9)


def test_star_takes_any_ending():
    matcher = TermMatcher([(1, "tr", "hukuki yol*")])
    assert found_in(matcher, "hukuki yolları deneyeceğim") == ["hukuki yolları"]


def test_unknown_language_takes_the_word_as_it_is():
    matcher = TermMatcher([(1, "xx", "Gericht")])
    assert found_in(matcher, "Das GERICHT") == ["GERICHT"]
    assert not matcher.find("Gerichte")


def test_memory_of_pieces_is_bounded(monkeypatch):
    module = "complaint_tools.term_matcher._MOST_KNOWN"
    monkeypatch.setattr(module, 10)
    matcher = TermMatcher(TERMS)
    for number in range(100):
        matcher.find(f"word{number} mahkeme{number}")
        assert matcher.find("mahkeme")
    assert len(matcher._cold) + len(matcher._hot) < 20


# -- properties ------------------------------------------------------------------------
LETTERS = st.sampled_from(
    [
        *"mahkemətzinvdcısolğşйсудаисклنادگهویكي",
        *("mahkeme", "məhkəmə", "MAHKEMƏ", "суд", "دادگاه", "tazminat", "dava"),
        *("legal", "action", "شکایت", "می", "کنم", "savcılığ", "исков", "заявлен"),
        *(" ", "  ", "\n", "\r\n", "-", "-\n", "- ", ".", "'", "’", "…", "ﬁ", "ß", "½"),
        *("\u200c", "\u200d", "\u00ad", "\u0640", "\u0307", "\u0327", "\u200f", "İ"),
    ]
)
TEXTS = st.one_of(st.lists(LETTERS, max_size=25).map("".join), st.text(max_size=60))


@given(TEXTS)
def test_positions_stay_those_of_the_original(text):
    letters, positions = base_letters(text)
    if positions is None:
        assert len(letters) == len(text)
    else:
        assert len(positions) == len(letters)
        assert positions == sorted(positions)
        assert set(positions) <= set(range(len(text)))
        # Nothing but what is several letters is moved.
        assert len(letters) >= len(text) - sum(map(_is_dropped, text))


def _is_dropped(sign):
    return not base_letters(sign)[0]


@given(TEXTS)
def test_match_reads_as_its_term(text):
    stems = {row[0]: _plain(row[2])[:5] for row in TERMS}
    stems |= {3: "savci", 9: "исков", 4: "суд"}
    for match in MATCHER.find(text):
        assert 0 <= match.start < match.end <= len(text)
        words = _plain(text[match.start : match.end])
        beginnings = {stems[match.term_id]}
        if match.term_id == 1:
            beginnings = {f"m{a}hk{b}m" for a in "ea" for b in "ea"}
        assert words.startswith(tuple(beginnings)), (match, words)


@given(TEXTS)
def test_quick_and_slow_reading_find_the_same(text):
    assert MATCHER.find(text) == MATCHER.find_slowly(text)


@given(TEXTS, TEXTS)
def test_what_was_read_before_changes_nothing(one, other):
    matcher = TermMatcher(TERMS)
    matcher.find(one)
    assert matcher.find(other) == TermMatcher(TERMS).find(other)


@given(st.sampled_from(["mahkemeye", "суде", "دادگاه‌ها", "legal action"]), TEXTS)
def test_word_between_spaces_is_always_found(word, text):
    whole = f"{text} . {word} . {text}"
    start = len(text) + 3
    found = {(m.start, m.end) for m in MATCHER.find(whole)}
    assert (start, start + len(word)) in found


def _plain(text):
    letters = base_letters(text)[0].replace(SKIP, "").replace(NON_JOINER, "")
    return "".join(filter(str.isalnum, letters))
