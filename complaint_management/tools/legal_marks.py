"""Texts with the words that were found in them."""

import codecs

import chardet
from markupsafe import Markup, escape

AROUND = 80
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Taken for the Turkish one: but for six letters they are the same.
_WESTERN = ("", "ascii", "iso-8859-1", "iso-8859-9", "windows-1252", "windows-1254")


def snippet(text, start, end, around=AROUND):
    """Return what stands around ``text[start:end]`` in one line, whole words only."""
    first, last = max(start - around, 0), min(end + around, len(text))
    before, after = text[first:start], text[end:last]
    if first:
        before = "…" + before.partition(" ")[2]
    if last < len(text):
        after = after.rpartition(" ")[0] + "…"
    return " ".join((before + text[start:end] + after).split())


def marked_text(text, places):
    """Return a text as HTML in which places are marked.

    :param places: [(start, end, what a pointer on it shows)]; of those that overlap,
        the first one counts, of those that start together the longest
    """
    pieces, position = [], 0
    for start, end, title in sorted(places, key=lambda p: (p[0], -p[1])):
        if start < position:
            continue
        mark = Markup('<mark class="o_complaint_legal_hit" title="%s">%s</mark>')
        pieces += [escape(text[position:start]), mark % (title, text[start:end])]
        position = end
    body = Markup("").join([*pieces, escape(text[position:])])
    # Each paragraph is written in the direction of its first letter.
    return Markup("").join(
        Markup('<p dir="auto" class="mb-2">%s</p>') % paragraph
        for paragraph in _paragraphs(body)
    )


def _paragraphs(body):
    """Return the paragraphs of HTML that has no elements but marks."""
    lines = str(body).replace("\r\n", "\n").split("\n\n")
    return [
        Markup(line.strip().replace("\n", "<br/>")) for line in lines if line.strip()
    ]


def places_of(text, words):
    """Return [(start, end, title)] of all places of some strings in a text.

    :param dict words: {string: title}
    """
    places = []
    for word, title in words.items():
        start = text.find(word) if word else -1
        while start >= 0:
            places.append((start, start + len(word), title))
            start = text.find(word, start + len(word))
    return places


def decode_text(content):
    """Return the text of a plain file, whatever its character set; empty when it
    can't be told."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        encoding = chardet.detect(content[:20_000])["encoding"] or ""
    if encoding.lower() in _WESTERN:
        encoding = "cp1254"
    try:
        return content.decode(encoding, "replace")
    except LookupError:
        return ""
