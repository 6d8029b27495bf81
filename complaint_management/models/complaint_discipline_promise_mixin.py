from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.sla_fold import in_hours

KIND = "discipline"
PENDING_STATES = ("draft", "rejected")


class ComplaintDisciplinePromiseMixin(models.AbstractModel):
    """What a discipline of an 8D answers to the SLA engine.

    Its promise comes from the preset of the report, not from the matrix: who asked for
    the report (a standard, a customer) says by when each discipline is due. It is kept
    when the discipline is handed in, and counts on, with the time used, when it is sent
    back. The clocks of the case have nothing to do with it.
    """

    _name = "complaint.discipline.promise.mixin"
    _description = "Promise of a Discipline"

    date_due = fields.Datetime(
        "Due",
        compute="_compute_date_due",
        inverse="_inverse_date_due",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="Comes from the deadlines of the report. Another date that was agreed on "
        "with the customer may be entered as long as the discipline isn't handed in.",
    )

    @api.depends("sla_clock_ids.deadline", "sla_clock_ids.state")
    def _compute_date_due(self):
        for step in self:
            clocks = step.sla_clock_ids
            held = [clock for clock in clocks if clock.state != "cancelled"]
            if clocks:
                step.date_due = held[-1].deadline if held else False
            else:
                step.date_due = step.date_due

    def _inverse_date_due(self):
        """A date that people agreed on replaces the one of the preset."""
        now = fields.Datetime.now()
        note = self.env._("Agreed date")
        for step in self:
            due = step.date_due
            if step.state not in PENDING_STATES:
                raise UserError(
                    self.env._(
                        "%s is handed in: its date can't change any more.",
                        step.display_name,
                    )
                )
            if due and due <= step._sla_get_start():
                raise UserError(
                    self.env._(
                        "%s can't be due before the report was started.",
                        step.display_name,
                    )
                )
            # sudo: who may write the discipline may agree on its date
            clocks = step.sudo().sla_clock_ids.filtered(lambda c: not c.stopped_at)
            if not due:
                clocks._cancel(now, note)
            elif clocks:
                clocks._set_deadline(due, now, note)
            else:
                step._promise_until(due)

    def _promise_until(self, due):
        """Start a clock that ends at a date (naive UTC)."""
        # sudo: clocks are written by the engine only
        step, start = self.sudo(), self._sla_get_start()
        cell = ("clock_hours", in_hours(due - start))
        policy, calendar = (
            step.sla_policy_id,
            step._sla_get_calendar(step.sla_policy_id),
        )
        target = step._sla_count_target(policy, KIND, calendar, start, cell)
        step._sla_add_clocks([step._sla_prepare_clock(KIND, target)])

    @api.model
    def _promise_adopt(self):
        """Start the clocks of disciplines that have a date and none yet."""
        pending = self.search(
            [
                ("state", "in", PENDING_STATES),
                ("eightd_id.state", "=", "open"),
                ("date_due", "!=", False),
                ("sla_clock_ids", "=", False),
            ]
        )
        for step in pending:
            # The date of a discipline was never before the start of its report.
            step._promise_until(max(step.date_due, step._sla_get_start()))

    def _promise_handed_in(self):
        self._sla_stop(KIND)

    def _promise_sent_back(self):
        """The promise counts on. A report that is older than its clocks gets one for
        the date that it has."""
        self._sla_reopen(kinds=(KIND,))
        for step in self:
            if step.date_due and not step.sla_clock_ids:
                step._promise_until(step.date_due)

    # -- what the engine asks ----------------------------------------------------
    def _sla_start(self):
        """A discipline that was made with an agreed date has its clock already."""
        return super(
            ComplaintDisciplinePromiseMixin,
            self.filtered(lambda step: not step.sla_clock_ids),
        )._sla_start()

    def _sla_note_started(self, vals_list):
        result = super()._sla_note_started(vals_list)
        self.env.add_to_compute(self._fields["date_due"], self)
        return result

    def _compute_sla_policy_id(self):
        """The matrix has nothing to say about disciplines."""
        self.sla_policy_id = False

    def _sla_explain(self, policy):
        preset = self.eightd_id.preset_id
        if not self._sla_get_cell(policy, KIND)[1]:
            return self.env._("Agreed date")
        return self.env._(
            "8D deadlines “%s”, or a date agreed on since", preset.display_name
        )

    def _sla_kinds(self):
        return (KIND,)

    def _sla_get_start(self):
        return self.eightd_id.started_at

    def _sla_get_cell(self, policy, kind):
        line = self.eightd_id.preset_id._get_line(self.discipline)
        return (line.unit, line.target) if line else (False, 0)

    def _sla_get_calendar(self, policy):
        return self.case_id._sla_get_calendar(policy)

    def _sla_get_alert_user(self):
        return (
            self.owner_id
            or self.eightd_id.leader_id
            or self.case_id._sla_get_alert_user()
        )

    def _sla_get_recipients(self, level):
        if level.recipient == "leader":
            return self.case_id._sla_get_recipients(level)
        return super()._sla_get_recipients(level)

    def _sla_set_owner(self, user):
        self.owner_id = user

    # -- who hears of it ---------------------------------------------------------
    def _sla_escalate(self, level, clocks):
        result = super()._sla_escalate(level, clocks)
        self._journal_log("escalated", note=level.name)
        return result

    def _sla_plan_activities(self, level, kinds, people):
        """One activity for each report and user; it names the disciplines."""
        found = defaultdict(self.browse)
        for step in self:
            for user in people[step] or self.env.user:
                found[step.eightd_id, user] |= step
        vals_list = [
            {
                "res_id": report.id,
                "res_name": report.display_name,
                "user_id": user.id,
                "summary": steps._describe_level(level, user.lang),
            }
            for (report, user), steps in found.items()
        ]
        self.env["mail.activity"]._complaint_plan(
            self.eightd_id, self._sla_prepare_activity(), vals_list
        )

    def _describe_level(self, level, lang):
        steps = self.sorted("discipline").with_context(lang=lang)
        names = steps.mapped("display_name")
        return f"{level.with_context(lang=lang).name}: {', '.join(names)}"

    def _sla_prepare_mail_line(self, level, kinds):
        line = super()._sla_prepare_mail_line(level, kinds)
        return {**line, "what": self._describe_level(level, self.env.lang)}

    def _sla_get_shown(self):
        """Disciplines are worked on in their report."""
        return self.eightd_id
