from odoo import api, models


class IrModelData(models.Model):
    _inherit = "ir.model.data"

    @api.model
    def _module_data_uninstall(self, modules_to_remove):
        """The last way to take tables away; see ``ir.module.module``."""
        modules = self.env["ir.module.module"].sudo()
        modules.search([("name", "in", modules_to_remove)])._check_no_legal_hold()
        return super()._module_data_uninstall(modules_to_remove)
