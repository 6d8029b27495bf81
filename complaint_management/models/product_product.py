from odoo import api, fields, models


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "complaint.cost.total.mixin"]
    _cost_dimension = "product_id"

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
        totals = self._count_complaints()
        for product in self:
            figures = totals.get(product.id, (0, 0, 0))
            (
                product.complaint_case_count,
                product.complaint_open_count,
                product.complaint_late_count,
            ) = figures

    def _count_complaints(self):
        """Return {product id: (all, open, late)} of the cases that the user may see,
        with one query."""
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
