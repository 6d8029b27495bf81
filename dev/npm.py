"""The two things that come from npm: ``rtlcss`` and one script of a browser library."""

import os
import shutil
from pathlib import Path

from . import store, ui, wheels

RTLCSS = "rtlcss@4.3.0"
SELFIE = "@mediapipe/selfie_segmentation@0.1.1675465747"


def rtlcss_path():
    """Folders to put on PATH so that Odoo can mirror styles for Persian."""
    if shutil.which("rtlcss"):
        return []

    def build(folder):
        with ui.step("fetch rtlcss"):
            _install(RTLCSS, folder)

    folder = store.entry(f"rtlcss-{store.digest(RTLCSS)}", build)
    return [folder / "node_modules" / ".bin", _node().parent]


def selfie_segmentation():
    """Path of the script that Debian's package lacks."""

    def build(folder):
        _install(SELFIE, folder)

    folder = store.entry(f"selfie-{store.digest(SELFIE)}", build)
    name = SELFIE.rpartition("@")[0]
    return folder / "node_modules" / name / "selfie_segmentation.js"


def _node():
    if (found := shutil.which("node")) and shutil.which("npm"):
        return Path(found)
    return wheels.node() / "bin" / "node"


def _install(package, folder):
    node = _node()
    command = [shutil.which("npm")]
    if command == [None]:
        command = [node, wheels.node() / "lib/node_modules/npm/bin/npm-cli.js"]
    command += ["install", "--prefix", folder, "--ignore-scripts"]
    command += ["--no-audit", "--no-fund", "--no-save", package]
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    ui.run(command, f"npm install {package}", env={**os.environ, "PATH": path})
