from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ComplaintAssign(models.TransientModel):
    """Gives several cases to one person, or spreads them over their teams."""

    _name = "complaint.assign"
    _description = "Assign Complaints"

    mode = fields.Selection(
        [
            ("load", "Spread over the team, to those who have the least to do"),
            ("user", "Give to one person"),
        ],
        "How",
        required=True,
        default="load",
    )
    team_id = fields.Many2one("complaint.team", readonly=True)
    absent_user_id = fields.Many2one(
        "res.users",
        "Cases of",
        domain="[('share', '=', False)]",
        help="All open cases of this person in the team are assigned to others.",
    )
    user_id = fields.Many2one(
        "res.users", "New owner", domain="[('share', '=', False)]"
    )
    case_ids = fields.Many2many(
        "complaint.case",
        string="Complaints",
        compute="_compute_case_ids",
        store=True,
        readonly=False,
    )
    case_count = fields.Integer("Number of complaints", compute="_compute_case_count")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "complaint.case":
            chosen = self.env.context.get("active_ids") or []
            values["case_ids"] = [Command.set(chosen)]
        return values

    @api.depends("absent_user_id", "team_id")
    def _compute_case_ids(self):
        for wizard in self:
            if wizard.absent_user_id and wizard.team_id:
                wizard.case_ids = self.env["complaint.case"].search(
                    [
                        ("team_id", "=", wizard.team_id.id),
                        ("user_id", "=", wizard.absent_user_id.id),
                        ("is_open", "=", True),
                    ]
                )

    @api.depends("case_ids")
    def _compute_case_count(self):
        for wizard in self:
            wizard.case_count = len(wizard.case_ids)

    def action_assign(self):
        """Assign the chosen cases that are still open."""
        self.ensure_one()
        cases = self.case_ids.filtered("is_open")
        cases.check_access("write")
        if not cases:
            raise UserError(self.env._("There is no open complaint to assign."))
        owners = self._find_owners(cases)
        if left := cases.filtered(lambda case: case not in owners):
            raise UserError(
                self.env._(
                    "Nobody in the team is there for: %s. Choose a person.",
                    ", ".join(left.mapped("name")),
                )
            )
        cases._assign(owners)
        return {"type": "ir.actions.act_window_close"}

    def _find_owners(self, cases):
        """Return {case: user}."""
        if self.mode == "user":
            if not self.user_id:
                raise UserError(self.env._("Choose the new owner."))
            return dict.fromkeys(cases, self.user_id)
        # The lock keeps two people from giving everything to the same colleague; who
        # doesn't get it assigns all the same, as a person looks at the result.
        self.env["complaint.team"]._lock_assignment()
        candidates = None
        if self.absent_user_id:
            candidates = self.team_id.member_ids - self.absent_user_id
        return cases._find_owners(candidates)
