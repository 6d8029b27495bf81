"""Runs in ``odoo shell``: make the browser's bundles once, and keep them.

A test rolls back what it makes, so each browser test would make them again, and on a
busy machine run out of time meanwhile.
"""

env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
