"""All linters; each one's complaints are shown, and one that complains fails."""

import os
import subprocess

from . import odoo_source, paths, server, ui, venv

# The layout of .po files is that of Odoo's own export.
NO_PRETTY = "--disable=po-pretty-format"


def run():
    """Run every linter and return the names of those that complain."""
    home = odoo_source.home()
    environment = venv.ensure(home, *server.REQUIREMENTS)
    # Some of them start a `python` of their own to find Odoo's addons.
    env = {**os.environ, "PATH": venv.path_with(environment)}
    failed = []
    for name, command in _linters(environment):
        ui.say(f"… {name}")
        done = subprocess.run(
            [venv.python(environment), *command],
            cwd=paths.ROOT,
            env=env,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            ui.say(done.stdout.strip())
            failed.append(name)
    return failed


def _linters(environment):
    """Name and command (after ``python``) of each linter."""
    scripts = environment / "bin"
    addons = paths.present_addons()
    yield "ruff check", ["-m", "ruff", "check", "."]
    yield "ruff format", ["-m", "ruff", "format", "--check", "--diff", "."]
    if not addons:
        return
    yield "pylint-odoo", ["-m", "pylint", "--rcfile=.pylintrc", *addons]
    yield "oca-checks-odoo-module", [scripts / "oca-checks-odoo-module", *addons]
    if translations := _translations(addons):
        yield "oca-checks-po", [scripts / "oca-checks-po", NO_PRETTY, *translations]
    yield "manifestoo check-licenses", _licenses(scripts, addons)


def _translations(addons):
    return [
        str(file.relative_to(paths.ROOT))
        for addon in addons
        for file in sorted((paths.ROOT / addon / "i18n").glob("*.po*"))
    ]


def _licenses(scripts, addons):
    select = ["--select-addons-dir=.", f"--select-include={','.join(addons)}"]
    return [scripts / "manifestoo", *select, "--odoo-series=19.0", "check-licenses"]
