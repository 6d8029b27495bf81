from odoo import models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = [
        "product.template",
        "complaint.count.mixin",
        "complaint.cost.total.mixin",
    ]
    _cost_dimension = "product_tmpl_id"

    def _count_complaints(self):
        templates = self.with_context(active_test=False)
        totals = templates.product_variant_ids._count_complaints()
        none = (0, 0, 0)
        return {
            template.id: tuple(
                sum(figures)
                for figures in zip(
                    none,
                    *(totals.get(v.id, none) for v in template.product_variant_ids),
                    strict=True,
                )
            )
            for template in templates
        }

    def action_open_complaint_cases(self):
        variants = self.with_context(active_test=False).product_variant_ids
        return variants.action_open_complaint_cases()
