"""Which endings a word may have in a language, in base letters (see ``text_fold``).

A word of a list of terms stands there in its dictionary form. :func:`word_forms`
returns its stems, each with a pattern of the endings that may follow. More endings fit
than a grammar allows (nobody writes them), fewer than any letters: ``mahkemeye`` is a
form of ``mahkeme``, ``davar`` none of ``dava``.
"""

import itertools
import re

ANY = re.compile(r"\w*")
NONE = re.compile(r"")


def _endings(*parts):
    """Compile parts of an ending, each of which may be missing."""
    return re.compile("".join(f"(?:{part})?" for part in parts))


# -- Turkish and Azerbaijani -----------------------------------------------------------
# The vowels of both are a, e and i, u here; ş is s, ğ is g.
_TURKIC_PARTS = (
    r"l[iu][kgy]|c[iu](?:l[iu][kgy])?|l[iu]|s[iu]z(?:l[iu][kg])?",  # made words
    r"l[ae]r",  # plural
    r"[iu]?m(?:[iu]z)?|[iu]?n(?:[iu]z)?|s?[iu]|l[ae]r[iu]",  # whose
    r"[yn]?[ae]|[yn]?[iu]|n?[dt][ae]n?|n?[iu]n|[yi]?l[ae]|n?c[ae]",  # case
    r"ki(?:l[ae]r)?(?:n?[iu]n?|n[ae]|nd[ae]n?)?",
    r"[dt][iu]r|y?d[iu][mk]?|y?m[iu]s|y?s[ae]|y?[iu]m|y[ae]m|s[iau]n|y?[iu][zkq]|yk[ae]n",
)
_TURKIC = _endings(*_TURKIC_PARTS)
_TURKIC_VOWEL = re.compile(rf"(?=[aeiu])(?:{_TURKIC.pattern})")
# avukatlık → avukatlığı, məhkəməlik → məhkəməliyə, talep → talebi, hüquq → hüquğu
_SOFTENED = {"k": "gy", "q": "g", "t": "d", "p": "b"}
# A word of Arabic origin has e in Turkish where Azerbaijani has ə or the other way
# round: məhkəmə and mahkeme. Short words would become other words: ərizə (petition)
# and arıza (fault).
_LONG, _MOST_SCHWAS = 7, 3


def _turkic(word):
    yield word, _TURKIC
    for letter in _SOFTENED.get(word[-1], ""):
        yield word[:-1] + letter, _TURKIC_VOWEL


def _schwa_spellings(word):
    """Return an Azerbaijani word with each ə as e and as a."""
    count = word.count("ə")
    if len(word) < _LONG or count > _MOST_SCHWAS:
        return [word]
    pieces = word.split("ə")
    return [
        "".join(map("".join, zip(pieces, (*vowels, ""), strict=True)))
        for vowels in itertools.product("ea", repeat=count)
    ]


# -- Persian ---------------------------------------------------------------------------
_PERSIAN = _endings(
    r"ها|ان|ات",
    r"یی|ی|ای",
    r"مان|تان|شان|ام|ات|اش|م|ت|ش|یم|ید|ند|اند|ایم|اید",
    r"ست|است|را|رو|و|ه",
)


# -- Russian ---------------------------------------------------------------------------
_SOFT = (
    r"[аеиоуюяь]|еи|ем|ою|ею|ам|ям|ами|ями|ах|ях"
    r"|ии|ия|ию|ие|ием|иеи|иям|иями|иях|ьи|ью"
)
_HARD = r"[аыиуе]|ом|ем|ов|ам|ами|ах|ою|ои|еи"
_ADJECTIVE = (
    r"ыи|ии|ои|еи|ого|его|ому|ему|ым|им|ом|ем"
    r"|ая|яя|ую|юю|ою|ею|ое|ее|ые|ие|ых|их|ыми|ими"
)
_RUSSIAN_ADJECTIVE = _endings(_ADJECTIVE)
_RUSSIAN_SOFT = _endings(_SOFT)
_RUSSIAN_HARD = _endings(_HARD)
# й became и; "ание", "ение", "тие" are nouns
_IS_ADJECTIVE = re.compile(r"\w{3,}(?:ыи|ии|ои|ая|яя|ое|ее|ые|(?<![нт])ие)")


def _russian(word):
    if len(word) < 3:
        yield word, NONE
    elif _IS_ADJECTIVE.fullmatch(word):
        yield word[:-2], _RUSSIAN_ADJECTIVE
    elif word[-1] in "аы":
        yield word[:-1], _RUSSIAN_HARD
    elif word[-1] in "еиоьуюя":
        yield word[:-1], _RUSSIAN_SOFT
    else:
        yield word, _RUSSIAN_HARD


# -- English ---------------------------------------------------------------------------
_ENGLISH = _endings(r"s|es|ed|d|ing|ings")
_ENGLISH_I = re.compile(r"es|ed|er|ers")
_ENGLISH_NO_E = re.compile(r"ings?")


def _english(word):
    yield word, _ENGLISH
    if word.endswith("y"):
        yield word[:-1] + "i", _ENGLISH_I
    elif word.endswith("e"):
        yield word[:-1], _ENGLISH_NO_E


_LANGUAGES = {
    "az": _turkic,
    "tr": _turkic,
    "fa": lambda word: [(word, _PERSIAN)],
    "ru": _russian,
    "en": _english,
}
LANGUAGES = tuple(_LANGUAGES)


def word_forms(lang, word, base, *, bends):
    """Return the ways in which one word of a term may be written.

    :param str lang: two-letter code; of an unknown language the word stays as it is
    :param str word: as the term has it, in lower case; ``appeal*`` takes any ending
    :param base: function that turns a text into base letters
    :param bool bends: whether the word may have the endings of the language
    :return: list of (stem in base letters, pattern of what may follow it)
    """
    open_ended = word.endswith("*")
    word = word.rstrip("*")
    spellings = _schwa_spellings(word) if lang == "az" else [word]
    forms = {}
    for spelling in filter(None, map(base, spellings)):
        if open_ended:
            forms[spelling] = ANY
        elif bends and lang in _LANGUAGES:
            forms.update(_LANGUAGES[lang](spelling))
        else:
            forms[spelling] = NONE
    return list(forms.items())
