from odoo import api, fields, models


class SupplierScarReject(models.TransientModel):
    """Asks what the supplier has to improve, and until when."""

    _name = "supplier.scar.reject"
    _description = "Send an Answer back"

    scar_id = fields.Many2one("supplier.scar", required=True, readonly=True)
    comment = fields.Text(
        "What is missing", required=True, help="The supplier reads it."
    )
    date_due = fields.Datetime(
        "New due date",
        compute="_compute_date_due",
        store=True,
        readonly=False,
        required=True,
    )

    @api.depends("scar_id")
    def _compute_date_due(self):
        now = fields.Datetime.now()
        for wizard in self:
            wizard.date_due = (
                wizard.scar_id._get_due("short", now) if wizard.scar_id else now
            )

    def action_reject(self):
        self.ensure_one()
        self.scar_id._reject(self.comment, self.date_due)
