from odoo import api, fields, models
from odoo.exceptions import UserError


class ComplaintMerge(models.TransientModel):
    """Which cases are one complaint, and which of them stays."""

    _name = "complaint.merge"
    _description = "Merge Complaints"

    case_ids = fields.Many2many(
        "complaint.case",
        string="Complaints",
        default=lambda self: self._default_case_ids(),
    )
    survivor_id = fields.Many2one(
        "complaint.case",
        "This one stays",
        compute="_compute_survivor_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', case_ids)]",
        help="The others are cancelled and lead to it. The earliest receipt counts, "
        "whichever stays.",
    )
    has_several_customers = fields.Boolean(compute="_compute_has_several_customers")
    is_other_customer_confirmed = fields.Boolean(
        "It is the same complaint, although the customers differ"
    )

    def _default_case_ids(self):
        if self.env.context.get("active_model") == "complaint.case":
            return self.env.context.get("active_ids") or []
        return []

    @api.depends("case_ids")
    def _compute_survivor_id(self):
        """The one that was received first, unless somebody chose another."""
        for wizard in self:
            if wizard.survivor_id not in wizard.case_ids:
                wizard.survivor_id = wizard.case_ids.sorted(
                    lambda case: (not case.is_open, case.received_at, case._origin.id)
                )[:1]

    @api.depends("case_ids")
    def _compute_has_several_customers(self):
        for wizard in self:
            cases = wizard.case_ids
            wizard.has_several_customers = cases and cases._has_several_customers()

    def action_merge(self):
        self.ensure_one()
        if not self.survivor_id:
            raise UserError(self.env._("Choose the complaint that stays."))
        survivor = self.case_ids._merge(
            self.survivor_id, self.is_other_customer_confirmed
        )
        return survivor.action_open_case()
