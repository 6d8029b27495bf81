from odoo import fields, models


class ComplaintSegment(models.Model):
    _name = "complaint.segment"
    _description = "Customer Segment"
    _inherit = ["complaint.company.mixin"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "This segment code exists already."
    )
