from dataclasses import dataclass
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL

# How much work an open case of a priority counts for.
CASE_WEIGHTS = {"0": 1, "1": 2, "2": 3, "3": 5}
# Any number, the same for all who assign.
LOCK_KEY = 0x636D7061


@dataclass
class Load:
    """What somebody has to do, and how long ago they got their last case."""

    weight: int = 0
    last_at: datetime = datetime.min
    last_case: int = 0

    def get_key(self, user):
        return self.weight, self.last_at, self.last_case, user.id


class ComplaintTeamAssignmentMixin(models.AbstractModel):
    """Who of a team gets a case.

    Only members with an active login get cases, never one whom the case is about.
    Whoever is on leave gets none; when the working hours of all others are closed
    (a public holiday), those who come back next get them. When nobody is left, the
    case waits without an owner until the scheduled action finds one.
    """

    _name = "complaint.team.assignment.mixin"
    _description = "Assignment in a Team"

    assignment_method = fields.Selection(
        [
            ("manual", "By hand"),
            ("least_loaded", "To the one who has the least to do"),
            ("rule", "By rules, else to the one who has the least to do"),
        ],
        "New cases are assigned",
        required=True,
        default="manual",
        help="Open cases count by priority: low 1, medium 2, high 3, critical 5. "
        "Members on leave and those whom a complaint is about are passed over.",
    )
    assignment_rule_ids = fields.One2many(
        "complaint.assignment.rule", "team_id", "Assignment rules"
    )
    absent_user_ids = fields.Many2many(
        "res.users", string="On leave now", compute="_compute_absent_user_ids"
    )

    def init(self):
        """The last transaction that assigned; see :meth:`_lock_assignment`."""
        self.env.cr.execute("CREATE SEQUENCE IF NOT EXISTS complaint_assignment_seq")
        return super().init()

    def _compute_absent_user_ids(self):
        absent, __ = self._find_absent(self.member_ids)
        for team in self:
            team.absent_user_ids = team.member_ids & absent

    # -- picking -------------------------------------------------------------------
    def _pick_owners(self, cases, candidates=None, method=None):
        """Return {case: user} for cases of this team, in the order of the cases.

        Makes the same few queries for one case and for a thousand. A case for which
        nobody is left isn't in the answer. The caller holds the lock where it
        matters that nobody else assigns at the same moment.

        :param cases: records, also ones that aren't stored yet
        :param candidates: users to choose from, default the members
        :param str method: default the method of the team
        """
        self.ensure_one()
        method = method or self.assignment_method
        # sudo: loads and leaves of colleagues decide, whoever takes the case in
        team, cases = self.sudo(), cases.sudo()
        users = team._filter_candidates(
            team.member_ids if candidates is None else candidates.sudo()
        )
        users = team._filter_present(users)
        loads = team._get_loads(users)
        rules = team.assignment_rule_ids.sorted() if method == "rule" else ()
        owners = {}
        for number, case in enumerate(cases):
            allowed = case._filter_impartial(users)
            owner = team._pick_by_rule(rules, case, allowed) or min(
                allowed, key=lambda user: loads[user].get_key(user), default=None
            )
            if owner:
                owners[case] = owner
                load = loads[owner]
                load.weight += CASE_WEIGHTS[case.priority]
                load.last_at, load.last_case = datetime.max, number
        return owners

    @api.model
    def _pick_by_rule(self, rules, case, users):
        for rule in rules:
            if rule.user_id in users and rule._fits(case):
                return rule.user_id
        return None

    def _filter_candidates(self, users):
        """Hook: return those who can get a case of this team at all."""
        return users.filtered(
            lambda user: (
                user.active
                and not user.share
                and self.company_id in user.company_ids
                and user.has_group("complaint_management.complaint_group_handler")
            )
        )

    def _filter_present(self, users):
        """Return who isn't on leave; on a public holiday of all of them, those who
        aren't away themselves."""
        away, closed = self._find_absent(users)
        return users - away - closed or users - away

    @api.model
    def _find_absent(self, users):
        """Return (users who are on leave now, users whose working hours have a common
        leave now)."""
        nobody = self.env["res.users"]
        if not users:
            return nobody, nobody
        now = fields.Datetime.now()
        # sudo: only that somebody is away is used, not why
        resources = self.env["resource.resource"].sudo()
        resources = resources.search([("user_id", "in", users.ids)])
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("date_from", "<=", now),
                    ("date_to", ">", now),
                    "|",
                    ("resource_id", "in", resources.ids),
                    "&",
                    ("resource_id", "=", False),
                    ("calendar_id", "in", resources.calendar_id.ids),
                ]
            )
        )
        away = leaves.resource_id.user_id
        calendars = leaves.filtered(lambda leave: not leave.resource_id).calendar_id
        closed = resources.filtered(lambda r: r.calendar_id in calendars).user_id
        return away.with_env(users.env), closed.with_env(users.env)

    @api.model
    def _get_loads(self, users):
        """Return {user: Load}: open cases by weight, the last case of any state."""
        loads = {user: Load() for user in users}
        if not users:
            return loads
        self.env["complaint.case"].flush_model(
            ["user_id", "priority", "is_open", "active", "assigned_at"]
        )
        for user_id, priority, count, last_at, last_case in self.env.execute_query(
            self._get_load_query(users)
        ):
            load = loads[self.env["res.users"].browse(user_id)]
            load.weight += CASE_WEIGHTS.get(priority, 0) * count
            load.last_at = last_at or datetime.min
            load.last_case = last_case or 0
        return loads

    @api.model
    def _get_load_query(self, users):
        """Both parts run on an index of their own, whatever the number of cases."""
        return SQL(
            """
            SELECT member.id, work.priority, COALESCE(work.count, 0),
                   last.assigned_at, last.id
              FROM unnest(%s) AS member(id)
         LEFT JOIN LATERAL (
                   SELECT priority, count(*) AS count
                     FROM complaint_case
                    WHERE user_id = member.id AND is_open AND active
                 GROUP BY priority
                   ) work ON TRUE
         LEFT JOIN LATERAL (
                   SELECT assigned_at, id
                     FROM complaint_case
                    WHERE user_id = member.id AND assigned_at IS NOT NULL
                 ORDER BY assigned_at DESC, id DESC
                    LIMIT 1
                   ) last ON TRUE
            """,
            users.ids,
        )

    # -- one at a time ---------------------------------------------------------------
    @api.model
    def _lock_assignment(self):
        """Tell whether this transaction may assign now, and see all who did before.

        Two transactions that assign at the same moment would both find the same
        person idle. So there is one lock for all, held to the end of the
        transaction; who doesn't get it at once doesn't wait. And who gets it must
        see what the last one before stored: a transaction sees only what was there
        at its start. The number of the last transaction that assigned stands in a
        sequence, which is seen at once by all; when that one isn't visible to us,
        our picture is old. In both cases the scheduled action assigns in a moment.
        """
        cr = self.env.cr
        cr.execute("SELECT pg_try_advisory_xact_lock(%s)", (LOCK_KEY,))
        if not cr.fetchone()[0]:
            return False
        cr.execute(
            """
            SELECT pg_current_xact_id()::text::bigint,
                   last_value = pg_current_xact_id()::text::bigint
                   OR pg_visible_in_snapshot(
                       last_value::text::xid8, pg_current_snapshot())
              FROM complaint_assignment_seq
            """
        )
        own, is_fresh = cr.fetchone()
        if is_fresh:
            cr.execute("SELECT setval('complaint_assignment_seq', %s)", (own,))
        return is_fresh
