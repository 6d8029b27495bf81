from odoo import fields, models

CELLS = [
    ("occurrence_technical", "Why it occurred: technical"),
    ("occurrence_systemic", "Why it occurred: systemic"),
    ("detection_technical", "Why it wasn't found: technical"),
    ("detection_systemic", "Why it wasn't found: systemic"),
]


class ComplaintRcaRoot(models.Model):
    """A root cause: one of the four cells of VDA 8D, with its share of the problem."""

    _name = "complaint.rca.root"
    _description = "Root Cause"
    _inherit = ["complaint.hold.mixin", "complaint.host.mixin"]
    _hold_cases_sql = "SELECT complaint_held(rec.res_model, rec.res_id)"
    _order = "sequence, id"

    res_model = fields.Char("Res model", readonly=False)
    res_id = fields.Many2oneReference(readonly=False, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Root cause", required=True)
    cell = fields.Selection(
        CELLS,
        required=True,
        default="occurrence_technical",
        help="Why the problem occurred, or why it wasn't found in time; in the product "
        "and its process (technical), or in how the company works (systemic).",
    )
    contribution = fields.Float(
        "Contribution (%)", help="Share of this cause in the problem, 0 to 100."
    )
    evidence = fields.Text(help="What proves that it is a cause: test, data, record.")
    action_ids = fields.One2many(
        "mgmtsystem.action", "complaint_root_id", "Actions against it"
    )
