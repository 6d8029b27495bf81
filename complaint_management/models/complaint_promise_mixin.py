from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint_sla_policy import OPEN_STATES


class ComplaintPromiseMixin(models.AbstractModel):
    """What a case answers to the SLA engine, and what lets its clocks stand.

    Every kind of answer by a person counts the same, whichever way it goes out; what
    the customer writes starts the promise to keep them informed.
    """

    _name = "complaint.promise.mixin"
    _description = "Promises of a Case"
    _sla_key_fields = ("category_id", "priority", "segment_id", "company_id")
    _sla_key_sources = ("partner_id", "team_id")
    _guarded_fields = ("pause_reason_id", "paused_at")
    _journal_fields = ("pause_reason_id",)

    pause_reason_id = fields.Many2one(
        "complaint.sla.pause.reason", "Paused because", readonly=True, copy=False
    )
    paused_at = fields.Datetime("Paused since", readonly=True, copy=False)
    can_pause = fields.Boolean(compute="_compute_can_pause")

    @api.depends("stage_id")
    def _compute_can_pause(self):
        for case in self:
            case.can_pause = case.stage_id.can_pause

    # -- what the engine asks ----------------------------------------------------
    def _sla_kinds(self):
        return ("acknowledge", "respond", "resolve")

    def _sla_get_start(self):
        return self.received_at

    def _sla_get_key(self):
        return self.company_id, self.category_id, self.priority, self.segment_id

    def _sla_get_calendar(self, policy):
        return (
            policy.calendar_id
            or self.team_id.calendar_id
            or super()._sla_get_calendar(policy)
        )

    def _sla_get_alert_user(self):
        return self.user_id or self.team_id.leader_id

    def _sla_get_recipients(self, level):
        if level.recipient == "leader":
            return self.team_id.leader_id or self._sla_get_alert_user()
        return super()._sla_get_recipients(level)

    def _sla_set_owner(self, user):
        self.user_id = user

    def _sla_escalate(self, level, clocks):
        result = super()._sla_escalate(level, clocks)
        self._journal_log("escalated", note=level.name)
        return result

    # -- pauses ------------------------------------------------------------------
    def action_resume(self):
        """Let the clocks run again."""
        self.check_access("write")
        self._resume_promises(self.env._("Resumed by hand"))

    def _pause_promises(self, reason, note=None):
        """Let the clocks stand. The caller has checked the right to write.

        :raise UserError: not in a step in which promises may stand
        """
        for case in self:
            if not case.stage_id.can_pause:
                raise UserError(
                    self.env._(
                        "The promises of %(case)s can't stand in the step “%(stage)s”.",
                        case=case.display_name,
                        stage=case.stage_id.name,
                    )
                )
        self._set_pause(reason)
        self._sla_pause(reason, note=note)

    def _resume_promises(self, note=None):
        paused = self.filtered("pause_reason_id")
        paused._set_pause(self.env["complaint.sla.pause.reason"])
        paused._sla_resume(note=note)

    def _set_pause(self, reason):
        # sudo: guarded fields, the callers have checked the right
        self.sudo().write(
            {
                "pause_reason_id": reason.id,
                "paused_at": fields.Datetime.now() if reason else False,
            }
        )

    def _sla_pause_ended(self):
        """The longest pause is over: the clocks run again, the owner hears of it."""
        result = super()._sla_pause_ended()
        for case in self:
            reason = case.pause_reason_id
            others = case.sla_clock_ids.filtered(lambda c: c.state == "paused")
            if not others:
                case._set_pause(reason.browse())
            user = case._sla_get_alert_user() or self.env.user
            words = case.with_context(lang=user.lang).env._
            case.activity_schedule(
                "complaint_management.mail_activity_type_sla_breached",
                summary=words("The clock runs again: %s", reason.name or ""),
                user_id=user.id,
                automated=True,
            )
        return result

    def write(self, vals):
        """A step may let the promises stand as long as the case is in it."""
        if not vals.keys() & {"stage_id", "flow_id"}:
            return super().write(vals)
        before = {case.id: case.stage_id for case in self}
        result = super().write(vals)
        for case in self:
            if case.stage_id != before[case.id]:
                case._take_pause_of_stage()
        return result

    def _sla_start(self):
        result = super()._sla_start()
        for case in self.filtered("stage_id.pause_reason_id"):
            case._take_pause_of_stage()
        return result

    def _take_pause_of_stage(self):
        reason = self.stage_id.pause_reason_id
        if self.pause_reason_id and (reason or not self.stage_id.can_pause):
            self._resume_promises(self.env._("Next step"))
        if reason and self.is_open:
            self._set_pause(reason)
            self._sla_pause(reason)

    def _sla_get_pause(self):
        return self.pause_reason_id, self.paused_at

    def _sla_take_calendar(self):
        """Disciplines of an 8D count in the working hours of the team, too."""
        result = super()._sla_take_calendar()
        self.sudo().eightd_ids.step_ids._sla_take_calendar()
        return result

    # -- keeping the customer informed -------------------------------------------
    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self._is_message_of_customer(message):
            self._on_customer_wrote(message)
        return result

    def _is_message_of_customer(self, message):
        """Tell whether a message came from outside, by whatever way."""
        author = message.author_id
        return bool(
            message.message_type in ("comment", "email")
            and not message.is_internal
            and not message.subtype_id.internal
            and all(user.share for user in author.user_ids)
        )

    def _on_customer_wrote(self, message):
        """Their message ends the wait for it, and starts the promise to answer."""
        self.ensure_one()
        # sudo: follows from the message, which was allowed
        case_sudo = self.sudo()
        if case_sudo.pause_reason_id.ends_on_reply:
            case_sudo._resume_promises(self.env._("The customer wrote"))
        if case_sudo.is_open and case_sudo.responded_at:
            case_sudo._start_update_clock(fields.Datetime.now())

    def _start_update_clock(self, start):
        """Promise an answer to an unanswered message; a second one moves nothing."""
        policy = self.sla_policy_id
        waiting = self.sla_clock_ids.filtered(
            lambda c: c.kind == "update" and not c.stopped_at
        )
        if waiting or not policy or not policy._get_target("update"):
            return
        calendar = self._sla_get_calendar(policy)
        target = self._sla_prepare_target(policy, "update", calendar, start)
        self._sla_add_clocks([self._sla_prepare_clock("update", target)])

    def _on_answered(self, message):
        result = super()._on_answered(message)
        self._sla_stop("update", message.date)
        if self.pause_reason_id and not self._has_open_clocks():
            self._resume_promises()
        return result

    def _has_open_clocks(self):
        return bool(self.sla_clock_ids.filtered(lambda c: c.state in OPEN_STATES))
