from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

MOST_MONTHS = 36


class SupplierScorecardCompute(models.TransientModel):
    """Computes provisional scorecards for a span of months."""

    _name = "supplier.scorecard.compute"
    _description = "Compute Supplier Scorecards"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        "From month", required=True, default=lambda self: self._default_month()
    )
    date_to = fields.Date(
        "To month", required=True, default=lambda self: self._default_month()
    )

    def _default_month(self):
        cards = self.env["supplier.scorecard"]
        return cards._get_month(self.env.company) - relativedelta(months=1)

    def action_compute(self):
        """Compute each month; final scorecards stay as they are."""
        self.ensure_one()
        if not self.env.user.has_group("supplier_quality.supplier_quality_group_user"):
            raise AccessError(
                self.env._("You are not allowed to compute supplier scorecards.")
            )
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._("Choose one of the companies that you work in.")
            )
        months = self._get_months()
        for month in months:
            self.env["supplier.scorecard"]._compute_month(self.company_id, month)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supplier_quality.supplier_scorecard_action"
        )
        action["domain"] = [
            ("period_start", "in", months),
            ("company_id", "=", self.company_id.id),
        ]
        action["context"] = {}
        return action

    def _get_months(self):
        first, last = self.date_from.replace(day=1), self.date_to.replace(day=1)
        if first > last:
            raise UserError(self.env._("The last month lies before the first one."))
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        if count > MOST_MONTHS:
            raise UserError(
                self.env._("Compute up to %s months at a time.", MOST_MONTHS)
            )
        return [first + relativedelta(months=index) for index in range(count)]
