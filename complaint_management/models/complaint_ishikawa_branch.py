from odoo import fields, models


class ComplaintIshikawaBranch(models.Model):
    _name = "complaint.ishikawa.branch"
    _description = "Branch of the Fishbone"
    _inherit = ["complaint.company.mixin"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Technical name for imports, never translated.")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "This branch code exists already.",
    )
