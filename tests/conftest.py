"""Settings of the tests that need all addons, and of the plain ones.

The plain ones (``test_layout.py``, ``tools/``) run without Odoo:
``python3 -m dev pytest -p no:odoo tests/tools``. The others run on a database with
the three addons: ``python3 -m dev pytest --odoo-database DB --odoo-http tests``.
"""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def pytest_configure(config):
    if config.getoption("odoo_database", default=None):
        _prepare_odoo()


def _prepare_odoo():
    """Odoo gives its test classes tags by addon; these here belong to none."""
    from odoo.tests.common import BaseCase

    # Pages of a browser ask at the same time for one database cursor; a busy machine
    # keeps them waiting longer than Odoo's 20 s.
    BaseCase.test_cursor_lock_timeout = 60
    BaseCase.test_tags = {"standard", "post_install"}
    BaseCase.test_module = "tests"


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


@pytest.fixture(scope="session")
def platform():
    """What starts Odoo itself, for tests with servers and databases of their own."""
    from dev import paths, server

    home = os.environ.get("ODOO_HOME")
    if not home:
        pytest.skip("run it with: python3 -m dev pytest")
    # Not server.setup(): that would look for an environment of this very Python.
    env = {**os.environ, "ODOO_RC": str(paths.CONF)}
    return server.Platform(Path(home), Path(sys.prefix), env)


@pytest.fixture(scope="session")
def installed(platform):
    """Name of a database with our first addon alone: tests take copies of it."""
    from dev import cluster, databases

    name = f"faults_{os.getpid()}"
    try:
        databases.fresh(platform, name)
        args = ["-d", name, "-i", "complaint_management", "--stop-after-init"]
        databases.install(platform, args, "faults-install.log")
        yield name
    finally:
        cluster.drop(name)
