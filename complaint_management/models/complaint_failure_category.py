from odoo import api, fields, models
from odoo.exceptions import ValidationError

DEEPEST = 3


class ComplaintFailureCategory(models.Model):
    """What kind of cause a root cause is, so that causes can be counted."""

    _name = "complaint.failure.category"
    _description = "Failure Cause Category"
    _inherit = ["complaint.company.mixin", "complaint.tree.mixin"]
    _parent_store = True

    code = fields.Char(help="Technical name for imports, never translated.")
    parent_id = fields.Many2one(
        "complaint.failure.category", index="btree_not_null", ondelete="restrict"
    )
    child_ids = fields.One2many(
        "complaint.failure.category", "parent_id", "Sub-categories"
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "This cause category code exists already.",
    )

    @api.constrains("parent_id")
    def _check_levels(self):
        """A tree of three levels is enough to count by; a deeper one isn't kept up."""
        branches = self.with_context(active_test=False).search(
            [("id", "child_of", self.ids)]
        )
        for category in branches:
            if category.parent_path.count("/") > DEEPEST:
                raise ValidationError(
                    self.env._(
                        "“%(category)s” would stand on level %(level)s. Categories of "
                        "causes have three levels at most.",
                        category=category.name,
                        level=category.parent_path.count("/"),
                    )
                )
