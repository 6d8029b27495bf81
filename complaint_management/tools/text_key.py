"""Text as a search by likeness needs it, whatever its script and the database's locale.

PostgreSQL's ``pg_trgm`` asks the locale of the database what a letter is. With the
locale ``C`` only ASCII letters count: a Persian text has no trigrams at all, and
``şüşə`` is cut into pieces. So texts are folded to ASCII here, before they are stored
and compared, and the answer no longer depends on how a database was created.
"""

import re
import unicodedata

from .text_fold import ALIKE, HIDDEN, TYPED

_ALIKE = str.maketrans(ALIKE | TYPED | HIDDEN)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_ASCII = frozenset(_ALPHABET)


def ascii_digits(text):
    """Return ``text`` with the digits of every script as 0–9."""
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text
    )


def similarity_key(text):
    """Return ``text`` in lower-case ASCII words, without accents.

    A letter of another script becomes one ASCII letter or digit, always the same one:
    neighbours in a script stay apart, so likeness of texts is kept. The result is for
    comparing only; it can't be turned back.
    """
    folded = unicodedata.normalize("NFKD", ascii_digits(text or "").casefold())
    letters = (c for c in folded.translate(_ALIKE) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", "".join(map(_fold, letters))).split())


def _fold(char):
    if char in _ASCII or not char.isalnum():
        return char
    return _ALPHABET[ord(char) % len(_ALPHABET)]


def phone_digits(text):
    """Return the digits of a phone number as typed, with a leading ``+`` for the
    international notation, or an empty text when this is no phone number.

    ``00`` at the start means ``+``.
    """
    text = ascii_digits(text or "").strip()
    if not re.fullmatch(r"\+?[\d\s\-–./()\u200e\u200f\u202a-\u202e]+", text):
        return ""
    digits = re.sub(r"\D", "", text)
    if text.startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits
