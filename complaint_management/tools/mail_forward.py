"""Finds who wrote a mail that somebody else passed on.

A forwarded mail comes from a colleague, but the complaint is that of the sender named
inside: in an attached mail, or in the block of headers that mail programs put above the
words they quote. The labels of that block are known in English, Turkish, Azerbaijani,
Persian, Russian and German.
"""

import re
import unicodedata
from typing import NamedTuple

FROM_LABELS = (
    "from|kimden|gönderen|kimdən|göndərən|kimdan|از|فرستنده|از طرف|от|отправитель|von"
)
OTHER_LABELS = (
    "to|cc|date|sent|subject|reply-to"
    "|kime|bilgi|tarih|gönderildi|gönderme tarihi|gönderilme tarihi|konu|alıcı"
    "|kimə|tarix|göndərilib|göndərildi|göndərilmə tarixi|mövzu|surət|kopya"
    "|به|گیرنده|تاریخ|ارسال شده|ارسال‌شده|زمان ارسال|موضوع|رونوشت"
    "|кому|копия|дата|отправлено|тема"
    "|an|datum|gesendet|betreff"
)
FORWARD_MARKS = (
    "fwd?|fw|ilt|i̇lt|ilet|yönl|yönlendirilen|yönləndirmə|yönləndirildi"
    "|пересл|wg|هدایت|ارجاع|بازارسال|فوروارد"
)
REPLY_MARKS = "re|ynt|yan|cavab|cvb|پاسخ|aw|ответ"

# Bold in a text made of HTML, quoting, and marks that only steer the writing direction.
_EDGE = r"[\s>*|]*"
_FROM_LINE = re.compile(rf"^{_EDGE}({FROM_LABELS}){_EDGE}[:：]{_EDGE}(.*)$", re.I)
_OTHER_LINE = re.compile(rf"^{_EDGE}({OTHER_LABELS}){_EDGE}[:：]", re.I)
_SUBJECT = re.compile(
    rf"^\s*\[?(({REPLY_MARKS})\s*[:：]\s*)*({FORWARD_MARKS})\s*[:：]", re.I
)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:@\[\]*]+@[^\s<>\"'(),;:@\[\]*]+\.[^\W\d_]{2,}")
_FOOTNOTE = re.compile(r"\s*\[\d+\]")
# So many lines may lie between the sender and the next header of a block.
BLOCK_LINES = 3
# Not a mark of direction: Persian words are written with it.
ZWNJ = "\u200c"
MAX_LINES = 2_000
MAX_LENGTH = 500


class Sender(NamedTuple):
    name: str
    email: str


def is_forward(subject):
    """Tell whether a subject says that the mail was passed on."""
    return bool(_SUBJECT.match(_fold(subject or "")))


def find_senders(text, heads=()):
    """Return who may have written the mail that was passed on, nearest first.

    :param str text: the words of the mail, as plain text
    :param heads: values of the From header of attached mails
    :return: list of Sender; the address is lower case and may be "" when only a name
        is there
    """
    found = [_read_sender(head) for head in heads]
    lines = [_fold(line) for line in text.splitlines()[:MAX_LINES]]
    for position, line in enumerate(lines):
        match = _FROM_LINE.match(line[:MAX_LENGTH])
        if match and _is_block(lines[position + 1 :]):
            found.append(_read_sender(match.group(2) or _next(lines, position)))
    return list(dict.fromkeys(sender for sender in found if any(sender)))


def _fold(line):
    """Return a text in one form of its letters and without direction marks."""
    line = unicodedata.normalize("NFC", line)
    return "".join(
        char for char in line if char == ZWNJ or unicodedata.category(char) != "Cf"
    )


def _is_block(following):
    """Tell whether another header follows: a sentence may begin with "From:" too."""
    near = [line for line in following[: 2 * BLOCK_LINES] if line.strip(" >*|")]
    return any(_OTHER_LINE.match(line[:MAX_LENGTH]) for line in near[:BLOCK_LINES])


def _next(lines, position):
    return lines[position + 1] if position + 1 < len(lines) else ""


def _read_sender(value):
    value = _FOOTNOTE.sub("", " ".join(value.split()))[:MAX_LENGTH]
    found = _ADDRESS.search(value)
    name = value[: found.start()] if found else value
    name = re.split(r"[<\[(]", name)[0]
    name = name.replace("mailto:", "").strip(" \t\"'*|,;<>")
    return Sender(name, found.group().lower() if found else "")
