"""Whichever way ``make test`` parts the addons' own tests, each of them is run once.

The choice is Odoo's own: its list of tests, and its reading of ``--test-tags``.
"""

from odoo.tests import loader
from odoo.tests.tag_selector import TagsSelector

from dev import paths, split


def own_tests():
    return [
        case
        for addon in paths.present_addons()
        for module in loader.get_test_modules(addon)
        for case in loader.get_module_test_cases(module)
    ]


def test_each_test_is_in_exactly_one_part():
    parts = [TagsSelector(tags) for tags in split.tags(2)]
    assert len(parts) == 2
    cases = own_tests()
    assert len(cases) > 1000
    wrong = [c.id() for c in cases if sum(part.check(c) for part in parts) != 1]
    assert not wrong
    sizes = [sum(part.check(case) for case in cases) for part in parts]
    assert min(sizes) > 50 and sum(sizes) == len(cases)


def test_each_test_is_run_when_there_is_one_part():
    [whole] = [TagsSelector(tags) for tags in split.tags(1)]
    assert all(whole.check(case) for case in own_tests())


def test_each_test_begins_after_the_installation():
    """One that began while its addon is loaded would find the others' tables there,
    but not their code."""
    late = TagsSelector("post_install")
    assert not [case.id() for case in own_tests() if not late.check(case)]
