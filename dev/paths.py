"""Where things lie: in the clone, beside it (``.dev``) and in the shared cache."""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / ".dev"
LOGS = DEV / "logs"
DATA = DEV / "data"
CONF = DEV / "odoo.conf"

ADDONS = ("complaint_management", "supplier_quality", "complaint_portal")


def present_addons():
    """The suite's addons in installation order, those that this clone has."""
    return [name for name in ADDONS if (ROOT / name / "__manifest__.py").is_file()]


def cache():
    """Downloads and virtual environments, shared by all clones of this user.

    Root's default is a public place: the database programs in it have to be
    readable for the unprivileged user that runs them.
    """
    if home := os.environ.get("XDG_CACHE_HOME"):
        return Path(home) / "complaint-suite"
    if os.geteuid() == 0:
        return Path("/var/cache/complaint-suite")
    return Path.home() / ".cache" / "complaint-suite"


def clone_id():
    """A short name of this clone, so that two clones never share anything."""
    return hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]


def short_dir():
    """A folder with a short path: a socket's path may have 107 bytes at most."""
    return Path(tempfile.gettempdir()) / f"complaint-{os.geteuid()}-{clone_id()}"


def default_db():
    return os.environ.get("DB") or "complaint"


def test_db():
    """Another one, since it is thrown away: ``make run`` keeps what people entered."""
    return f"{default_db()}_test"
