from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

ASSIGN_BATCH = 200


class ComplaintAssignmentMixin(models.AbstractModel):
    """Who gets a new case, and who is told.

    A case without an owner gets one from its team, see
    ``complaint.team.assignment.mixin``.
    """

    _name = "complaint.assignment.mixin"
    _description = "Assignment"
    _guarded_fields = ("assigned_at",)

    assigned_at = fields.Datetime(
        "Assigned on",
        readonly=True,
        copy=False,
        help="When the present owner got the case.",
    )

    _owner_work_idx = models.Index("(user_id, priority) WHERE is_open AND active")
    _owner_last_idx = models.Index("(user_id, assigned_at) WHERE user_id IS NOT NULL")

    # -- new cases -----------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        self._assign_new(vals_list)
        for vals in vals_list:
            if vals.get("user_id"):
                vals["assigned_at"] = fields.Datetime.now()
        if len(vals_list) == 1:
            return super().create(vals_list)
        # Followers and messages one by one would cost 20 queries a case.
        quiet = self.with_context(complaint_owners_told_together=True)
        cases = super(ComplaintAssignmentMixin, quiet).create(vals_list)
        cases = cases.with_env(self.env)
        cases._tell_owners()
        return cases

    @api.model
    def _assign_new(self, vals_list):
        """Give an owner to values without one, where the team does that by itself."""
        by_team = {}
        for vals in vals_list:
            if vals.get("team_id") and not vals.get("user_id"):
                by_team.setdefault(vals["team_id"], []).append(vals)
        # sudo: how a team assigns holds for everybody who takes a case in
        teams = self.env["complaint.team"].sudo().browse(by_team)
        teams = teams.filtered(lambda team: team.assignment_method != "manual")
        if not teams:
            return
        if not teams._lock_assignment():
            self.env["ir.cron"]._wake_complaint_job("assign")
            return
        for team in teams:
            waiting = by_team[team.id]
            drafts = self.sudo().browse().concat(*(self.sudo().new(v) for v in waiting))
            owners = team._pick_owners(drafts)
            for draft, vals in zip(drafts, waiting, strict=True):
                if draft in owners:
                    vals["user_id"] = owners[draft].id

    def write(self, vals):
        if vals.get("user_id"):
            vals = {**vals, "assigned_at": fields.Datetime.now()}
        return super().write(vals)

    # -- telling -------------------------------------------------------------------
    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        if self.env.context.get("complaint_owners_told_together"):
            return []
        return super()._message_auto_subscribe_followers(
            updated_values, default_subtype_ids
        )

    def _tell_owners(self):
        """Let owners follow their new cases and tell each of them once."""
        for owner, cases in self.filtered("user_id").grouped("user_id").items():
            # sudo: the owner follows the case, whoever assigned it
            self.env["mail.followers"].sudo()._insert_followers(
                self._name, cases.ids, owner.partner_id.ids
            )
            if owner != self.env.user and owner.active:
                cases._tell_owner(owner)

    def _tell_owner(self, owner):
        """Send one message about all of these cases to their owner."""
        translate = self.with_context(lang=owner.lang).env._
        links = Markup("").join(
            Markup('<li><a href="/odoo/complaints/%s">%s</a></li>')
            % (case.id, case.sudo().name)
            for case in self[:50]
        )
        self.env["mail.thread"].message_notify(
            partner_ids=owner.partner_id.ids,
            subject=translate("%s complaints have been assigned to you", len(self)),
            body=Markup("<p>%s</p><ul>%s</ul>")
            % (translate("You are now the owner of these complaints:"), links),
        )

    # -- later ---------------------------------------------------------------------
    def _assign(self, owners):
        """Store owners and tell them, with one write for each of them.

        :param dict owners: {case: user}
        """
        quiet = self.with_context(complaint_owners_told_together=True)
        by_owner = {}
        for case, owner in owners.items():
            by_owner.setdefault(owner, []).append(case.id)
        for owner, ids in by_owner.items():
            quiet.browse(ids).write({"user_id": owner.id})
        self.browse([i for ids in by_owner.values() for i in ids])._tell_owners()

    def _find_owners(self, candidates=None):
        """Return {case: user} by load or by the rules of the teams."""
        owners = {}
        for team, cases in self.grouped("team_id").items():
            if not team:
                raise UserError(
                    self.env._("Choose a team first: %s", cases[0].display_name)
                )
            method = team.assignment_method
            method = "least_loaded" if method == "manual" else method
            owners |= team._pick_owners(cases, candidates, method)
        return {self.browse(case.id): owner for case, owner in owners.items()}

    @api.model
    def _get_unassigned_domain(self):
        """Return the cases that wait for the scheduled action."""
        return [
            ("user_id", "=", False),
            ("is_open", "=", True),
            ("team_id.assignment_method", "!=", "manual"),
        ]

    @api.model
    def _cron_assign(self):
        """Give an owner to cases that have none yet."""
        domain = self._get_unassigned_domain()
        if not self.search_count(domain, limit=1):
            return
        if not self.env["complaint.team"]._lock_assignment():
            soon = fields.Datetime.add(fields.Datetime.now(), minutes=1)
            self.env["ir.cron"]._wake_complaint_job("assign", soon)
            return
        last_id = 0
        while cases := self.search(
            [*domain, ("id", ">", last_id)], limit=ASSIGN_BATCH, order="id"
        ):
            last_id = cases[-1].id
            locked = cases.try_lock_for_update().filtered(lambda c: not c.user_id)
            locked._assign(locked._find_owners())
            rest = self.search_count([*domain, ("id", ">", last_id)], limit=1000)
            self.env["ir.cron"]._commit_progress(len(cases), remaining=rest)
            if not rest or not self.env["complaint.team"]._lock_assignment():
                break
