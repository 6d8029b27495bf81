from odoo import fields, models


class ComplaintCompanyMixin(models.AbstractModel):
    """Configuration that belongs to one company, or to all when it has none.

    Archived records stay readable, so that history never breaks.
    """

    _name = "complaint.company.mixin"
    _description = "Complaint Configuration of a Company"
    _order = "sequence, id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: for all companies."
    )
