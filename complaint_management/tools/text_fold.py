"""Texts made comparable: upper and lower case, the four letters i of Turkish and
Azerbaijani, Arabic and Persian shapes of one letter, invisible joiners.

The tables of letters stand here once. :func:`fold` keeps letters of their own (ş, ə);
:func:`base_letters` goes on to what people type without the right keyboard and knows
where in the original each letter was.
"""

import re
import unicodedata
from functools import lru_cache

# One letter in several codes, whatever the language.
ALIKE = {
    "İ": "i",
    "I": "i",
    "ı": "i",
    "ي": "ی",
    "ى": "ی",
    "ئ": "ی",
    "ے": "ی",
    "ك": "ک",
    "ۀ": "ه",
    "ة": "ه",
    "ە": "ه",
    "ہ": "ه",
    "ھ": "ه",
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ؤ": "و",
    "’": "'",
    "ʼ": "'",
    # the Cyrillic letter, and the one of phonetics, typed for that of Azerbaijani
    "ә": "ə",
    "Ә": "ə",
    "ǝ": "ə",
    "Ǝ": "ə",
}
# Letters that Unicode doesn't take apart into the one that people type instead.
TYPED = {
    "ə": "e",
    "Ə": "e",
    "ø": "o",
    "Ø": "o",
    "ł": "l",
    "Ł": "l",
    "đ": "d",
    "Đ": "d",
}
# Stand inside of words and are not seen.
HIDDEN = dict.fromkeys(
    (
        "\u0640",  # tatweel
        "\u200b",
        "\u200c",  # zero-width non-joiner: Persian joins parts of words with it
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u00ad",  # soft hyphen
    )
)
_SAME = str.maketrans(ALIKE | HIDDEN)
_TO_BASE = str.maketrans(ALIKE | TYPED)
# Dot that "İ".lower() leaves behind, and the short vowels of Arabic script.
_MARKS = re.compile("[\u0307\u064b-\u065f\u0670]")

# What stands in a text of base letters for a sign that is not seen, and for a
# non-joiner. Both are no letters, so they never stand for themselves.
SKIP = "\u00ad"
NON_JOINER = "\u200c"
# Stands for one sign that is several letters, such as "ﬁ".
_WIDE = "\ufffe"


def fold(text):
    """Return ``text`` so that two ways of writing the same word are equal.

    Letters of their own (ş, ç, ğ, ö, ü, ə) stay what they are.
    """
    text = unicodedata.normalize("NFKC", text or "").translate(_SAME)
    return _MARKS.sub("", text.casefold())


def _base_of(sign):
    """Return the letters that a sign is read as: none, one, or several."""
    if sign in HIDDEN:
        return ""
    letters = unicodedata.normalize("NFKD", ALIKE.get(sign, sign)).casefold()
    letters = unicodedata.normalize("NFKD", letters).translate(_TO_BASE)
    return "".join(
        str(unicodedata.decimal(letter, letter))
        for letter in letters
        if unicodedata.category(letter) not in ("Mn", "Cf")
    )


class _BaseLetters(dict):
    """{code of a sign: one sign}, filled as signs come up."""

    def __missing__(self, code):
        letters = _base_of(chr(code))
        if not letters:
            one = SKIP
        elif len(letters) > 1:
            one = _WIDE if any(map(str.isalnum, letters)) else " "
        else:
            one = letters
        self[code] = one
        return one


_BASE = _BaseLetters(
    {
        ord(_WIDE): " ",
        ord(NON_JOINER): NON_JOINER,
        # hyphens of several kinds
        0x2010: "-",
        0x2011: "-",
    }
)


def base_letters(text):
    """Return ``text`` in the plainest letters, and where each was.

    Diacritics are gone (``şikâyət`` is ``sikayet``), digits are 0–9. What is not seen
    became :data:`SKIP`, a zero-width non-joiner :data:`NON_JOINER`.

    :return: (letters, positions); the letter ``n`` is the sign ``positions[n]`` of the
        text. ``positions`` is None where ``n`` is ``n``.
    """
    plain = text.translate(_BASE)
    if _WIDE not in plain:
        return plain, None
    letters, positions = [], []
    for index, sign in enumerate(plain):
        found = _base_of(text[index]) if sign == _WIDE else sign
        letters.append(found)
        positions += [index] * len(found)
    return "".join(letters), positions


@lru_cache(maxsize=1024)
def word_pattern(words):
    """Return a compiled pattern that finds any of some words in a folded text.

    :param str words: separated by commas, semicolons or new lines; ``leak*`` finds
        whatever starts so, ``leak`` the whole word only
    :return: a pattern, None when there is no word at all
    """
    parts = []
    for word in re.split(r"[,;،؛\n]", words or ""):
        folded = " ".join(fold(word).split())
        stem = folded.rstrip("*").rstrip()
        if stem:
            body = r"\s+".join(map(re.escape, stem.split(" ")))
            parts.append(body if folded.endswith("*") else body + r"(?!\w)")
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})") if parts else None
