from odoo import fields, models

PHASES = [
    ("received", "Received"),
    ("triage", "Triage"),
    ("investigation", "Investigation"),
    ("action", "Action"),
    ("response", "Response"),
    ("monitoring", "Monitoring"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
RESOLVED_PHASES = ("monitoring", "closed")
DONE_PHASES = ("closed", "cancelled")


class ComplaintStage(models.Model):
    """A step with a name of the company's own; the code tests its ``phase``."""

    _name = "complaint.stage"
    _description = "Complaint Stage"
    _inherit = ["complaint.company.mixin"]

    name = fields.Char(required=True, translate=True)
    phase = fields.Selection(PHASES, required=True)
    fold = fields.Boolean("Folded in kanban")
    is_customer_visible = fields.Boolean(
        "Shown to the customer",
        default=True,
        help="The customer sees this step in the timeline of the case.",
    )
    customer_text = fields.Char(
        "In the customer's words",
        translate=True,
        help="One plain sentence that tells the customer what happens in this step.",
    )
