"""Runs in ``odoo shell``: uninstall the suite's addons, the last one first."""

import os
import time

from odoo.exceptions import UserError

TRIES = 10


def uninstall(name):
    """Uninstall one addon. Odoo takes the table of modules for itself or gives up at
    once; the database's own housekeeping may hold it for a moment."""
    for left in reversed(range(TRIES)):
        module = env["ir.module.module"].search([("name", "=", name)])
        if module.state != "installed":
            return
        try:
            module.button_immediate_uninstall()
        except UserError as error:
            env.cr.rollback()
            if not left or "another module operation" not in str(error):
                raise
            time.sleep(2)
        else:
            env.cr.commit()
            env.transaction.reset()
            return


for addon in reversed(os.environ["SUITE_ADDONS"].split(",")):
    uninstall(addon)
