from odoo import api, fields, models

from .complaint_eightd_member import HEADS


class ComplaintEightdTeamMixin(models.AbstractModel):
    """The team of a report: lines with roles are the truth; ``member_ids``, which the
    access rules read, follows them, and writing it changes them."""

    _name = "complaint.eightd.team.mixin"
    _description = "Team of an 8D Report"
    _hold_free_fields = ("leader_id", "champion_id", "member_ids")
    _journal_fields = ("leader_id", "champion_id")

    leader_id = fields.Many2one(
        "res.users",
        "Team leader",
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False)]",
        help="Leads the work. From D1 on nothing is submitted without a leader.",
    )
    champion_id = fields.Many2one(
        "res.users",
        tracking=True,
        domain="[('share', '=', False)]",
        help="Stands up for the report in the management and clears the way.",
    )
    team_ids = fields.One2many("complaint.eightd.member", "eightd_id")
    member_ids = fields.Many2many(
        "res.users",
        string="Team members",
        compute="_compute_member_ids",
        inverse="_inverse_member_ids",
        store=True,
        readonly=False,
    )

    @api.depends("team_ids.user_id")
    def _compute_member_ids(self):
        for report in self:
            report.member_ids = report.team_ids.user_id

    def _inverse_member_ids(self):
        """Leader and champion stay: their own fields say who they are."""
        missing = []
        leaving = self.team_ids.browse()
        for report in self:
            wanted = report.member_ids | report.leader_id | report.champion_id
            present = report.team_ids.user_id
            leaving |= report.team_ids.filtered(
                lambda m, wanted=wanted: m.user_id and m.user_id not in wanted
            )
            missing += [
                {"eightd_id": report.id, "user_id": user.id}
                for user in report.member_ids - present
            ]
        leaving.unlink()
        self.team_ids.create(missing)

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        reports._sync_team()
        return reports

    def write(self, vals):
        result = super().write(vals)
        if {"member_ids", *HEADS.values()} & vals.keys():
            self._sync_team()
        return result

    def _sync_team(self):
        """Leader and champion stand in the team with their role, and nobody else has
        it."""
        missing = []
        for report in self:
            heads = {report.champion_id: "champion", report.leader_id: "leader"}
            heads.pop(self.env["res.users"], None)
            for member in report.team_ids:
                role = heads.get(member.user_id)
                if not role and member.role in HEADS:
                    role = "member"
                if role and role != member.role:
                    member.role = role
            missing += [
                {"eightd_id": report.id, "user_id": user.id, "role": role}
                for user, role in reversed(heads.items())
                if user not in report.team_ids.user_id
            ]
        self.team_ids.create(missing)
        self.env.add_to_compute(self._fields["member_ids"], self)

    @api.model
    def _adopt_team(self):
        """Give reports that are older than the roles a line for each person. In plain
        SQL: ended reports, and those under a legal hold, have had their team too."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH people AS (
                SELECT link.complaint_eightd_id AS report_id, link.res_users_id AS id
                  FROM complaint_eightd_res_users_rel AS link
                UNION
                SELECT id, leader_id FROM complaint_eightd WHERE leader_id IS NOT NULL
                UNION
                SELECT id, champion_id FROM complaint_eightd
                 WHERE champion_id IS NOT NULL
            ), lines AS (
                INSERT INTO complaint_eightd_member (
                    eightd_id, case_id, company_id, user_id, name, sequence, role,
                    create_uid, create_date, write_uid, write_date)
                SELECT report.id, report.case_id, report.company_id, people.id,
                       partner.name, 10,
                       CASE people.id WHEN report.leader_id THEN 'leader'
                                      WHEN report.champion_id THEN 'champion'
                                      ELSE 'member' END,
                       %(uid)s, now() at time zone 'UTC',
                       %(uid)s, now() at time zone 'UTC'
                  FROM people
                  JOIN complaint_eightd AS report ON report.id = people.report_id
                  JOIN res_users AS u ON u.id = people.id
                  JOIN res_partner AS partner ON partner.id = u.partner_id
                 WHERE NOT EXISTS (
                     SELECT FROM complaint_eightd_member
                      WHERE eightd_id = report.id)
              ORDER BY report.id, people.id
             RETURNING eightd_id, user_id
            )
            INSERT INTO complaint_eightd_res_users_rel
                        (complaint_eightd_id, res_users_id)
            SELECT eightd_id, user_id FROM lines
                ON CONFLICT DO NOTHING
            """,
            {"uid": self.env.uid},
        )
        self.env.invalidate_all()
