from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PLACES = [
    ("customer", "At the customer"),
    ("transit", "In transit"),
    ("warehouse", "Warehouse"),
    ("line", "Production line"),
    ("supplier", "At the supplier"),
]
# Sorting goes on after the discipline is signed off.
RUNNING_FIELDS = {"quantity_checked", "quantity_defective", "sequence"}


class ComplaintEightdContainment(models.Model):
    """Where parts with the same defect may be, and what is done with them (D3)."""

    _name = "complaint.eightd.containment"
    _description = "8D Containment"
    _inherit = ["complaint.eightd.part.mixin"]
    _order = "sequence, id"
    _rec_name = "action"
    _hold_free_fields = ("sequence",)
    _hold_once_fields = ("quantity_checked", "quantity_defective", "responsible_id")

    sequence = fields.Integer(default=10)
    place = fields.Selection(PLACES, "Where", required=True, default="warehouse")
    note = fields.Char("Place in detail", help="Customer's plant, store, line, lot.")
    quantity = fields.Float(
        "To check", digits="Product Unit", help="How many parts are suspect there."
    )
    quantity_checked = fields.Float("Checked", digits="Product Unit")
    quantity_defective = fields.Float("Found defective", digits="Product Unit")
    uom_id = fields.Many2one(
        "uom.uom", "Unit", default=lambda self: self.env.ref("uom.product_uom_unit")
    )
    quantity_left = fields.Float(
        "Left to check", digits="Product Unit", compute="_compute_quantity_left"
    )
    action = fields.Char(
        required=True, help="What keeps the defect away: blocked, sorted, replaced."
    )
    effective_at = fields.Datetime("Effective from", default=fields.Datetime.now)
    responsible_id = fields.Many2one("res.users", domain="[('share', '=', False)]")

    _quantities_positive = models.Constraint(
        "CHECK(COALESCE(quantity, 0) >= 0 AND COALESCE(quantity_checked, 0) >= 0"
        " AND COALESCE(quantity_defective, 0) >= 0)",
        "Quantities can't be negative.",
    )

    @api.depends("quantity", "quantity_checked")
    def _compute_quantity_left(self):
        for line in self:
            line.quantity_left = max(0, line.quantity - line.quantity_checked)

    @api.constrains("quantity_checked", "quantity_defective")
    def _check_quantities(self):
        places = dict(self._fields["place"]._description_selection(self.env))
        for line in self:
            if line.quantity_defective > line.quantity_checked:
                raise ValidationError(
                    self.env._(
                        "%(place)s: more parts found defective (%(defective)s) than "
                        "checked (%(checked)s).",
                        place=places[line.place],
                        defective=line.quantity_defective,
                        checked=line.quantity_checked,
                    )
                )

    # -- CRUD --------------------------------------------------------------------
    def write(self, vals):
        if vals.keys() - RUNNING_FIELDS:
            self._check_not_signed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_not_signed()

    def _check_not_signed(self):
        """What was signed off stays; new places and counts may still come."""
        for report in self.eightd_id:
            step = report._get_step("d3")
            if step.state == "accepted":
                raise UserError(
                    self.env._(
                        "%s is signed off: add a line for what is new, or have it "
                        "sent back to change what stands there.",
                        step.display_name,
                    )
                )
