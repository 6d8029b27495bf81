from odoo import models


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = [
        "product.product",
        "complaint.count.mixin",
        "complaint.cost.total.mixin",
    ]
    _cost_dimension = "product_id"

    def _count_complaints(self):
        cases = self.env["complaint.case"].with_context(active_test=False)
        if not (self.ids and cases.has_access("read")):
            return {}
        totals = {}
        for product, is_open, status, count in cases._read_group(
            [("product_id", "in", self.ids)],
            ["product_id", "is_open", "sla_status"],
            ["__count"],
        ):
            total, opened, late = totals.get(product.id, (0, 0, 0))
            totals[product.id] = (
                total + count,
                opened + (count if is_open else 0),
                late + (count if status == "late" else 0),
            )
        return totals

    def action_open_complaint_cases(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        action["domain"] = [("product_id", "in", self.ids)]
        action["context"] = {"default_product_id": self[:1].id}
        return action
