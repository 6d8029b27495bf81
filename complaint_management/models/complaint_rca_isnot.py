from odoo import fields, models

DIMENSIONS = [
    ("what", "What"),
    ("where", "Where"),
    ("when", "When"),
    ("how_big", "How big"),
]


class ComplaintRcaIsnot(models.Model):
    """One comparison: where the problem is, and where it could be but isn't."""

    _name = "complaint.rca.isnot"
    _description = "Is and Is Not"
    _inherit = ["complaint.rca.line.mixin"]
    _rec_name = "dimension"

    dimension = fields.Selection(DIMENSIONS, "Question", required=True, default="what")
    present = fields.Char("Is", help="What, where, when, how much it is.")
    absent = fields.Char("Is not", help="Where it could just as well be, but isn't.")
    distinction = fields.Char(
        "What is different", help="What sets the one apart from the other."
    )
    change = fields.Char(
        "What changed", help="What changed there, and when: causes hide in changes."
    )
