"""The ways to write a term, as words that stand apart."""

import itertools
import re

from .text_fold import NON_JOINER, base_letters

_NO_LETTERS = re.compile(r"\W+")
# Parts of a Persian term of which each may stand apart or not.
_MOST_JOINTS = 3


def plain(text):
    """Return the letters alone, as they stand in the words of a text."""
    return _NO_LETTERS.sub("", base_letters(text)[0])


def spellings(lang, text):
    """Return the ways to write a term, each as its words.

    Parts of a Persian word stand together, with a non-joiner or with a space.
    """
    text = re.sub(r"['’ʼ]\w*", "", text.lower())
    if lang != "fa":
        words = re.split(r"[\s\-]+", text.strip())
        return [words] if any(words) else []
    parts = re.split(rf"[\s{NON_JOINER}]+", text.strip())
    if not any(parts):
        return []
    if len(parts) > _MOST_JOINTS + 1:
        return [parts]
    return [
        "".join(map("".join, zip(parts, (*joints, ""), strict=True))).split(" ")
        for joints in itertools.product((" ", ""), repeat=len(parts) - 1)
    ]


def read_exceptions(text):
    """Return (whole words, beginnings of words) of a list of exceptions."""
    words = [word.strip() for word in re.split(r"[,;،؛\n]", text or "")]
    exact = frozenset(plain(word) for word in words if not word.endswith("*"))
    heads = (plain(word) for word in words if word.endswith("*"))
    return exact, tuple(filter(None, heads))
