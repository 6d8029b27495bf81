from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    complaint_case_count = fields.Integer(
        "Number of complaints", compute="_compute_complaint_case_count"
    )

    def _compute_complaint_case_count(self):
        for template in self.with_context(active_test=False):
            variants = template.product_variant_ids
            template.complaint_case_count = sum(variants.mapped("complaint_case_count"))

    def action_open_complaint_cases(self):
        variants = self.with_context(active_test=False).product_variant_ids
        return variants.action_open_complaint_cases()
