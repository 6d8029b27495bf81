from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# The role of these is also a field of the report.
HEADS = {"leader": "leader_id", "champion": "champion_id"}
ROLES = [
    ("leader", "Team leader"),
    ("champion", "Champion"),
    ("member", "Member"),
    ("expert", "Expert"),
    ("process", "Process owner"),
    ("supplier", "Supplier's representative"),
    ("customer", "Customer's representative"),
]


class ComplaintEightdMember(models.Model):
    """Somebody in the team of an 8D report, with or without a login."""

    _name = "complaint.eightd.member"
    _description = "8D Team Member"
    _inherit = ["complaint.eightd.part.mixin"]
    _order = "sequence, id"
    _hold_free_fields = ("role", "function", "sequence")

    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        domain="[('share', '=', False)]",
        help="Users in the team may read the complaint and work on the report. People "
        "without a login are named only.",
    )
    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    role = fields.Selection(
        ROLES,
        required=True,
        default="member",
        help="The champion stands up for the report in the management and clears the "
        "way; the leader leads the work.",
    )
    function = fields.Char(
        "Task in the team", help="For example: tool maker, line 3, night shift."
    )

    _user_unique = models.UniqueIndex(
        "(eightd_id, user_id) WHERE user_id IS NOT NULL",
        "Each user stands in the team once.",
    )

    @api.depends("user_id")
    def _compute_name(self):
        for member in self:
            if member.user_id or not member.name:
                # sudo: the name of a colleague, who may be of another company
                member.name = member.user_id.sudo().name

    @api.constrains("user_id")
    def _check_colleague(self):
        """A login of the portal is one of a customer or supplier: they are named as
        such, and get nothing that is written to the team."""
        for member in self:
            # sudo: whether somebody is a colleague holds for everybody
            if member.user_id.sudo().share:
                raise ValidationError(
                    self.env._(
                        "%s isn't a colleague. Name them without their login.",
                        member.name,
                    )
                )

    # -- CRUD --------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members._take_over_heads()
        members._journal_team(self.env._("Joined"))
        return members

    def write(self, vals):
        if "user_id" in vals:
            leaving = self.filtered(lambda m: m.user_id.id != vals["user_id"])
            leaving._check_free_to_go()
            leaving._journal_team(self.env._("Left the team"))
        result = super().write(vals)
        if {"user_id", "role"} & vals.keys():
            self._take_over_heads()
        if "user_id" in vals:
            leaving._journal_team(self.env._("Joined"))
        return result

    def unlink(self):
        self._journal_team(self.env._("Left the team"))
        champions = self.filtered(lambda m: m.role == "champion").eightd_id
        result = super().unlink()
        champions.champion_id = False
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_needed(self):
        self._check_free_to_go()
        for member in self.filtered(lambda m: m.role == "leader"):
            raise UserError(
                self.env._("%s leads the team. Name another leader first.", member.name)
            )

    def _check_free_to_go(self):
        """Refuse to let somebody go who has still something to do in the report."""
        for member in self.filtered("user_id"):
            # sudo: actions count, also those that the present user doesn't see
            actions = member.sudo().eightd_id.action_ids
            own = actions.filtered(
                lambda action, user=member.user_id: (
                    action.user_id == user and not action.stage_id.is_ending
                )
            )
            if own:
                raise UserError(
                    self.env._(
                        "%(user)s owns the open action “%(action)s” of this report. "
                        "Finish it or give it to somebody else first.",
                        user=member.name,
                        action=own[0].name,
                    )
                )

    def _take_over_heads(self):
        """Who gets the role of leader or champion here is the one of the report;
        whoever had it becomes a member."""
        for member in self.filtered(lambda m: m.role in HEADS):
            head = HEADS[member.role]
            if not member.user_id:
                raise UserError(
                    self.env._(
                        "%s has no login, and so can't lead the report or be its "
                        "champion.",
                        member.name,
                    )
                )
            if member.eightd_id[head] != member.user_id:
                member.eightd_id[head] = member.user_id

    def _journal_team(self, what):
        # While a report is made its first entry isn't written yet.
        for report in self.eightd_id.filtered("step_ids"):
            people = self.filtered(lambda m, report=report: m.eightd_id == report)
            report._journal_log(
                "team_changed", note=f"{what}: {', '.join(people.mapped('name'))}"
            )
