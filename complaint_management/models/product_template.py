from odoo import api, fields, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "complaint.cost.total.mixin"]
    _cost_dimension = "product_tmpl_id"

    complaint_case_count = fields.Integer(
        "Number of complaints", compute="_compute_complaint_counts"
    )
    complaint_open_count = fields.Integer(
        "Number of open complaints", compute="_compute_complaint_counts"
    )
    complaint_late_count = fields.Integer(
        "Number of late complaints", compute="_compute_complaint_counts"
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_complaint_counts(self):
        templates = self.with_context(active_test=False)
        totals = templates.product_variant_ids._count_complaints()
        for template in templates:
            figures = [
                totals.get(variant.id, (0, 0, 0))
                for variant in template.product_variant_ids
            ]
            (
                template.complaint_case_count,
                template.complaint_open_count,
                template.complaint_late_count,
            ) = map(sum, zip((0, 0, 0), *figures, strict=True))

    def action_open_complaint_cases(self):
        variants = self.with_context(active_test=False).product_variant_ids
        return variants.action_open_complaint_cases()
