"""The catalogues of the addons are complete and keep what must be kept."""

import re
from collections import Counter

import polib
import pytest

LANGUAGES = ("az", "fa", "tr")
ADDONS = ("complaint_management", "supplier_quality", "complaint_portal")
# What a translation has to carry over unchanged: values, templates, markup.
KEPT = re.compile(r"%(?:\(\w+\))?[sd]|\{\{.*?\}\}|</?\w+|t-[a-z-]+=")


@pytest.fixture(params=[(addon, lang) for addon in ADDONS for lang in LANGUAGES])
def catalogue(request, repository):
    addon, lang = request.param
    folder = repository / addon / "i18n"
    template = polib.pofile(str(folder / f"{addon}.pot"))
    return template, polib.pofile(str(folder / f"{lang}.po"))


def test_catalogue_has_every_text_translated(catalogue):
    template, translated = catalogue
    known = {entry.msgid for entry in translated if entry.msgstr and not entry.fuzzy}
    missing = [entry.msgid for entry in template if entry.msgid not in known]
    assert len(template) > 50
    assert missing == []


def test_catalogue_keeps_placeholders_and_markup(catalogue):
    __, translated = catalogue
    broken = [
        entry.msgid
        for entry in translated
        if entry.msgstr
        and Counter(KEPT.findall(entry.msgid)) != Counter(KEPT.findall(entry.msgstr))
    ]
    assert broken == []


def test_persian_uses_persian_letters(repository):
    """Arabic yeh and kaf look alike, and break search and sorting."""
    for addon in ADDONS:
        file = repository / addon / "i18n" / "fa.po"
        wrong = [
            entry.msgid
            for entry in polib.pofile(str(file))
            if re.search("[\u064a\u0643]", entry.msgstr)
        ]
        assert wrong == []
