from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    complaint_portal_company_access = fields.Boolean(
        "Sees complaints of the company",
        help="On the portal this contact sees the complaints of all contacts of the "
        "company, without confidential and anonymous ones. Own complaints are always "
        "shown.",
    )
