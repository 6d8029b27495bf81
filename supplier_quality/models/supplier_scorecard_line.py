from odoo import api, fields, models


class SupplierScorecardLine(models.Model):
    """One fact behind a scorecard: a receipt, a return, or a promised order line."""

    _name = "supplier.scorecard.line"
    _description = "Evidence of a Scorecard"
    _order = "scorecard_id, kind, done_at, id"
    _log_access = False

    scorecard_id = fields.Many2one(
        "supplier.scorecard", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="scorecard_id.company_id")
    partner_id = fields.Many2one(related="scorecard_id.partner_id")
    period_start = fields.Date(related="scorecard_id.period_start")
    kind = fields.Selection(
        [
            ("receipt", "Receipt"),
            ("return", "Return"),
            ("promise", "Promised order line"),
        ],
        required=True,
        readonly=True,
    )
    move_id = fields.Many2one(
        "stock.move", "Stock move", readonly=True, index="btree_not_null"
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line", "Order line", readonly=True, index="btree_not_null"
    )
    product_id = fields.Many2one("product.product", readonly=True)
    planned_at = fields.Datetime("Promised", readonly=True)
    done_at = fields.Datetime("Done", readonly=True)
    ordered_qty = fields.Float("Ordered", readonly=True, digits="Product Unit")
    qty = fields.Float("Received", readonly=True, digits="Product Unit")
    rejected_qty = fields.Float("Returned", readonly=True, digits="Product Unit")
    is_judged = fields.Boolean(
        "Counts", readonly=True, help="Whether a promise could be kept or broken."
    )
    on_time = fields.Boolean("Promise kept", readonly=True)
    verdict = fields.Selection(
        [
            ("kept", "Kept"),
            ("missed", "Missed"),
            ("none", "No promise"),
        ],
        compute="_compute_verdict",
    )

    @api.depends("is_judged", "on_time")
    def _compute_verdict(self):
        for line in self:
            kept = "kept" if line.on_time else "missed"
            line.verdict = kept if line.is_judged else "none"
