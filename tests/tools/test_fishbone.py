"""The fishbone: no text lies on another one or outside of the drawing, whatever there
is to draw."""

import itertools
import re
import xml.etree.ElementTree as ET

import pytest
from complaint_tools.fishbone import (
    Branch,
    Cause,
    draw_fishbone,
    fishbone_html,
    fishbone_svg,
)
from hypothesis import given, settings
from hypothesis import strategies as st

NS = "{http://www.w3.org/2000/svg}"
WORDS = {"suspected": "Suspected", "confirmed": "Confirmed", "excluded": "Excluded"}
TEXTS = {
    "en": "Thermostat set with an instrument whose own calibration had run out",
    "tr": "Tedarikçi kontağın alaşımını haber vermeden değiştirmiş, İĞNE ölçülmemiş",
    "fa": "تأمین‌کننده آلیاژ کنتاکت را بدون اطلاع (IEC 60335) در هفته ۱۲ تغییر داده است",
}


def make_branches(count, text, names="ABCDE"):
    """Return branches with ``count`` causes, every third of them below another one."""
    lists = [[] for __ in names]
    verdicts = itertools.cycle(WORDS)
    for number in range(count):
        causes = lists[number % len(names)]
        cause = Cause(f"{text} {number}", next(verdicts), 1 + number % 5)
        if number % 3 == 2 and causes:
            causes[-1] = causes[-1]._replace(causes=(*causes[-1].causes, cause))
        else:
            causes.append(cause)
    return [Branch(name, tuple(some)) for name, some in zip(names, lists, strict=True)]


def find_faults(canvas):
    """Return texts that lie on each other or stick out."""
    boxes = canvas.boxes()
    faults = [
        box
        for box in boxes
        if box.left < -0.01
        or box.top < -0.01
        or box.right > canvas.width + 0.01
        or box.bottom > canvas.height + 0.01
    ]
    boxes.sort(key=lambda box: box.top)
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            if other.top >= one.bottom - 0.01:
                break
            if one.left < other.right - 0.01 and other.left < one.right - 0.01:
                faults.append((one, other))
    return faults


@pytest.mark.parametrize("lang", TEXTS)
@pytest.mark.parametrize("count", [0, 1, 12, 60, 200])
def test_fishbone_has_no_text_over_text(count, lang):
    branches = make_branches(count, TEXTS[lang])
    canvas = draw_fishbone(TEXTS[lang] * 2, branches, lang == "fa", WORDS)
    assert find_faults(canvas) == []
    # the names of causes of the causes and of each branch are there
    written = " ".join(box.text for box in canvas.boxes())
    assert all(f"{branch.name}" in written for branch in branches)


def test_faults_are_found():
    """The measure itself can fail: a text moved onto another one is a fault."""
    canvas = draw_fishbone("Problem", make_branches(12, "Cause"))
    assert find_faults(canvas) == []
    x, y, *rest = canvas._texts[0]
    canvas._texts.append((x + 3, y + 3, *rest))
    canvas._texts.append((-50, y, *rest))
    assert len(find_faults(canvas)) >= 2


any_text = st.text(max_size=120) | st.sampled_from(
    ["W" * 90, "ش" * 90, "漢" * 40, " ", "", "<b>&\"'", "a b " * 40, "\u200c" * 9]
)
causes = st.recursive(
    st.builds(Cause, any_text, st.sampled_from([*WORDS, "?"]), st.integers(-1, 9)),
    lambda below: st.builds(
        Cause,
        any_text,
        st.sampled_from([*WORDS]),
        st.integers(1, 5),
        st.lists(below, max_size=3).map(tuple),
    ),
    max_leaves=8,
)
branches = st.lists(
    st.builds(Branch, any_text, st.lists(causes, max_size=6).map(tuple)), max_size=9
)


@settings(max_examples=60, deadline=None)
@given(any_text, branches, st.booleans(), st.booleans())
def test_fishbone_of_anything_is_readable_and_well_formed(problem, some, rtl, legend):
    words = WORDS if legend else None
    assert find_faults(draw_fishbone(problem, some, rtl, words)) == []
    root = ET.fromstring(fishbone_svg(problem, some, rtl, words))
    allowed = {
        f"{NS}{tag}"
        for tag in ("svg", "rect", "line", "polygon", "polyline", "circle", "text")
    }
    assert {node.tag for node in root.iter()} <= allowed | {f"{NS}title"}
    assert not any(name.startswith("on") for n in root.iter() for name in n.attrib)
    # Within a page of the other direction the texts would change sides.
    assert all(n.get("direction") in ("ltr", "rtl") for n in root.iter(f"{NS}text"))


def test_fishbone_escapes_what_people_type():
    evil = "</text><script>alert(1)</script>"
    bone = [Branch(evil, (Cause(evil, "confirmed", 3),))]
    for drawing in (
        fishbone_svg(evil, bone, words=dict.fromkeys(WORDS, evil)),
        fishbone_html(evil, bone, 940, 960, words=dict.fromkeys(WORDS, evil)),
    ):
        assert "<script" not in drawing


def test_fishbone_right_to_left_is_the_mirror_image():
    some = make_branches(12, "Cause")
    left = draw_fishbone("Problem", some, rtl=False)
    right = draw_fishbone("Problem", some, rtl=True)
    assert left.width == right.width
    for one, other in zip(left.boxes(), right.boxes(), strict=True):
        assert one.left == pytest.approx(right.width - other.right)
        assert one.top == other.top


def test_verdict_is_seen_without_colours():
    """Each verdict has a shape and a kind of line of its own."""
    marks = set()
    for verdict in WORDS:
        root = ET.fromstring(fishbone_svg("P", [Branch("B", (Cause("C", verdict),))]))
        shapes = sorted(n.tag for n in root.iter() if n.tag[len(NS) :] != "text")
        dashes = {n.get("stroke-dasharray") for n in root.iter(f"{NS}line")}
        marks.add((tuple(shapes), frozenset(dashes)))
    assert len(marks) == 3


def test_every_cause_says_its_verdict_to_a_screen_reader():
    svg = fishbone_svg("P", [Branch("B", (Cause("Cold", "excluded"),))], words=WORDS)
    assert "<title>Excluded: Cold</title>" in svg


def test_long_text_is_wrapped_and_kept_whole_in_its_title():
    text = "word " * 100
    svg = fishbone_svg("P", [Branch("B", (Cause(text),))])
    assert "…" in svg
    assert f"<title>{text.strip()}</title>" in svg


def test_print_places_texts_as_elements_with_their_direction():
    bone = [Branch("B", (Cause(TEXTS["fa"]),))]
    page = fishbone_html("P", bone, 940, 960, rtl=True)
    assert "<text" not in page and "<title" not in page
    assert 'dir="rtl"' in page and 'dir="ltr"' in page


@pytest.mark.parametrize("lang", TEXTS)
@pytest.mark.parametrize(("count", "smallest"), [(1, 12), (12, 11), (60, 8)])
def test_print_fits_on_a_page_in_letters_that_can_be_read(count, smallest, lang):
    page = fishbone_html(TEXTS[lang], make_branches(count, TEXTS[lang]), 940, 960)
    size = re.match(r'<div style="[^"]*width:(\d+)px;height:(\d+)px', page)
    assert int(size[1]) <= 940 and int(size[2]) <= 960
    sizes = [float(size) for size in re.findall(r"font-size:([\d.]+)px", page)]
    assert min(sizes) >= smallest
