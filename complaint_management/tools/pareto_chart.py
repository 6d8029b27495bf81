"""A Pareto chart as SVG: bars from the largest down, and the line that adds them up."""

from math import floor, log10

from .pareto import VITAL_SHARE
from .svg_canvas import LINE, Canvas, clean, text_width, wrap

PITCH = 104  # from one bar to the next, at least
BAR = 68
PLOT = 260  # height of the bars
SIZE = 12
MARGIN, TOP = 14, 30
# The vital few are darker; others are paler with a line around them.
VITAL, REST, LINE_INK, GRID = "#1f4e79", "#d6e0ec", "#a61c1c", "#d9dde3"
INK = "#3d4654"


def _plain(value):
    return f"{value:g}"


def pareto_svg(rows, rtl=False, label="", format_value=_plain):
    """Return the chart of the rows of :func:`.pareto.pareto`, labels being texts.

    The left axis ends at the total, so that line and bars share one scale. Without
    any value above zero there is nothing to draw: an empty text.

    :param bool rtl: the largest bar stands on the right
    :param format_value: called with a value, returns how it is written
    """
    canvas = draw_pareto(rows, rtl, format_value)
    return canvas.svg(label) if canvas else ""


def draw_pareto(rows, rtl=False, format_value=_plain):
    """Return the :class:`Canvas` of the chart, None when there is nothing to draw."""
    total = sum(float(row.value) for row in rows)
    if not total:
        return None
    canvas = Canvas(rtl)
    is_whole = all(float(row.value).is_integer() for row in rows)
    ticks = [(v, format_value(v)) for v in _get_ticks(total, is_whole)]
    left = MARGIN + 8 + max(text_width(word, SIZE) for __, word in ticks)
    words = [format_value(row.value) for row in rows]
    pitch = max(PITCH, 10 + max(text_width(word, SIZE, True) for word in words))
    right = left + len(rows) * pitch
    canvas.width = right + 8 + text_width("100 %", SIZE) + MARGIN
    _draw_axes(canvas, ticks, total, left, right)
    bottom = 0
    points = []
    for number, row in enumerate(rows):
        middle = left + (number + 0.5) * pitch
        height = PLOT * float(row.value) / total
        bottom = max(bottom, _draw_bar(canvas, row, middle, height, words[number]))
        points.append((middle, _y(row.cumulative / 100)))
    _draw_line(canvas, rows, points)
    canvas.height = bottom + MARGIN
    return canvas


def _y(share):
    return TOP + PLOT * (1 - share)


def _get_ticks(total, is_whole=False):
    """Return round values for the axis, ten at most, up to the total; ``is_whole``: of
    what is counted in whole numbers."""
    step = 10.0 ** floor(log10(total / 4))
    if is_whole:
        step = max(step, 1.0)
    while total / step > 9:
        step *= 2.5 if str(step)[0] == "2" else 2
    return [number * step for number in range(int(total / step + 1e-9) + 1)]


def _draw_axes(canvas, ticks, total, left, right):
    for value, word in ticks:
        y = _y(value / total)
        canvas.line(left, y, right, y, stroke=GRID)
        canvas.text(left - 8, y + SIZE * 0.35, word, SIZE, "end")
    for percent in range(0, 101, 20):
        y = _y(percent / 100)
        canvas.text(right + 8, y + SIZE * 0.35, f"{percent} %", SIZE)
    y = _y(VITAL_SHARE / 100)
    canvas.line(left, y, right, y, stroke=LINE_INK, stroke_dasharray="5 4")
    canvas.line(left, _y(0), right, _y(0), stroke=INK, stroke_width=1.5)


def _draw_bar(canvas, row, middle, height, word):
    """Draw a bar with what stands below it; return where that ends."""
    canvas.rect(
        middle - BAR / 2,
        _y(0) - height,
        BAR,
        height,
        title=f"{clean(row.label)}: {word} ({row.share:.1f} %)",
        fill=VITAL if row.vital else REST,
        stroke=VITAL,
    )
    y = _y(0) + 4 + SIZE * LINE
    canvas.lines(middle, y, [word], SIZE, "middle", bold=True)
    lines = wrap(row.label, SIZE, PITCH - 8, max_lines=4)
    y += SIZE * LINE + 2
    canvas.lines(middle, y, lines, SIZE, "middle", title=clean(row.label))
    return y + len(lines) * SIZE * LINE


def _draw_line(canvas, rows, points):
    canvas.polyline(points, stroke=LINE_INK, stroke_width=2)
    for row, (x, y) in zip(rows, points, strict=True):
        canvas.circle(x, y, 3.5, fill="#fff", stroke=LINE_INK, stroke_width=2)
        # on the side from which the line doesn't come
        canvas.text(x - 4, y - 6, f"{row.cumulative:.0f} %", SIZE, "end")
