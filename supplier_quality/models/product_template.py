from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    supplier_scar_count = fields.Integer(compute="_compute_supplier_scar_count")

    def _compute_supplier_scar_count(self):
        for template in self.with_context(active_test=False):
            variants = template.product_variant_ids
            template.supplier_scar_count = sum(variants.mapped("supplier_scar_count"))

    def action_open_supplier_scars(self):
        variants = self.with_context(active_test=False).product_variant_ids
        return variants.action_open_supplier_scars()
