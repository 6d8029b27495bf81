"""Bring catalogues up to a template: ``merge_po.py TEMPLATE.pot LANG.po …``.

Runs in the environment's Python, which has polib (Odoo needs it).
"""

import sys
from pathlib import Path

import polib

HEADER = ("Project-Id-Version", "Report-Msgid-Bugs-To", "MIME-Version")
HEADER += ("Content-Type", "Content-Transfer-Encoding")


def merge(template, target):
    """Return (texts, untranslated) of the catalogue after the merge."""
    known = {}
    if target.exists():
        known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(target))}
    catalogue = polib.POFile(wrapwidth=78)
    catalogue.metadata = {
        key: value for key, value in template.metadata.items() if key in HEADER
    }
    catalogue.metadata["Language"] = target.stem
    for entry in template:
        if not entry.obsolete:
            entry.msgstr = known.get(entry.msgid, "")
            catalogue.append(entry)
    catalogue.save(str(target))
    return len(catalogue), len(catalogue.untranslated_entries())


def main(pot, *files):
    template = polib.pofile(pot)
    for file in map(Path, files):
        total, missing = merge(template, file)
        print(f"  {Path(pot).stem} {file.stem}: {total} texts, {missing} untranslated")


if __name__ == "__main__":
    main(*sys.argv[1:])
