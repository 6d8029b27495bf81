from odoo import api, fields, models


class ComplaintRecourse(models.Model):
    """Where a customer can turn who isn't content with the judgement (ISO 10002 7.9):
    an arbitration board, an authority, a court. Told with every complaint that is
    found not or partly justified."""

    _name = "complaint.recourse"
    _description = "External Recourse"
    _inherit = ["complaint.company.mixin"]

    name = fields.Char(required=True, translate=True)
    country_ids = fields.Many2many(
        "res.country",
        string="Customers from",
        help="Empty: customers from everywhere else.",
    )
    text = fields.Html(
        required=True,
        translate=True,
        help="The customer reads this, in their language: name the body, its address, "
        "what it costs and until when one can turn to it.",
    )

    @api.model
    def _find(self, company, country):
        """Return the text for customers of a country: that of the company before one
        of all companies, that of the country before a general one."""
        domain = [("company_id", "in", (company.id, False))]
        fitting = self.search(domain).filtered(
            lambda recourse: not recourse.country_ids or country in recourse.country_ids
        )
        return fitting.sorted(
            lambda r: (not r.company_id, not r.country_ids, r.sequence, r.id)
        )[:1]
