from odoo import fields, models


class SupplierScorecardReopen(models.TransientModel):
    """Asks why final scorecards are opened again."""

    _name = "supplier.scorecard.reopen"
    _description = "Open final Scorecards again"

    scorecard_ids = fields.Many2many(
        "supplier.scorecard", "supplier_scorecard_reopen_rel", string="Scorecards"
    )
    reason = fields.Text(required=True)

    def action_reopen(self):
        self.ensure_one()
        self.scorecard_ids._reopen(self.reason)
