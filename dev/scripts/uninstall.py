"""Runs in ``odoo shell``: uninstall the suite's addons, the last one first."""

import os


def uninstall(name):
    """Uninstall one addon.

    Odoo takes the table of modules for itself or gives up at once. The database's own
    housekeeping may hold the table for a moment, so this waits for the lock first, in
    the transaction in which Odoo asks for it.
    """
    env.cr.execute("LOCK ir_module_module IN EXCLUSIVE MODE")
    env["ir.module.module"].search([("name", "=", name)]).button_immediate_uninstall()
    env.cr.commit()
    env.transaction.reset()


for addon in reversed(os.environ["SUITE_ADDONS"].split(",")):
    uninstall(addon)
