"""Right-to-left text for printers of HTML that misplace it.

``wkhtmltopdf``, as distributions build it, paints the words of a right-to-left line
over each other as soon as the line holds a digit, a comma or a zero-width joiner: it
takes the width of the parts wrong. Parts that are elements of their own are placed
right.
Joined letters stay together, so their shapes don't change.
"""

import re

import lxml.html

# A run of joined letters, with their marks; joiners and all else stand alone.
_LETTERS = r"[\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f]+"
_PARTS = re.compile(
    rf"{_LETTERS}|[\u0660-\u0669\u06f0-\u06f9]+|\s+|[^\s\u0600-\u077f\u200b-\u200f]+|."
)
_ARABIC = re.compile(_LETTERS)
_SKIP = {"script", "style"}


def split_parts(html):
    """Return HTML in which each part of a text inside ``dir="rtl"`` is an element.

    :param html: str or bytes (UTF-8) of a document
    :return: str; the same document when nothing in it is right-to-left
    """
    parser = lxml.html.HTMLParser(encoding="utf-8")
    data = html.encode() if isinstance(html, str) else html
    root = lxml.html.fromstring(data, parser=parser)
    places = root.xpath("//*[@dir='rtl']/descendant-or-self::*")
    for element in places:
        if element.tag in _SKIP or not isinstance(element.tag, str):
            continue
        for child in [*element]:
            _split_tail(child)
        _split_text(element)
    return lxml.html.tostring(root, encoding="unicode") if places else data.decode()


def _split_text(element):
    spans = _make_spans(element.text)
    if spans:
        element.text = None
        for index, span in enumerate(spans):
            element.insert(index, span)


def _split_tail(child):
    spans = _make_spans(child.tail)
    if spans:
        child.tail = None
        for span in reversed(spans):
            child.addnext(span)


def _make_spans(text):
    """Return spans for a text with right-to-left letters, else nothing."""
    if not text or not _ARABIC.search(text):
        return []
    spans = []
    for part in _PARTS.findall(text):
        if part.isspace() and spans:
            spans[-1].tail = part
            continue
        span = lxml.html.HtmlElement()
        span.tag, span.text = "span", part
        spans.append(span)
    return spans
