from odoo import fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    supplier_scar_count = fields.Integer(compute="_compute_supplier_scar_count")

    def _compute_supplier_scar_count(self):
        scars = self.env["supplier.scar"]
        counts = {}
        if scars.has_access("read"):
            domain = [("product_id", "in", self.ids)]
            counts = dict(scars._read_group(domain, ["product_id"], ["__count"]))
        for product in self:
            product.supplier_scar_count = counts.get(product._origin, 0)

    def action_open_supplier_scars(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supplier_quality.supplier_scar_action"
        )
        action["domain"] = [("product_id", "in", self.ids)]
        action["context"] = {"default_product_id": self[:1].id}
        return action
