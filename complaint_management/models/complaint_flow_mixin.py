from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .complaint_stage import DONE_PHASES, PHASES, RESOLVED_PHASES

# Only code that imports this object re-opens a case: a context key from outside can't
# be this very object.
REOPEN_SENTINEL = object()
# Until the end of these everybody who works on a case may choose its flow.
FLOW_CHOICE_PHASES = ("received", "triage")


class ComplaintFlowMixin(models.AbstractModel):
    """The steps of a case: which there are, which is the present one, and what follows
    from entering one.

    Mixins that come before this one in ``_inherit`` extend ``_on_phase_entered``. A
    case that has ended is left only by :meth:`_reopen`, which asks for a reason.
    """

    _name = "complaint.flow.mixin"
    _description = "Steps of a Case"
    _guarded_fields = (
        "resolved_at",
        "closed_at",
        "date_last_stage_update",
        # derived: a stored value could be overwritten without its source
        "phase",
        "is_open",
    )
    _journal_fields = ("stage_id", "flow_id", "active")

    flow_id = fields.Many2one(
        "complaint.flow",
        compute="_compute_flow_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        ondelete="restrict",
        check_company=True,
    )
    allowed_stage_ids = fields.Many2many(related="flow_id.stage_ids")
    stage_id = fields.Many2one(
        "complaint.stage",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        copy=False,
        group_expand="_read_group_stage_ids",
        domain="[('id', 'in', allowed_stage_ids)]",
    )
    phase = fields.Selection(
        related="stage_id.phase", store=True, precompute=True, index=True
    )
    is_open = fields.Boolean(
        "Open",
        compute="_compute_is_open",
        store=True,
        precompute=True,
        help="Neither closed nor cancelled.",
    )
    resolved_at = fields.Datetime("Resolved at", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed at", readonly=True, copy=False)
    date_last_stage_update = fields.Datetime(
        "Last step", readonly=True, copy=False, default=fields.Datetime.now
    )

    @api.depends("team_id")
    def _compute_flow_id(self):
        for case in self:
            case.flow_id = case.flow_id or case.team_id.flow_id
        lost = self.filtered(lambda case: not case.flow_id)
        if lost:
            lost.flow_id = self.env["complaint.flow"].search([], limit=1)

    @api.depends("flow_id")
    def _compute_stage_id(self):
        for (flow, stage), cases in self.grouped(
            lambda case: (case.flow_id, case.stage_id)
        ).items():
            if stage not in flow.stage_ids:
                cases.stage_id = flow and (
                    flow._get_stage_like(stage) if stage else flow._first_stage()
                )

    @api.depends("phase")
    def _compute_is_open(self):
        for case in self:
            case.is_open = case.phase not in DONE_PHASES

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show every step of the process in the kanban view, empty ones too."""
        return stages.search([])

    # -- what may not be ---------------------------------------------------------
    @api.constrains("stage_id", "flow_id")
    def _check_stage_of_flow(self):
        for (flow, stage), cases in self.grouped(
            lambda case: (case.flow_id, case.stage_id)
        ).items():
            if stage not in flow.stage_ids and (
                stage not in flow.with_context(active_test=False).stage_ids
            ):
                raise ValidationError(
                    self.env._(
                        "“%(stage)s” is no step of the flow “%(flow)s” of %(case)s.",
                        stage=stage.name,
                        flow=flow.name,
                        case=cases[0].name,
                    )
                )

    @api.constrains("active")
    def _check_archived_is_done(self):
        for case in self:
            if not case.active and case.is_open:
                raise ValidationError(
                    self.env._(
                        "%s is open: an open complaint can't be put out of sight. "
                        "Close or cancel it first.",
                        case.name,
                    )
                )

    def _check_flow_change(self, flow_id):
        """Refuse another flow where it would change what was asked of a case."""
        changed = self.filtered(lambda case: case.flow_id.id != flow_id)
        for case in changed - changed.filtered("is_open"):
            raise UserError(
                self.env._(
                    "%s has ended with its flow. Re-open it to give it another one.",
                    case.name,
                )
            )
        late = changed.filtered(lambda case: case.phase not in FLOW_CHOICE_PHASES)
        is_manager = self.env.user.has_group(
            "complaint_management.complaint_group_manager"
        )
        if late and not (self.env.su or is_manager):
            raise AccessError(
                self.env._(
                    "%s is past triage. From there only a manager gives it another "
                    "flow.",
                    late[:1].name,
                )
            )

    def _check_left_by_reopening(self, phases_before):
        """Refuse to leave the end, or monitoring, in passing."""
        # A context that comes by RPC holds no such object.
        if self.env.context.get("complaint_reopen") is REOPEN_SENTINEL:
            return
        for case in self:
            if case._is_reopened_from(phases_before[case.id]):
                raise UserError(
                    self.env._(
                        "%s was brought to an end. Use the button Re-open and say why.",
                        case.name,
                    )
                )

    def _is_reopened_from(self, phase_before):
        """Tell whether a case that was at its end now is not."""
        if phase_before == "monitoring":
            return self.phase not in (*RESOLVED_PHASES, "cancelled")
        return phase_before in DONE_PHASES and self.phase != phase_before

    # -- entering a step ---------------------------------------------------------
    def write(self, vals):
        if not vals.keys() & {"stage_id", "flow_id"}:
            return super().write(vals)
        if "flow_id" in vals:
            self._check_flow_change(vals["flow_id"])
        before = {case.id: (case.phase, case.stage_id) for case in self}
        result = super().write(vals)
        moved = self.filtered(lambda case: case.phase != before[case.id][0])
        moved._check_left_by_reopening({id_: old[0] for id_, old in before.items()})
        if "stage_id" not in vals:
            self._journal_moved_by_flow(before)
        for case in moved:
            case._on_phase_entered(before[case.id][0])
        return result

    def _journal_moved_by_flow(self, before):
        """The new flow has brought cases to another step."""
        old = {case.id: {"stage_id": before[case.id][1].id} for case in self}
        new = {case.id: {"stage_id": case.stage_id.id} for case in self}
        moved = self.filtered(lambda case: old[case.id] != new[case.id])
        moved._journal_log("changed", before=old, after=new)

    def _enter_late_birth(self):
        """Cases that were created in a later step (the gates let them) have its dates
        and have kept its promises too."""
        for case in self:
            if case.phase != "received":
                case._on_phase_entered("received")

    def _reopen(self, reason):
        """Take up again what was brought to an end, with a reason."""
        self._check_may_work()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why it is opened again."))
        for case in self:
            if case.is_open and case.phase != "monitoring":
                raise UserError(
                    self.env._("%s is open; it needn't be re-opened.", case.name)
                )
            case._journal_log("reopened", note=reason)
            reopened = case.with_context(complaint_reopen=REOPEN_SENTINEL)
            reopened.stage_id = case._get_reopen_stage()
            case.message_post(body=self.env._("Re-opened: %s", reason))

    def _get_reopen_stage(self):
        """Hook: return where work on a re-opened case begins again."""
        stages = self.flow_id.stage_ids.sorted("sequence")
        wanted = (
            ["triage"] if self.phase == "cancelled" else ["investigation", "triage"]
        )
        for phase in wanted:
            if found := stages.filtered(lambda s, phase=phase: s.phase == phase):
                return found[0]
        return self.flow_id._first_stage()

    def _on_phase_entered(self, phase_before):
        """What follows from a new phase: dates and promises."""
        now = fields.Datetime.now()
        vals = {"date_last_stage_update": now}
        if self.phase in RESOLVED_PHASES:
            vals["resolved_at"] = self.resolved_at or now
            self._sla_stop("resolve", now)
            for kind in ("acknowledge", "respond"):
                self._sla_stop(kind, now, self.env._("Answered by the resolution"))
        else:
            vals["resolved_at"] = False
        if self._is_reopened_from(phase_before):
            self._sla_reopen(now)
        if self.phase == "cancelled":
            self._sla_cancel(self.env._("Case cancelled"))
        vals["closed_at"] = now if self.phase in DONE_PHASES else False
        # sudo: these dates follow from the step, which the user had the right to take
        self.sudo().write(vals)

    def _get_customer_timeline(self):
        """Return [(stage, reached, current)] of the steps that the customer sees."""
        self.ensure_one()
        # A cancelled case went through none of the later steps.
        hidden = (
            {phase for phase, __ in PHASES} - {"received", "cancelled"}
            if self.phase == "cancelled"
            else {"cancelled"}
        )
        stages = self.flow_id.stage_ids.sorted("sequence").filtered(
            lambda s: s.is_customer_visible and s.phase not in hidden
        )
        return [
            (stage, stage.sequence <= self.stage_id.sequence, stage == self.stage_id)
            for stage in stages
        ]

    def action_next_stage(self):
        """Go to the next step of the flow; gates decide whether it may."""
        for case in self:
            stages = case.flow_id.stage_ids.sorted("sequence")
            later = stages.filtered(
                lambda s, case=case: (
                    s.sequence > case.stage_id.sequence and s.phase != "cancelled"
                )
            )
            if not later:
                raise UserError(
                    self.env._("%s is at the last step already.", case.display_name)
                )
            case.stage_id = later[0]
