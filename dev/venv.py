"""The virtual environment: Odoo's Python needs, the OCA wheels, tests and linters."""

import os
import platform
import sys

from . import paths, store, ui

RECIPE = "1"
# pip has to see an Odoo 19, which the OCA wheels require, whatever it lies in.
METADATA = "Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n"


def ensure(odoo_home, *requirements):
    """The cached environment for these requirement files and this Odoo."""
    files = [paths.ROOT / name for name in requirements]
    key = store.digest(
        RECIPE, sys.version, sys.executable, platform.machine(), str(odoo_home), *files
    )

    def build(folder):
        with ui.step(f"make the Python environment ({', '.join(requirements)})"):
            _build(folder, odoo_home, files)

    return store.entry(f"venv-{key}", build)


def _build(folder, odoo_home, files):
    ui.run([sys.executable, "-m", "venv", folder], "make a Python environment")
    site = _site_packages(folder)
    (site / "odoo_home.pth").write_text(f"{odoo_home}\n", encoding="utf-8")
    dist = site / "odoo-19.0.dist-info"
    dist.mkdir()
    (dist / "METADATA").write_text(METADATA, encoding="utf-8")
    (dist / "INSTALLER").write_text("dev\n", encoding="utf-8")
    pip = [python(folder), "-m", "pip", "--disable-pip-version-check"]
    ui.run([*pip, "install", "--upgrade", "pip"], "upgrade pip")
    wanted = [part for file in files for part in ("-r", file)]
    ui.run([*pip, "install", *wanted], "install the Python packages")


def python(folder):
    return folder / "bin" / "python"


def _site_packages(folder):
    [site] = (folder / "lib").glob("python*/site-packages")
    return site


def path_with(folder, *extra):
    """A PATH on which the environment's programs come first."""
    parts = [folder / "bin", *extra, os.environ.get("PATH", os.defpath)]
    return os.pathsep.join(map(str, parts))
