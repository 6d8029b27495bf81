from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint_stage import DONE_PHASES, PHASES, RESOLVED_PHASES


class ComplaintFlowMixin(models.AbstractModel):
    """The steps of a case: which there are, which is the present one, and what follows
    from entering one.

    Mixins that come before this one in ``_inherit`` extend ``_on_phase_entered``.
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
    _journal_fields = ("stage_id",)

    flow_id = fields.Many2one(
        "complaint.flow",
        compute="_compute_flow_id",
        store=True,
        readonly=False,
        precompute=True,
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
        for flow, cases in self.grouped("flow_id").items():
            lost = cases.filtered(lambda c, flow=flow: c.stage_id not in flow.stage_ids)
            lost.stage_id = flow._first_stage() if flow else False

    @api.depends("phase")
    def _compute_is_open(self):
        for case in self:
            case.is_open = case.phase not in DONE_PHASES

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show every step of the process in the kanban view, empty ones too."""
        return stages.search([])

    # -- entering a step ---------------------------------------------------------
    def write(self, vals):
        before = {case.id: case.phase for case in self} if "stage_id" in vals else {}
        result = super().write(vals)
        for case in self.filtered(lambda c: before.get(c.id, c.phase) != c.phase):
            case._on_phase_entered(before[case.id])
        return result

    def _on_phase_entered(self, phase_before):
        """What follows from a new phase: dates and promises."""
        now = fields.Datetime.now()
        vals = {"date_last_stage_update": now}
        if self.phase in RESOLVED_PHASES:
            vals["resolved_at"] = self.resolved_at or now
            self._sla_stop("resolve", now)
            self._sla_stop("respond", now, self.env._("Answered by the resolution"))
        else:
            vals["resolved_at"] = False
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
