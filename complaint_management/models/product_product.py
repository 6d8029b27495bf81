from odoo import fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    complaint_case_count = fields.Integer(
        "Number of complaints", compute="_compute_complaint_case_count"
    )

    def _compute_complaint_case_count(self):
        cases = self.env["complaint.case"]
        counts = {}
        if cases.has_access("read"):
            domain = [("product_id", "in", self.ids)]
            counts = dict(cases._read_group(domain, ["product_id"], ["__count"]))
        for product in self:
            product.complaint_case_count = counts.get(product, 0)

    def action_open_complaint_cases(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        action["domain"] = [("product_id", "in", self.ids)]
        action["context"] = {"default_product_id": self[:1].id}
        return action
