"""``python3 -m dev i18n``: the templates and catalogues of the addons' texts.

The texts of an installed database become ``<addon>/i18n/<addon>.pot``; each language
file is brought up to it: new texts come in empty, texts that are gone go out, and
what is translated stays.
"""

import re
import subprocess
import tempfile
from pathlib import Path

from . import paths, ui

LANGUAGES = ("az", "fa", "tr")
MERGE = Path(__file__).with_name("scripts") / "merge_po.py"
# Lines of a template that change with each export and say nothing.
VOLATILE = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Project-Id-Version):.*\n', re.M
)


def update(platform, db, addons):
    """Write templates and catalogues of ``addons`` from the database ``db``."""
    for addon in addons:
        folder = paths.ROOT / addon / "i18n"
        folder.mkdir(exist_ok=True)
        pot = folder / f"{addon}.pot"
        pot.write_text(_export(platform, db, addon), encoding="utf-8")
        files = [str(folder / f"{lang}.po") for lang in LANGUAGES]
        done = _run(platform, [platform.python, str(MERGE), str(pot), *files])
        ui.say(done.stdout.strip())


def check(platform, db, addons):
    """Raise when a template isn't what the installed addons say."""
    stale = [
        addon
        for addon in addons
        if _read(paths.ROOT / addon / "i18n" / f"{addon}.pot")
        != VOLATILE.sub("", _export(platform, db, addon))
    ]
    if stale:
        raise ui.Stop(f"texts changed: run `python3 -m dev i18n` ({', '.join(stale)})")


def _read(file):
    return VOLATILE.sub("", file.read_text(encoding="utf-8")) if file.exists() else ""


def _export(platform, db, addon):
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.pot"
        Path(folder).chmod(0o777)
        command = [platform.python, "-m", "odoo", "i18n", "export", "-d", db]
        _run(platform, [*command, "-c", str(paths.CONF), "-o", str(target), addon])
        return target.read_text(encoding="utf-8")


def _run(platform, command):
    done = subprocess.run(
        command,
        env=platform.env,
        cwd=paths.ROOT,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise ui.Stop(f"{command[-1]}: {done.stdout[-2000:]}")
    return done
