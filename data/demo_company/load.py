"""Loads the demo company; runs in ``odoo shell``, where ``env`` is given.

Everything is one transaction: a load that is cut off leaves nothing behind and can be
repeated. A second load finds the first and does nothing.
"""

import sys
import time
from pathlib import Path

MARK = "complaint_demo_company.loaded"


def load(env):
    # The folder of the addons' data isn't a Python package that Odoo knows.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    known, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        from demo_company import sections
    finally:
        sys.dont_write_bytecode = known
    parameters = env["ir.config_parameter"]
    if parameters.get_param(MARK):
        print("the demo company is already there")
        return
    if env["complaint.case"].with_context(active_test=False).search_count([], limit=1):
        raise SystemExit(
            "This database has complaints of its own. The demo company goes only into "
            "a database without any."
        )
    begin = time.monotonic()
    sections.run(env)
    parameters.set_param(MARK, "1")
    env.cr.commit()
    print(f"the demo company is there ({time.monotonic() - begin:.0f} s)")


load(env)
