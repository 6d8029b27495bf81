"""Lets plain pytest import the pure-Python tools without Odoo.

The addons themselves import odoo, so their ``tools`` folders are offered as packages
of their own: ``from complaint_tools.nps import nps``.
"""

import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {
    "complaint_tools": ROOT / "complaint_management" / "tools",
    "complaint_tests": ROOT / "complaint_management" / "tests",
    "supplier_tools": ROOT / "supplier_quality" / "tools",
}

# A busy machine must not fail a property; speed has tests of its own.
settings.register_profile("tools", deadline=None)
settings.load_profile("tools")

# calendar_samples is found whatever the import mode of pytest.
sys.path.insert(0, str(Path(__file__).parent))

for name, folder in PACKAGES.items():
    package = ModuleType(name, "The tools of an addon, by file path.")
    package.__path__ = [str(folder)]
    sys.modules[name] = package


@pytest.fixture(scope="session")
def repository():
    return ROOT


@pytest.fixture(scope="session")
def shared_data():
    """Folder of the public data beside the repository; skips where it isn't."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("public data isn't here: ../shared/data")
    return folder
