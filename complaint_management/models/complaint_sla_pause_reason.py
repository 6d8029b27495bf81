from odoo import fields, models


class ComplaintSlaPauseReason(models.Model):
    """Why clocks may stand, and for how long at most."""

    _name = "complaint.sla.pause.reason"
    _description = "Reason of a Pause"
    _inherit = ["complaint.company.mixin"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    customer_text = fields.Char(
        "In the customer's words",
        translate=True,
        help="What the customer reads while the clock stands, for example “We are "
        "waiting for your answer.”",
    )
    ends_on_reply = fields.Boolean(
        "Ends when the customer writes", help="The clock runs again with their message."
    )
    cap_hours = fields.Float(
        "At most (hours)",
        help="Pauses for this reason together stand a clock no longer than this, in "
        "the time in which the clock counts. Then it runs again and the owner is told. "
        "0: no limit.",
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "This reason exists already."
    )
    _cap_positive = models.Constraint(
        "CHECK(cap_hours >= 0)", "The longest pause can't be negative."
    )
