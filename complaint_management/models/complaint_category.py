from odoo import fields, models

ORIGINS = [
    ("product", "Product"),
    ("service", "Service"),
    ("supplier", "Supplier"),
    ("legal", "Legal risk"),
]


class ComplaintCategory(models.Model):
    _name = "complaint.category"
    _description = "Complaint Category"
    _inherit = [
        "complaint.company.mixin",
        "complaint.tree.mixin",
        "complaint.cost.total.mixin",
    ]
    _cost_dimension = "category_id"
    _parent_store = True

    code = fields.Char(help="Technical name that the intake uses, never translated.")
    origin = fields.Selection(ORIGINS, required=True, default="product")
    parent_id = fields.Many2one(
        "complaint.category", index="btree_not_null", ondelete="restrict"
    )
    monitoring_days = fields.Integer(
        "Days of monitoring",
        help="How long a solved case of this category is watched. 0: as the category "
        "above it, else as the company.",
    )
    child_ids = fields.One2many("complaint.category", "parent_id", "Sub-categories")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "This category code exists already.",
    )

    _monitoring_days_positive = models.Constraint(
        "CHECK(monitoring_days >= 0)", "A number of days can't be negative."
    )

    def _get_monitoring_days(self):
        """Return the days of this category or the nearest one above it, else 0."""
        category = self
        while category and not category.monitoring_days:
            category = category.parent_id
        return category.monitoring_days

    def _get_ancestor_ids(self):
        """Return the ids from the root down to this category itself."""
        self.ensure_one()
        return [int(part) for part in (self.parent_path or "").split("/") if part]
