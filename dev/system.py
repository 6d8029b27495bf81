"""Programs of the machine that no user can bring along: installed by root, or named."""

import importlib.util
import os
import shutil

from . import ui

# Debian package: what it is for, the programs that do it (any one is enough).
NEEDED = {
    "chromium": ("browser tests", ("google-chrome", "chromium", "chromium-browser")),
    "wkhtmltopdf": ("PDF", ("wkhtmltopdf",)),
    # Debian takes this part out of Python.
    "python3-venv": ("Python environments", ()),
}


def missing(packages=tuple(NEEDED)):
    return [package for package in packages if not _is_there(package)]


def _is_there(package):
    if package == "python3-venv":
        return importlib.util.find_spec("ensurepip") is not None
    return any(shutil.which(program) for program in NEEDED[package][1])


def ensure(packages=tuple(NEEDED)):
    """Have the programs: root gets them installed, others the line to type."""
    lacking = missing(packages)
    if not lacking:
        return
    uses = ", ".join(f"{name} ({NEEDED[name][0]})" for name in lacking)
    if not ui.is_root() or not shutil.which("apt-get"):
        command = f"apt-get install {' '.join(lacking)}"
        raise ui.Stop(f"missing: {uses}; as root type: {command}")
    with ui.step(f"install {uses}"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        why = f"install {', '.join(lacking)}"
        ui.run(["apt-get", "update"], why, env=environment)
        command = ["apt-get", "install", "-y", "--no-install-recommends", *lacking]
        ui.run(command, why, env=environment)
