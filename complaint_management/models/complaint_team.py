from odoo import api, fields, models


class ComplaintTeam(models.Model):
    _name = "complaint.team"
    _description = "Complaint Team"
    _inherit = [
        "mail.alias.mixin",
        "mail.thread",
        "complaint.team.assignment.mixin",
        "complaint.company.mixin",
    ]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        required=True, default=lambda self: self.env.company, help=False
    )
    leader_id = fields.Many2one("res.users", "Team leader", check_company=True)
    member_ids = fields.Many2many("res.users", string="Members", check_company=True)
    flow_id = fields.Many2one(
        "complaint.flow", default=lambda self: self._default_flow_id()
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours",
        check_company=True,
        help="Deadlines of the team's cases count inside these hours. Empty: the "
        "working hours of the company.",
    )
    color = fields.Integer()
    case_ids = fields.One2many("complaint.case", "team_id", "Cases")
    open_case_count = fields.Integer("Open cases", compute="_compute_case_counts")
    late_case_count = fields.Integer("Late cases", compute="_compute_case_counts")

    def _default_flow_id(self):
        return self.env["complaint.flow"].search([("code", "=", "standard")], limit=1)

    def _compute_case_counts(self):
        cases = self.env["complaint.case"]
        open_domain = [("team_id", "in", self.ids), ("is_open", "=", True)]
        counts = dict(cases._read_group(open_domain, ["team_id"], ["__count"]))
        late_domain = [*open_domain, ("sla_status", "=", "late")]
        late = dict(cases._read_group(late_domain, ["team_id"], ["__count"]))
        for team in self:
            team.open_case_count = counts.get(team, 0)
            team.late_case_count = late.get(team, 0)

    @api.model
    def _get_default_team(self, company):
        """Return the team of the user, else the first one of the company."""
        # With all that a new case asks its team, so that it is read once.
        wanted = [
            *("company_id", "leader_id", "flow_id", "calendar_id"),
            "assignment_method",
        ]
        teams = self.search_fetch([("company_id", "=", company.id)], wanted)
        if len(teams) > 1:
            own = teams.filtered(lambda team: self.env.user in team.member_ids)
            return own[:1] or teams[:1]
        return teams

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("complaint.case")
        if self.id:
            values["alias_defaults"] = {"team_id": self.id}
            values["alias_contact"] = "everyone"
        return values

    def action_open_cases(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        action["domain"] = [("team_id", "=", self.id)]
        action["context"] = {"default_team_id": self.id, "search_default_open": 1}
        return action

    def action_open_reassign(self):
        """Give the open cases of somebody who is away to their colleagues."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_assign_action"
        )
        return {
            **action,
            "context": {
                "default_team_id": self.id,
                "default_absent_user_id": self.absent_user_ids[:1].id,
            },
        }
