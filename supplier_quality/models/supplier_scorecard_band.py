from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.bands import Bands


class SupplierScorecardBand(models.Model):
    """From which score on a grade is given. The bands of a company cover 0-100."""

    _name = "supplier.scorecard.band"
    _description = "Supplier Grade"
    _order = "company_id, lower desc"

    name = fields.Char("Grade", required=True)
    lower = fields.Float("From score", required=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: for every company that has no grades of its own.",
    )

    _lower_unique = models.UniqueIndex(
        "(COALESCE(company_id, 0), lower)", "Two grades can't start at the same score."
    )

    @api.constrains("name", "lower", "company_id")
    def _check_cover(self):
        self._check_bands(self.company_id.ids + [False])

    def unlink(self):
        company_ids = self.company_id.ids + [False]
        result = super().unlink()
        self._check_bands(company_ids)
        return result

    @api.model
    def _check_bands(self, company_ids):
        """Refuse a set of bands with a gap or an overlap."""
        # sudo: the set must be right as a whole, whatever part of it the user sees
        bands = self.sudo().search([("company_id", "in", company_ids)])
        for group in bands.grouped("company_id").values():
            try:
                Bands([(band.lower, band.name) for band in group])
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The grades must cover all scores from 0 to 100 once: the "
                        "lowest starts at 0, none starts above 100, no name or score "
                        "is there twice."
                    )
                ) from error

    @api.model
    def _get_bands(self, company):
        """Return the ``Bands`` of a company, None without any."""
        # sudo: grades are configuration that holds for everybody who reads a score
        bands = self.sudo().search([("company_id", "in", (company.id, False))])
        own = bands.filtered("company_id") or bands
        return Bands([(band.lower, band.name) for band in own]) if own else None
