"""Drawings (SVG) made on the server: how wide a text is, where its lines break, and a
canvas that mirrors itself for languages written from right to left.

What a text needs is estimated from above: the widths are those of DejaVu Sans, the
widest of the usual sans-serif fonts, so that texts which don't touch here don't touch
with any of them. Every text of a canvas says which box it takes up.
"""

import re
import unicodedata
from html import escape
from typing import NamedTuple

INK = "#212529"
FONTS = "Roboto, 'Segoe UI', Tahoma, Arial, sans-serif"
# Thousandths of the size of the font, rounded up.
_CLASSES = {
    300: "IJijlıİ",
    350: " ,./:;\\|’·'",
    400: "()-[]ft",
    450: "!r",
    500: '*_`–"',
    550: "?cszşç“”",
    600: "FLkvxy",
    700: "ABCKRVXZÇ",
    750: "NUÜ",
    800: "&DGHOQƏĞÖ",
    850: "#+<=>^w~→",
    900: "M",
    1000: "%@Wm—…",
}
# Letters at the end of a word, and joined to the next one.
_ARABIC_LAST = {
    350: "آأإا،؛",
    500: "ءؤزرژو",
    550: "ةدذهە",
    650: "عغجحخچ",
    700: "م",
    800: "لن",
    850: "ئقكيیى",
    900: "کگ",
    1000: "بتثپطظ",
    1100: "ف",
    1300: "سشصض",
}
_ARABIC_JOINED = {
    350: "ئبتثلنيیپى",
    550: "غفقه",
    600: "عكمکگ",
    650: "جحخچ",
    850: "طظ",
    900: "سشصض",
}


def _by_letter(classes):
    return {letter: width for width, some in classes.items() for letter in some}


_WIDTH = _by_letter(_CLASSES) | _by_letter(_ARABIC_LAST)
_JOINED = _by_letter(_ARABIC_JOINED)
_BOLD = 1.14
# The box of one line around its baseline, in sizes of the font.
ASCENT, DESCENT, LINE = 0.95, 0.3, 1.3
# XML 1.0 has no other control characters; marks of direction would reorder the rest.
_REFUSED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)


def clean(text):
    """Return ``text`` in one line, without what has no place in XML."""
    return " ".join(_REFUSED.sub(" ", str(text or "")).split())


def text_width(text, size, bold=False):
    """Return how wide ``text`` is at most, in the unit of ``size``."""
    total = 0
    for letter, following in zip(text, f"{text[1:]} ", strict=False):
        total += _letter_width(letter, following)
    return total * size / 1000 * (_BOLD if bold else 1)


def _letter_width(letter, following):
    if letter in _JOINED and "\u0620" <= following <= "\u06d5":
        return _JOINED[letter]
    if letter in _WIDTH:
        return _WIDTH[letter]
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0
    if letter.isascii():
        return 650
    return 1150 if unicodedata.east_asian_width(letter) in "WF" else 1000


def wrap(text, size, width, max_lines=6, bold=False):
    """Return the lines of ``text``, none wider than ``width``.

    Words that are too long are cut; what is beyond ``max_lines`` ends in an ellipsis.
    """
    lines, line = [], ""
    for word in clean(text).split(" "):
        candidate = f"{line} {word}".strip()
        if text_width(candidate, size, bold) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        *parts, line = _cut(word, size, width, bold)
        lines += parts
    lines.append(line)
    if len(lines) > max_lines:
        last = lines[max_lines - 1]
        while last and text_width(f"{last}…", size, bold) > width:
            last = last[:-1]
        lines = [*lines[: max_lines - 1], f"{last.rstrip()}…"]
    return [line for line in lines if line]


def _cut(word, size, width, bold):
    """Return a word in pieces that fit."""
    pieces, piece = [], ""
    for letter in word:
        if piece and text_width(piece + letter, size, bold) > width:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]


def is_rtl(text):
    """Tell whether the first letter of ``text`` is of a right-to-left script."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False


class Box(NamedTuple):
    """What one line of text takes up on a finished drawing."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Canvas:
    """Shapes and texts in coordinates from left to right; with ``rtl`` the drawing
    comes out mirrored, its letters don't."""

    def __init__(self, rtl=False):
        self.rtl = rtl
        self.width = self.height = 0
        self._shapes = []
        self._texts = []

    # -- drawing -------------------------------------------------------------------
    def line(self, x1, y1, x2, y2, **style):
        self._shapes.append(("line", [(x1, y1), (x2, y2)], style, ""))

    def polyline(self, points, title="", **style):
        style.setdefault("fill", "none")
        self._shapes.append(("polyline", points, style, title))

    def polygon(self, points, title="", **style):
        self._shapes.append(("polygon", points, style, title))

    def rect(self, x, y, width, height, title="", **style):
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self.polygon(corners, title, **style)

    def circle(self, x, y, radius, title="", **style):
        self._shapes.append(("circle", [(x, y)], {"r": radius, **style}, title))

    def text(self, x, y, text, size, anchor="start", bold=False, title="", **style):
        """Write one line; ``anchor`` says which end of it is at ``x``."""
        self._texts.append((x, y, text, size, anchor, bold, title, style))

    def lines(self, x, y, lines, size, anchor="start", **style):
        """Write lines below each other, the first one's baseline at ``y``."""
        for number, line in enumerate(lines):
            self.text(x, y + number * size * LINE, line, size, anchor, **style)

    # -- what came out -------------------------------------------------------------
    def _x(self, x):
        return self.width - x if self.rtl else x

    def _side(self, anchor):
        """Return which side of a text is at its place on the finished drawing."""
        sides = {"start": "left", "middle": "middle", "end": "right"}
        if self.rtl:
            sides = {"start": "right", "middle": "middle", "end": "left"}
        return sides[anchor]

    def boxes(self):
        """Return the :class:`Box` of each line of text."""
        return [self._box(*text[:6]) for text in self._texts]

    def _box(self, x, y, text, size, anchor, bold):
        width = text_width(text, size, bold)
        shift = {"left": 0, "middle": width / 2, "right": width}[self._side(anchor)]
        left = self._x(x) - shift
        return Box(text, left, y - ASCENT * size, left + width, y + DESCENT * size)

    def svg(self, label=""):
        """Return the drawing, as wide as the page allows.

        :param str label: what a screen reader says that this is
        """
        style = f"display:block;width:100%;max-width:{self.width * 1.2:.0f}px"
        texts = "".join(map(self._text_tag, self._texts))
        return self._svg(f'style="{style}"', texts, label)

    def html(self, css_width, label=""):
        """Return the drawing for a printer of HTML that misplaces right-to-left text in
        SVG (``wkhtmltopdf``): the texts are elements of the page, above the shapes.

        :param css_width: width in pixels
        """
        scale = css_width / self.width
        height = self.height * scale
        self._shapes = [(*shape[:3], "") for shape in self._shapes]
        svg = self._svg(f'width="{css_width:.0f}" height="{height:.0f}"', "", label)
        texts = "".join(self._text_div(entry, scale) for entry in self._texts)
        return (
            f'<div style="position:relative;width:{css_width:.0f}px;'
            f'height:{height:.0f}px;page-break-inside:avoid;direction:ltr">'
            f"{svg}{texts}</div>"
        )

    def _svg(self, size, texts, label):
        shapes = "".join(map(self._shape_tag, self._shapes))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} '
            f'viewBox="0 0 {self.width:.0f} {self.height:.0f}" '
            f'font-family="{FONTS}" role="group" aria-label="{_attr(label)}">'
            f'<rect width="{self.width:.0f}" height="{self.height:.0f}" fill="#fff">'
            f"</rect>{shapes}{texts}</svg>"
        )

    def _shape_tag(self, shape):
        tag, points, style, title = shape
        points = [(self._x(x), y) for x, y in points]
        if tag == "line":
            (x1, y1), (x2, y2) = points
            style = {"x1": x1, "y1": y1, "x2": x2, "y2": y2, **style}
        elif tag == "circle":
            style = {"cx": points[0][0], "cy": points[0][1], **style}
        else:
            style = {"points": " ".join(f"{x:.1f},{y:.1f}" for x, y in points), **style}
        return f"<{tag}{_attrs(style)}>{_title(title)}</{tag}>"

    def _text_tag(self, entry):
        x, y, text, size, anchor, bold, title, style = entry
        side, rtl = self._side(anchor), is_rtl(text)
        place = "middle"
        if side != "middle":
            place = "start" if (side == "left") != rtl else "end"
        style = {
            "x": self._x(x),
            "y": y,
            "font_size": size,
            "text_anchor": place,
            "fill": INK,
            **({"font_weight": "bold"} if bold else {}),
            # Said in both cases: a page would hand down its own.
            "direction": "rtl" if rtl else "ltr",
            **style,
        }
        return f"<text{_attrs(style)}>{_title(title)}{escape(clean(text))}</text>"

    def _text_div(self, entry, scale):
        x, y, text, size, anchor, bold, __, style = entry
        side = self._side(anchor)
        place, width = self._x(x) * scale, self.width * scale
        half = text_width(text, size, bold) * scale
        edges = {
            "left": f"left:{place:.1f}px",
            "right": f"right:{width - place:.1f}px",
            "middle": f"left:{place - half:.1f}px;width:{2 * half:.1f}px;"
            "text-align:center",
        }
        css = (
            f"position:absolute;{edges[side]};top:{(y - ASCENT * size) * scale:.1f}px;"
            f"font-size:{size * scale:.1f}px;line-height:{LINE * size * scale:.1f}px;"
            f"white-space:nowrap;color:{style.get('fill', INK)};"
            f"font-weight:{'bold' if bold else 'normal'}"
        )
        direction = "rtl" if is_rtl(text) else "ltr"
        return f'<div dir="{direction}" style="{css}">{escape(clean(text))}</div>'


def _attr(value):
    if isinstance(value, float):
        return f"{value:.1f}"
    return escape(clean(value))


def _attrs(style):
    return "".join(
        f' {name.replace("_", "-")}="{_attr(value)}"' for name, value in style.items()
    )


def _title(text):
    return f"<title>{escape(clean(text))}</title>" if text else ""
