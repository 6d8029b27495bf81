"""The tools must stay usable where there is no Odoo."""

import subprocess
import sys

import pytest

PROGRAM = """
import importlib.util, sys
sys.modules["odoo"] = None  # importing it fails
spec = importlib.util.spec_from_file_location(
    "tools", "__init__.py", submodule_search_locations=["."]
)
tools = importlib.util.module_from_spec(spec)
sys.modules["tools"] = tools
spec.loader.exec_module(tools)
"""


@pytest.mark.parametrize("addon", ["complaint_management", "supplier_quality"])
def test_tools_import_without_odoo(repository, addon):
    result = subprocess.run(
        [sys.executable, "-B", "-c", PROGRAM],
        cwd=repository / addon / "tools",
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
