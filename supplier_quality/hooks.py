from odoo.addons.complaint_management.tools import hold_sql


def post_init_hook(env):
    """Prepare number ranges, so that the first requests of a year never race."""
    env["res.company"].search([])._complaint_prepare_number_ranges()


def uninstall_hook(env):
    """Take away what Odoo doesn't know to be ours: numbers and files."""
    env["ir.sequence"].search([("code", "=", "supplier.scar")]).unlink()
    models = ("supplier.scar", "supplier.scar.answer")
    env["ir.attachment"].search([("res_model", "in", models)]).unlink()
    hold_sql.drop_all(env.cr, tables=("supplier_scar", "supplier_scar_answer"))
