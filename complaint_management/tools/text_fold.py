"""Texts made comparable: upper and lower case, the four letters i of Turkish and
Azerbaijani, Arabic and Persian shapes of one letter, invisible joiners."""

import re
import unicodedata
from functools import lru_cache

_SAME = str.maketrans(
    {
        "İ": "i",
        "I": "i",
        "ı": "i",
        "ي": "ی",
        "ى": "ی",
        "ئ": "ی",
        "ك": "ک",
        "ۀ": "ه",
        "ة": "ه",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ؤ": "و",
        "’": "'",
        "ʼ": "'",
        "\u0640": None,  # tatweel
        "\u200b": None,
        "\u200c": None,  # zero-width non-joiner
        "\u200d": None,
        "\u2060": None,
        "\ufeff": None,
        "\u00ad": None,  # soft hyphen
    }
)
# Dot that "İ".lower() leaves behind, and the short vowels of Arabic script.
_MARKS = re.compile("[\u0307\u064b-\u065f\u0670]")


def fold(text):
    """Return ``text`` so that two ways of writing the same word are equal.

    Letters of their own (ş, ç, ğ, ö, ü, ə) stay what they are.
    """
    text = unicodedata.normalize("NFKC", text or "").translate(_SAME)
    return _MARKS.sub("", text.casefold())


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
