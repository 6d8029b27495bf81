"""Takes out of a text what points to a person or company.

A first proposal for a person who reads it: what is known (names, addresses, numbers)
is found in spite of case, diacritics, Turkish dotted i, Arabic and Persian letter
forms, invisible joiners and case endings. What looks like a mail address, web address,
phone, account or card number goes too.
"""

import re
import unicodedata

MARK = "[…]"

# Letters that Unicode doesn't decompose into the base letter people type instead.
_FOLD = str.maketrans(
    {
        "ə": "e",
        "Ə": "e",
        "ı": "i",
        "İ": "i",
        "ø": "o",
        "Ø": "o",
        "ł": "l",
        "Ł": "l",
        "đ": "d",
        "Đ": "d",
        "ي": "ی",
        "ى": "ی",
        "ئ": "ی",
        "ك": "ک",
        "ة": "ه",
        "أ": "ا",
        "إ": "ا",
    }
)
_HIDDEN = "[\u00ad\u064b-\u0652\u200b-\u200f\u2060\ufeff]*"
# Between the words of a name, and between the parts of a number.
_GAP = r"[\s\u00a0\u200c.,;:_/\\|\-]{1,3}"
_ENDING = r"(?:['’`´]?\w{0,6})"
_TLD = "com|net|org|info|biz|app|shop|io|az|tr|ir|ru|ge|de|uk|eu|fr|it|us|kz"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[\w.+%-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+",
        r"(?:https?://|www\.)\S+",
        rf"\b[\w-]+(?:\.[\w-]+)*\.(?:{_TLD})\b(?:/\S*)?",
        r"(?<![\w/])@\w{3,}",
        r"\b(?-i:[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?)\b",
        # 9 to 19 digits with the separators of phone and card numbers
        r"(?<![\w])\+?\d(?:[ \u00a0().\-/]{0,3}\d){8,18}(?!\w)",
    )
)
_DATE = re.compile(
    r"\d{4}[-./]\d{1,2}[-./]\d{1,2}(?:[ T]\d{1,2}([:.]?\d{2}){0,2})?"
    r"|\d{1,2}[-./]\d{1,2}[-./]\d{4}(?: \d{1,2}([:.]?\d{2}){0,2})?"
)
# Words of company names that say nothing about which company it is.
_COMMON_WORDS = frozenset(
    "ltd llc inc corp gmbh company group holding trade trading international "
    "limited mmc asc qsc ojsc cjsc sti şti ticaret sanayi anonim limited sirketi "
    "and the for von van bin شرکت گروه بازرگانی".split()
)
_PHONE_TAIL = 7
# At least that many digits, and no number of a document such as 2026/00042.
_PHONE = re.compile(r"(?!\d{4}[-/]\d+$)\+?[(]?(?:\d[() .\-/]*){7,16}")


def redact(text, identifiers=(), keep=()):
    """Return the text with everything that points to somebody replaced by a mark.

    :param str text: any text, may be empty
    :param identifiers: names, mail addresses, phone numbers, references to remove
    :param keep: strings that only look like a number of a person and must stay,
        such as a lot or a product code
    """
    text = unicodedata.normalize("NFC", text or "")
    folded = _fold(text)
    spans = [
        match.span()
        for pattern in _identifier_patterns(identifiers, with_parts=True)
        for match in pattern.finditer(folded)
    ]
    spans += _phone_spans(folded, identifiers)
    spans += _pattern_spans(text, keep)
    return _replace(text, spans)


def remove_names(text, people=(), others=()):
    """Return the text without these, and else as it is.

    For what one customer reads of a text that others play a part in; what looks like
    an address or a number stays unless it is one of theirs.

    :param people: names of people; single words of a name go too
    :param others: names of companies, addresses, numbers, which go as a whole: words of
        a company's name are often those of the trade. Its legal form may be missing.
    """
    text = unicodedata.normalize("NFC", text or "")
    folded = _fold(text)
    patterns = [
        *_identifier_patterns(people, with_parts=True),
        *_identifier_patterns(others, with_parts=False),
        *_identifier_patterns(map(_trade_name, others), with_parts=False),
    ]
    spans = [m.span() for pattern in patterns for m in pattern.finditer(folded)]
    return _replace(text, [*spans, *_phone_spans(folded, others)])


def _trade_name(company):
    """Return the name of a company without its legal form, other texts as they are."""
    words = (company or "").split()
    said = [w for w in words if _says_who("".join(_words(w)))]
    return " ".join(said if len(words) > 1 and said else words)


def find_identifiers(text, identifiers):
    """Return the parts of the text that still are one of the identifiers in full.

    Stricter than :func:`redact`: single words of a name don't count, so that a
    customer named after a material doesn't make a report impossible.
    """
    text = unicodedata.normalize("NFC", text or "")
    folded = _fold(text)
    spans = {
        match.span()
        for pattern in _identifier_patterns(identifiers, with_parts=False)
        for match in pattern.finditer(folded)
    }
    spans.update(_phone_spans(folded, identifiers))
    return [text[start:end] for start, end in sorted(spans)]


def _fold(text):
    """Return a text of the same length in the letters that people type instead."""
    return "".join(map(_fold_char, text))


def _fold_char(char):
    char = char.translate(_FOLD)
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    base = unicodedata.normalize("NFKD", char)[0]
    lowered = base.lower()
    return lowered if len(lowered) == 1 else base


def _identifier_patterns(identifiers, with_parts):
    for identifier in identifiers:
        words = _words(identifier)
        if sum(map(len, words)) < 3:
            continue
        yield _compile(words)
        if with_parts and len(words) > 1:
            yield from (_compile([word]) for word in words if _says_who(word))


def _words(identifier):
    folded = _fold(unicodedata.normalize("NFC", identifier or ""))
    return re.findall(r"\w+", folded)


def _says_who(word):
    """Whether one word of a name is enough to recognise somebody."""
    return len(word) >= 3 and not word.isdigit() and word not in _COMMON_WORDS


def _compile(words):
    parts = [_HIDDEN.join(map(re.escape, word)) for word in words]
    # A short word with any ending would hit too many other words.
    ending = _ENDING if len(words[-1]) > 3 else r"(?:['’`´]\w{0,6})?"
    if words[-1].isdigit():
        ending = ""
    gap = rf"(?:{_GAP}|[@+&()'’\"«»“” ]{{1,3}})"
    return re.compile(rf"(?<!\w){gap.join(parts)}{ending}(?!\w)")


def _phone_spans(folded, identifiers):
    """Find known phone numbers, however they are grouped or prefixed."""
    numbers = (_fold(identifier or "").strip() for identifier in identifiers)
    phones = filter(_PHONE.fullmatch, numbers)
    for tail in {re.sub(r"\D", "", phone)[-_PHONE_TAIL:] for phone in phones}:
        lead = r"(?:\+?[\d().\- ]{0,12}\d[() .\-/]{0,3})?"
        ending = r"[\s\u00a0().\-/]{0,3}".join(tail)
        for match in re.finditer(lead + ending, folded):
            leading = len(match[0]) - len(match[0].lstrip(" .-"))
            yield match.start() + leading, match.end()


def _pattern_spans(text, keep):
    kept = [
        match.span()
        for word in keep
        if word
        for match in re.finditer(re.escape(word), text, re.IGNORECASE)
    ]
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            is_kept = any(start < stop and begin < end for begin, stop in kept)
            if not is_kept and not _DATE.fullmatch(match[0].strip()):
                yield start, end


def _replace(text, spans):
    """Replace the spans, those that touch by one mark."""
    pieces, position = [], 0
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if end <= position:
            continue
        between = text[position:start] if start > position else ""
        if not (pieces and pieces[-1] == MARK and not between.strip(" ,;")):
            pieces += [between, MARK]
        position = end
    return "".join([*pieces, text[position:]])
