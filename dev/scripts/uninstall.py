"""Runs in ``odoo shell``: uninstall the suite's addons, the last one first."""

import os

for name in reversed(os.environ["SUITE_ADDONS"].split(",")):
    module = env["ir.module.module"].search([("name", "=", name)])
    module.button_immediate_uninstall()
    env.cr.commit()
    env.transaction.reset()
