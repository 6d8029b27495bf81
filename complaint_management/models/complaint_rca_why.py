from odoo import fields, models


class ComplaintRcaWhy(models.Model):
    """One "why?" and its answer."""

    _name = "complaint.rca.why"
    _description = "Why in a Root Cause Analysis"
    _inherit = ["complaint.hold.mixin", "complaint.host.mixin"]
    _hold_cases_sql = "SELECT complaint_held(rec.res_model, rec.res_id)"
    _order = "sequence, id"
    _rec_name = "answer"

    res_model = fields.Char("Res model", readonly=False)
    res_id = fields.Many2oneReference(readonly=False, index=True)
    sequence = fields.Integer(default=10)
    question = fields.Char("Why?")
    answer = fields.Char("Because", required=True)
    evidence = fields.Char(help="What proves the answer: measurement, record, photo.")
    is_root = fields.Boolean("Root cause")
