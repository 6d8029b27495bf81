import xml.etree.ElementTree as ET

import pytest
from complaint_tools.pareto import pareto
from complaint_tools.pareto_chart import draw_pareto, pareto_svg
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fishbone import NS, find_faults


def test_chart_of_published_vector_marks_the_vital_few():
    values = {"A": 33, "B": 19, "C": 11, "D": 9, "E": 5, "Other": 3}
    root = ET.fromstring(pareto_svg(pareto(values, "Other")))
    fills = [node.get("fill") for node in root.iter(f"{NS}polygon")]
    assert len(fills) == 6
    assert len(set(fills[:4])) == 1 and fills[4] not in fills[:4]
    texts = [
        node.text or (node[0].tail if len(node) else "")
        for node in root.iter(f"{NS}text")
    ]
    assert [text for text in texts if text in ("41 %", "65 %", "79 %", "96 %")] == [
        "41 %",
        "65 %",
        "79 %",
        "96 %",
    ]


def test_chart_of_nothing_is_empty():
    assert pareto_svg([]) == "" == pareto_svg(pareto({"A": 0}))


def test_chart_right_to_left_starts_at_the_right():
    rows = pareto({"A": 3, "B": 1})
    left, right = draw_pareto(rows), draw_pareto(rows, rtl=True)
    place = {box.text: box.left for box in right.boxes()}
    assert place["A"] > place["B"]
    assert [b.top for b in left.boxes()] == [b.top for b in right.boxes()]


def test_axis_of_counted_things_has_whole_numbers():
    texts = {box.text for box in draw_pareto(pareto({"A": 2, "B": 1})).boxes()}
    assert {"0", "1", "2", "3"} <= texts and "0.5" not in texts


labels = st.text(max_size=60) | st.sampled_from(["W" * 50, "محصول معیوب " * 6, "<i>"])
amounts = st.integers(0, 10**9) | st.floats(0.01, 1e9)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(labels, amounts, max_size=51), st.booleans())
def test_chart_of_anything_has_no_text_over_text(values, rtl):
    rows = pareto(values)
    canvas = draw_pareto(rows, rtl, lambda value: f"{value:,.0f}")
    if canvas:
        assert find_faults(canvas) == []
        ET.fromstring(pareto_svg(rows, rtl))


@pytest.mark.parametrize("count", [1, 10, 50])
def test_chart_with_equal_bars_has_no_text_over_text(count):
    rows = pareto({f"Product {number}": 7 for number in range(count)})
    assert find_faults(draw_pareto(rows)) == []
