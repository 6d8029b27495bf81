from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

COST_STATES = [
    ("draft", "Draft"),
    ("to_approve", "To approve"),
    ("approved", "Confirmed"),
    ("rejected", "Rejected"),
]
APPROVER_GROUP = "complaint_management.complaint_group_manager"
COST_ACTIVITY = "complaint_management.mail_activity_type_cost_approval"


class ComplaintCostApprovalMixin(models.AbstractModel):
    """Costs are confirmed by who enters them up to a limit of the company, above it by
    a manager who had no hand in them.

    The limit holds for a case as a whole: what was confirmed without approval adds up,
    so that a large cost isn't made small by cutting it into pieces.
    """

    _name = "complaint.cost.approval.mixin"
    _description = "Approval of Costs"
    _inherit = ["complaint.decision.mixin"]
    _waiting_state = "to_approve"
    _decision_note_field = "decision_note"
    _reject_form = "complaint.cost.reject"
    _guarded_fields = (
        "state",
        "is_within_limit",
        "submitted_by_id",
        "submitted_at",
        "decided_by_id",
        "decided_at",
        "decision_note",
        "activity_ids",
    )
    _hold_free_fields = ("state", "activity_ids")
    _hold_once_fields = (
        "is_within_limit",
        "submitted_by_id",
        "submitted_at",
        "decided_by_id",
        "decided_at",
        "decision_note",
    )

    state = fields.Selection(
        COST_STATES,
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        help="Draft: may change. To approve: above the limit, a manager decides. "
        "Confirmed: counts and doesn't change any more. Plans stay drafts.",
    )
    is_within_limit = fields.Boolean(
        "Within the limit",
        readonly=True,
        copy=False,
        help="Confirmed without a second person, because the case stayed below the "
        "company's limit.",
    )
    submitted_by_id = fields.Many2one(
        "res.users", "Confirmed by", readonly=True, copy=False
    )
    submitted_at = fields.Datetime("Confirmed on", readonly=True, copy=False)
    decision_note = fields.Text("Reason", readonly=True, copy=False)
    activity_ids = fields.Many2many(
        "mail.activity", string="Who was asked", readonly=True, copy=False
    )
    can_decide = fields.Boolean(compute="_compute_can_decide")

    # -- confirming ----------------------------------------------------------------
    def action_submit(self):
        """Confirm: up to the limit it counts at once, above it a manager is asked."""
        self.case_id._check_may_work()
        lines = self.filtered(
            lambda line: line.kind != "planned" and line.state == "draft"
        )
        if not lines:
            raise UserError(self.env._("There is no cost to confirm."))
        lines._submit()

    def _submit(self):
        """Confirm drafts (the right was checked); return self."""
        self._wait_for_other_costs()
        within = self._filter_within_limit()
        within._store_submitted(state="approved", is_within_limit=True)
        within._journal_cost("cost_confirmed")
        above = self - within
        for lines in above.grouped("case_id").values():
            lines._ask_approval()
        above._store_submitted(
            state="to_approve",
            is_within_limit=False,
            decided_by_id=False,
            decided_at=False,
            decision_note=False,
        )
        above._journal_cost("cost_approval_asked")
        return self

    def _wait_for_other_costs(self):
        """Who confirms costs of the same case at the same moment waits here until the
        first one is done: each alone may stay below the limit, both together don't.

        Every confirmation moves the end of the journal of its case, so PostgreSQL tells
        the one who waited that it changed; Odoo repeats the request, which then counts
        what the first one confirmed.
        """
        cases = self.case_id
        self.env["complaint.journal.head"]._lock(cases._name, cases.ids)

    def _store_submitted(self, **vals):
        # sudo: guarded; the right to confirm was checked by the caller
        self.sudo().write(
            {
                **vals,
                "submitted_by_id": self.env.uid,
                "submitted_at": fields.Datetime.now(),
            }
        )

    def _filter_within_limit(self):
        """Return those that need nobody's approval: the smallest first, as long as
        what was confirmed so on their case stays below the limit. Taking back is as
        free as the cost was."""
        spent = self._read_spent_within_limit()
        within = self.browse()
        for line in self.sorted("company_value"):
            if line.reversed_line_id:
                if line.reversed_line_id.is_within_limit:
                    within |= line
                continue
            key = line.case_id, line.kind
            total = spent.get(key, 0.0) + line.company_value
            if not line._is_above_limit(total):
                spent[key] = total
                within |= line
        return within

    def _read_spent_within_limit(self):
        """Return {(case, kind): value confirmed without approval} with one query."""
        # sudo: all lines of the case count; the user may work on it
        return {
            (case.with_env(self.env), kind): total
            for case, kind, total in self.sudo()._read_group(
                [("case_id", "in", self.case_id.ids), ("is_within_limit", "=", True)],
                ["case_id", "kind"],
                ["company_value:sum"],
            )
        }

    def _is_above_limit(self, total):
        """Hook: tell whether ``total``, in the company's currency, needs approval."""
        self.ensure_one()
        # sudo: the limit is a rule that every user of the case must obey
        company = self.sudo().company_id
        return (
            company.currency_id.compare_amounts(total, company.complaint_cost_limit) > 0
        )

    # -- asking ----------------------------------------------------------------------
    def _ask_approval(self):
        """Ask the managers for lines of one case, each of them once."""
        case = self.case_id
        people = self._get_approvers()
        if not people:
            raise UserError(
                self.env._(
                    "%(case)s costs more than the limit of your company, and there is "
                    "no other manager who may see it and could approve that.",
                    case=case.display_name,
                )
            )
        summary = self.env._(
            "Approve costs: %s", ", ".join(self.mapped("display_name"))
        )
        activities = self.env["mail.activity"]
        for user in people:
            activities |= case.activity_schedule(
                COST_ACTIVITY, user_id=user.id, summary=summary
            )
        # sudo: guarded; follows from the confirmation, which was checked
        self.sudo().activity_ids = [Command.set(activities.ids)]

    def _get_approvers(self):
        """Hook: return the managers who are asked: of the team, else of the company,
        who may read the case, aren't whom it is about and had no hand in the lines."""
        case = self.case_id
        # sudo: whoever asks need not see who has which role
        group = self.env.ref(APPROVER_GROUP).sudo()
        people = group._get_complaint_people(case.company_id)
        people = case._filter_impartial(people - self._get_hands() - self.env.user)
        # Rules are personal: each one is asked for by itself. Roles have few people.
        users = people.filtered(
            lambda user: case.with_user(user)._filtered_access("read")
        )
        return (users & case.team_id.member_ids) or users

    def _get_hands(self):
        """Return who had a hand in the lines: they don't approve them."""
        # sudo: who had a hand in them decides, whoever may read that
        lines = self.sudo()
        return lines.entered_by_id | lines.submitted_by_id | lines.create_uid

    # -- deciding --------------------------------------------------------------------
    @api.depends("state", "entered_by_id", "submitted_by_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for line in self:
            line.can_decide = line.state == "to_approve" and line._may_decide()

    def _may_decide(self):
        """Hook: tell whether the user may decide on this line."""
        self.ensure_one()
        user = self.env.user
        return (
            user.has_group(APPROVER_GROUP)
            and user not in self._get_hands()
            and bool(self.case_id._filter_impartial(user))
        )

    def _get_not_waiting_message(self):
        return self.env._("“%s” doesn't wait for approval.", self.display_name)

    def _get_not_decider_message(self):
        return self.env._(
            "“%s” is decided by a manager who neither entered nor confirmed it.",
            self.display_name,
        )

    def _get_reject_context(self):
        return {"default_line_ids": self.ids}

    def _on_decided(self, state, note):
        self._end_activities()
        self._journal_cost(f"cost_{state}", note)
        self._tell_submitters(note)

    def action_draft(self):
        """Take a line that waits or was refused back, to correct it."""
        self.case_id._check_may_work()
        for line in self:
            if line.state not in ("to_approve", "rejected") or line.reversed_line_id:
                raise UserError(
                    self.env._("“%s” can't be changed any more.", line.display_name)
                )
        # sudo: guarded; the right to work on the case was checked just before
        self.sudo().state = "draft"
        self._end_activities()
        self._journal_cost("cost_withdrawn")

    def _end_activities(self):
        """Nobody needs to look any more, once nothing of what they were asked waits."""
        # sudo: activities of other people
        activities = self.sudo().activity_ids
        waiting = self.sudo().search(
            [("activity_ids", "in", activities.ids), ("state", "=", "to_approve")]
        )
        (activities - waiting.activity_ids).unlink()

    def _tell_submitters(self, note):
        """Who confirmed reads what was decided."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for (case, user), lines in self.grouped(
            lambda line: (line.case_id, line.submitted_by_id)
        ).items():
            names = ", ".join(lines.mapped("display_name"))
            case.message_post(
                # Given here, because a mail would write it onto the message later,
                # which a legal hold refuses.
                subject=case.name,
                body=f"{names}: {labels[lines[0].state]}. {note or ''}".strip(),
                # sudo: the contact of a colleague, only to address them
                partner_ids=user.sudo().partner_id.ids,
            )

    def _journal_cost(self, event, note=None):
        """One entry a case, which names each cost."""
        for case, lines in self.grouped("case_id").items():
            names = ", ".join(lines.mapped("display_name"))
            case._journal_log(event, note=": ".join(filter(None, (names, note))))
