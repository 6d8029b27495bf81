"""A cause-and-effect diagram (Ishikawa, fishbone) as SVG.

The spine runs to the problem. Each branch is a bone; bones are parallel, so the space
between two of them has the same width everywhere, and the causes of a branch stand in
it one below the other. That is why texts can't lie on each other, however many there
are and however long they are.
"""

from typing import NamedTuple

from .svg_canvas import ASCENT, DESCENT, LINE, Canvas, clean, text_width, wrap

COLUMN = 240  # from one bone to the next
PRINT_COLUMNS = (240, 280, 320, 360, 400)
MARGIN = 12
HEAD = 156
SIZE, LABEL_SIZE = 13, 14
SLOPE = 0.2
LONGEST_RUN = 110
INDENT = 20  # of the causes of a cause
DEEPEST = 2
MARK = 24  # room of the mark of the verdict
GAP = 7
FREE = 34  # of a bone, for its ends
# A verdict is seen by its mark and by its line too, not by its colour alone.
COLOURS = {"suspected": "#1f4e79", "confirmed": "#a61c1c", "excluded": "#596068"}
DASHES = {"suspected": "6 3", "excluded": "2 3"}
INK, LABEL_FILL, HEAD_FILL = "#3d4654", "#e9eef5", "#fdf0e3"


class Cause(NamedTuple):
    """``verdict``: suspected, confirmed or excluded; ``weight``: 1 to 5."""

    name: str
    verdict: str = "suspected"
    weight: int = 1
    causes: tuple = ()


class Branch(NamedTuple):
    name: str
    causes: tuple = ()


class _Row(NamedTuple):
    cause: Cause
    depth: int
    lines: list
    height: float


def fishbone_svg(problem, branches, rtl=False, words=None):
    """Return the diagram as SVG.

    :param str problem: what the head says
    :param branches: of :class:`Branch`, with :class:`Cause`; empty ones are drawn too
    :param bool rtl: mirrored, the head is on the left
    :param dict words: what the legend says, by verdict; None: no legend
    """
    return draw_fishbone(problem, branches, rtl, words).svg(label=problem)


def fishbone_html(problem, branches, width, height, rtl=False, words=None):
    """Return the diagram for a page with room for ``width`` × ``height`` pixels; see
    ``Canvas.html``. Bones stand as far apart as lets the letters be the largest."""
    drawings = (
        draw_fishbone(problem, branches, rtl, words, column) for column in PRINT_COLUMNS
    )
    scale, __, canvas = max(
        (min(width / canvas.width, height / canvas.height, 1), -number, canvas)
        for number, canvas in enumerate(drawings)
    )
    return canvas.html(canvas.width * scale, label=problem)


def draw_fishbone(problem, branches, rtl=False, words=None, column=COLUMN):
    """Return the :class:`Canvas` of the diagram; its ``boxes()`` tell where the texts
    are. ``column``: from one bone to the next."""
    canvas = Canvas(rtl)
    words = {key: clean(word) for key, word in (words or {}).items()}
    sides = [_Side(branches[side::2], words, column) for side in (0, 1)]
    columns = max(len(sides[0].branches), 1)
    head = wrap(problem, SIZE, HEAD - 24, max_lines=9, bold=True)
    head_height = len(head) * SIZE * LINE + 22
    for side in sides:
        side.height = max(side.height, head_height / 2 + 14)
    run = max(side.run for side in sides)
    nose = MARGIN + run + columns * column + 18
    canvas.width = nose + HEAD + MARGIN
    spine = MARGIN + sides[0].label_height + sides[0].height
    # a tail, so that a fish without bones is one
    canvas.line(MARGIN, spine, nose, spine, stroke=INK, stroke_width=4)
    for side, direction in zip(sides, (-1, 1), strict=True):
        for number, branch in enumerate(side.branches, 1):
            foot = MARGIN + run + number * column
            side.draw(canvas, branch, foot, spine, direction)
    _draw_head(canvas, problem, head, nose, spine, head_height)
    canvas.height = spine + sides[1].height + sides[1].label_height + MARGIN
    if words:
        _draw_legend(canvas, words)
    return canvas


class _Side:
    """The bones above or below the spine."""

    def __init__(self, branches, words, column):
        self.branches, self.words = branches, words
        self.labels = {
            id(b): wrap(b.name, LABEL_SIZE, column - 40, max_lines=2, bold=True)
            for b in branches
        }
        self.rows = {id(b): list(_get_rows(b.causes, column)) for b in branches}
        most = max((len(lines) for lines in self.labels.values()), default=1)
        self.label_height = most * LABEL_SIZE * LINE + 10
        self.height = FREE + max(
            (sum(row.height for row in rows) for rows in self.rows.values()), default=0
        )

    @property
    def run(self):
        return min(self.height * SLOPE, LONGEST_RUN)

    def draw(self, canvas, branch, foot, spine, direction):
        """Draw a bone from its foot on the spine up (-1) or down (1)."""
        end = spine + direction * self.height

        def bone(y):
            return foot - self.run * abs(y - spine) / self.height

        canvas.line(foot, spine, bone(end), end, stroke=INK, stroke_width=2.5)
        lines = self.labels[id(branch)]
        width = max(text_width(line, LABEL_SIZE, True) for line in lines or [""]) + 20
        top = end - self.label_height if direction < 0 else end
        canvas.rect(
            bone(end) - width / 2,
            top,
            width,
            self.label_height,
            fill=LABEL_FILL,
            stroke=INK,
        )
        used = len(lines) * LABEL_SIZE * LINE
        first = top + (self.label_height - used) / 2 + ASCENT * LABEL_SIZE
        canvas.lines(bone(end), first, lines, LABEL_SIZE, "middle", bold=True)
        self._draw_rows(canvas, branch, bone, end if direction < 0 else spine)

    def _draw_rows(self, canvas, branch, bone, top):
        rows = self.rows[id(branch)]
        free = self.height - FREE - sum(row.height for row in rows)
        gap = min(free / (len(rows) + 1), 16) if rows else 0
        y = top + 14 + gap
        twigs = {}
        for row in rows:
            y += row.height
            _draw_row(canvas, row, bone, y, twigs, self.words)
            y += gap


def _get_rows(causes, column, depth=0):
    """Yield the causes in the order in which they are read."""
    for cause in causes:
        shown = min(depth, DEEPEST)
        width = column - MARK - 32 - shown * INDENT
        lines = wrap(cause.name, SIZE, width, max_lines=6)
        yield _Row(cause, shown, lines, len(lines or [""]) * SIZE * LINE + GAP)
        yield from _get_rows(cause.causes, column, depth + 1)


def _draw_row(canvas, row, bone, y, twigs, words):
    """Draw a cause above its twig, which ends at the bone or at a side bone."""
    cause, offset = row.cause, row.depth * INDENT
    colour = COLOURS.get(cause.verdict, INK)
    start = bone(y) - offset
    edge = min(bone(y), bone(y - row.height)) - offset - MARK
    length = max(text_width(line, SIZE) for line in row.lines or [""])
    style = {"stroke": colour, "stroke_width": 0.8 + 0.5 * min(max(cause.weight, 1), 5)}
    if dash := DASHES.get(cause.verdict):
        style["stroke_dasharray"] = dash
    canvas.line(start, y, edge - length, y, **style)
    if offset and row.depth - 1 in twigs:
        # a side bone, parallel to the bone: it can't cross it
        parent = twigs[row.depth - 1]
        canvas.line(bone(parent) - offset, parent, start, y, stroke=INK)
    twigs[row.depth] = y
    word = words.get(cause.verdict)
    title = f"{word}: {clean(cause.name)}" if word else clean(cause.name)
    _draw_mark(canvas, cause.verdict, edge + 12, y - SIZE * 0.62, title)
    first = y - 3 - DESCENT * SIZE - (len(row.lines) - 1) * SIZE * LINE
    style = {"fill": colour} if cause.verdict != "suspected" else {}
    canvas.lines(
        edge,
        first,
        row.lines,
        SIZE,
        "end",
        title=title,
        **style,
    )


def _draw_mark(canvas, verdict, x, y, title=""):
    """Suspected: an open circle; confirmed: a full one, hooked; excluded: a cross."""
    colour = COLOURS.get(verdict, INK)
    if verdict == "excluded":
        for dy in (-4, 4):
            canvas.line(x - 4, y + dy, x + 4, y - dy, stroke=colour, stroke_width=2)
        return
    is_confirmed = verdict == "confirmed"
    canvas.circle(
        x,
        y,
        6.0,
        title,
        fill=colour if is_confirmed else "#fff",
        stroke=colour,
        stroke_width=1.8,
    )
    if is_confirmed:
        hook = [(-3, 0), (-1, 2.6), (3.2, -2.6)]
        if canvas.rtl:
            hook = [(-dx, dy) for dx, dy in hook]
        canvas.polyline(
            [(x + dx, y + dy) for dx, dy in hook], stroke="#fff", stroke_width=1.8
        )


def _draw_head(canvas, problem, lines, nose, spine, height):
    top = spine - height / 2
    corners = [
        (nose, spine),
        (nose + 12, top),
        (nose + HEAD, top),
        (nose + HEAD, top + height),
        (nose + 12, top + height),
    ]
    canvas.polygon(corners, clean(problem), fill=HEAD_FILL, stroke=INK, stroke_width=2)
    canvas.lines(
        nose + 12 + (HEAD - 12) / 2,
        top + 11 + ASCENT * SIZE,
        lines,
        SIZE,
        "middle",
        bold=True,
    )


def _draw_legend(canvas, words):
    """Say below the drawing what the marks mean."""
    x, y = MARGIN, canvas.height + 16
    for verdict, word in words.items():
        lines = wrap(word, SIZE, canvas.width - 2 * MARGIN - MARK, max_lines=1)
        width = MARK + max(text_width(line, SIZE) for line in lines or [""])
        if x > MARGIN and x + width > canvas.width - MARGIN:
            x, y = MARGIN, y + SIZE * LINE + 4
        _draw_mark(canvas, verdict, x + 8, y - SIZE * 0.35)
        canvas.lines(x + MARK - 4, y, lines, SIZE)
        x += width + 20
    canvas.height = y + MARGIN
