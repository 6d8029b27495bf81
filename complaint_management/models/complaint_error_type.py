from odoo import fields, models


class ComplaintErrorType(models.Model):
    _name = "complaint.error.type"
    _description = "Complaint Error Type"
    _inherit = [
        "complaint.company.mixin",
        "complaint.tree.mixin",
        "complaint.cost.total.mixin",
    ]
    _cost_dimension = "error_type_id"
    _parent_store = True

    code = fields.Char(help="Technical name that the intake uses, never translated.")
    parent_id = fields.Many2one(
        "complaint.error.type", index="btree_not_null", ondelete="restrict"
    )
    child_ids = fields.One2many("complaint.error.type", "parent_id", "Sub-types")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "This error type code exists already.",
    )
