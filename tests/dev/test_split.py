"""The parts of the addons' own tests. That each test is in exactly one of them is
shown with Odoo's own choice of tests in ``tests/test_parts.py``."""

from dev import paths, split


def test_files_that_are_weighed_are_there():
    assert set(split.KNOWN) <= set(split.files())


def test_browser_tests_are_in_the_first_part():
    weighed = split.files()
    first = set(split.first_part(weighed))
    browser = {name for name, (_seconds, visits) in weighed.items() if visits}
    assert browser and browser <= first < set(weighed)


def test_one_part_has_everything():
    assert split.tags(1) == [",".join(f"/{addon}" for addon in paths.ADDONS)]


def test_second_part_leaves_out_the_first_and_nothing_else():
    first, second = (tags.split(",") for tags in split.tags(2))
    assert second == [*split.tags(1)[0].split(","), *(f"-{name}" for name in first)]
    assert len(first) == len(set(first))


def test_parts_take_about_what_they_should():
    weighed = split.files()
    total = sum(seconds for seconds, _visits in weighed.values())
    first = sum(weighed[name][0] for name in split.first_part(weighed))
    assert 0.8 < first / total / split.PORTION < 1.2
