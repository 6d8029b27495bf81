"""The two things that come from npm: ``rtlcss`` and one script of a browser library."""

import os
import shutil

from . import store, ui

RTLCSS = "rtlcss@4.3.0"
SELFIE = "@mediapipe/selfie_segmentation@0.1.1675465747"


def rtlcss_bin():
    """The folder to put on PATH so that Odoo can mirror styles for Persian."""
    if found := shutil.which("rtlcss"):
        return os.path.dirname(found)
    if not shutil.which("npm"):
        return None

    def build(folder):
        with ui.step("fetch rtlcss"):
            _install(RTLCSS, folder)

    return store.entry(f"rtlcss-{store.digest(RTLCSS)}", build) / "node_modules/.bin"


def selfie_segmentation():
    """Path of the script that Debian's package lacks; None where there is no npm."""
    if not shutil.which("npm"):
        return None

    def build(folder):
        _install(SELFIE, folder)

    folder = store.entry(f"selfie-{store.digest(SELFIE)}", build)
    name = SELFIE.rpartition("@")[0]
    return folder / "node_modules" / name / "selfie_segmentation.js"


def _install(package, folder):
    command = ["npm", "install", "--prefix", folder, "--ignore-scripts"]
    command += ["--no-audit", "--no-fund", "--no-save", package]
    ui.run(command, f"npm install {package}")
