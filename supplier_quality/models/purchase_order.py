from odoo import fields, models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    supplier_scar_count = fields.Integer(compute="_compute_supplier_scar_count")

    def _get_supplier_scar_domain(self):
        """Return the domain of the requests about these orders or their lines."""
        return [
            "|",
            ("purchase_order_id", "in", self.ids),
            ("purchase_line_ids.order_id", "in", self.ids),
        ]

    def _compute_supplier_scar_count(self):
        scars = self.env["supplier.scar"]
        counts = dict.fromkeys(self._ids, 0)
        if scars.has_access("read"):
            found = scars.search(self._get_supplier_scar_domain())
            # sudo: which of these orders a visible request names, and nothing more
            for scar in found.sudo():
                orders = scar.purchase_order_id | scar.purchase_line_ids.order_id
                for order in orders.filtered(lambda o: o.id in counts):
                    counts[order.id] += 1
        for order in self:
            order.supplier_scar_count = counts.get(order.id, 0)

    def action_open_supplier_scars(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supplier_quality.supplier_scar_action"
        )
        action["domain"] = self._get_supplier_scar_domain()
        action["context"] = {
            "default_partner_id": self.partner_id.id,
            "default_purchase_order_id": self.id,
        }
        return action
