from odoo import fields, models


class ComplaintParetoLine(models.TransientModel):
    """One bar, and what is behind it."""

    _name = "complaint.pareto.line"
    _description = "Bar of a Pareto"
    _order = "sequence, id"

    pareto_id = fields.Many2one(
        "complaint.pareto", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(readonly=True)
    name = fields.Char("What", readonly=True)
    keys = fields.Json(readonly=True)
    value = fields.Float("How much", readonly=True)
    share = fields.Float("Share (%)", digits=(5, 2), readonly=True)
    cumulative = fields.Float(
        "Added up (%)",
        digits=(5, 2),
        readonly=True,
        help="The share of this bar and all before it.",
    )
    is_vital = fields.Boolean(
        "Vital few",
        readonly=True,
        help="The bars that make 80 % together, counted from the largest.",
    )

    def action_open_cases(self):
        """Open the complaints behind the bar."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        return {
            **action,
            "name": self.name,
            "domain": list(self.pareto_id._get_key_domain(self.keys or [])),
            "context": {"active_test": False},
        }
