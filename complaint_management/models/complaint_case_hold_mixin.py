from odoo import api, fields, models

from ..tools import hold_sql
from .complaint_flow_mixin import REOPEN_SENTINEL
from .complaint_gate_mixin import PHASE_ORDER
from .complaint_hold_release_mixin import LEGAL_GROUP
from .complaint_moment import format_day

# What decides which holds a case fits.
MATCHED_FIELDS = {"partner_id", "product_id", "lot", "received_at", "company_id"}


class ComplaintCaseHoldMixin(models.AbstractModel):
    """The case itself under a legal hold: marked, kept, and worked on.

    Work goes on: owner, team, priority, promises, the answer, steps forward, closing
    and, with a reason, re-opening. A step back and calling off would undo something.
    """

    _name = "complaint.case.hold.mixin"
    _description = "Case under Legal Hold"
    _inherit = ["complaint.hold.mixin"]
    _hold_cases_sql = "SELECT rec.id"
    _guarded_fields = ("is_on_hold",)
    _hold_free_fields = (
        "user_id",
        "team_id",
        "assigned_at",
        "stage_id",
        "priority",
        "segment_id",
        "color",
        "confidential_user_ids",
        "legal_note",
        "legal_score",
        # what the steps, the answer and the promises bring with them
        "resolved_at",
        "closed_at",
        "date_last_stage_update",
        "reopen_count",
        "monitoring_until",
        "decision_sent_at",
        "decision_told_way",
        "customer_verdict",
        "verdict_at",
        "verdict_words",
        "verdict_source",
        "notice_state",
        "notice_template_id",
        "notice_sent_at",
        "notice_stage_ids",
        "notice_mute_reason",
        "acknowledged_way",
        "assessed_by_id",
        "assessed_at",
        "validity_proposed_by_id",
        "validity_proposed_at",
        "pause_reason_id",
        "paused_at",
        "tracking_nonce",
    )
    _hold_once_fields = (
        "acknowledged_at",
        "responded_at",
        "is_legal_risk",
        "is_confidential",
        "category_id",
        "error_type_id",
        "validity",
        "validity_reason",
        "assess_severity",
        "assess_safety",
        "assess_complexity",
        "assess_impact",
        "assess_urgency",
        "decision",
        "lesson",
        "root_cause",
        "nonconformity_ids",
        "repeat_of_id",
        "recurrence_of_id",
        "external_body",
        "external_reference",
        "external_filed_on",
        "external_outcome",
        "external_closed_on",
    )

    # Stored: the triggers, lists and searches ask for it all the time. Written by the
    # hold only, past the ORM.
    is_on_hold = fields.Boolean("On legal hold", readonly=True, copy=False)
    hold_line_ids = fields.One2many(
        "complaint.legal.hold.case",
        "case_id",
        "Legal holds",
        readonly=True,
        copy=False,
        groups=f"{LEGAL_GROUP},complaint_management.complaint_group_manager,"
        "complaint_management.complaint_group_auditor",
    )
    hold_notice = fields.Char(
        "Legal holds on it", compute="_compute_hold_notice", compute_sudo=True
    )
    hold_people = fields.Char(
        "Who to ask", compute="_compute_hold_notice", compute_sudo=True
    )

    _held_idx = models.Index("(id) WHERE is_on_hold")
    _held_partner_idx = models.Index("(partner_id) WHERE is_on_hold")

    @api.depends("is_on_hold", "hold_line_ids.freed_at")
    def _compute_hold_notice(self):
        """Whoever sees the case sees the matter, and since when."""
        for case in self:
            lines = case.hold_line_ids.filtered(lambda line: not line.freed_at)
            case.hold_people = ", ".join(lines.hold_id.placed_by_id.mapped("name"))
            case.hold_notice = "; ".join(
                self.env._(
                    "%(matter)s, since %(date)s",
                    matter=line.hold_id.name,
                    date=format_day(self.env, line.held_at),
                )
                for line in lines
            )

    def init(self):
        result = super().init()
        if not self._abstract:
            self._create_hold_mark_trigger()
        return result

    @api.model
    def _create_hold_mark_trigger(self):
        hold_sql.create_plain_trigger(
            self.env.cr,
            self._table,
            "complaint_hold_mark",
            "UPDATE OF is_on_hold",
            "complaint_hold_mark_guard",
        )

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        self.env["complaint.legal.hold"]._catch(cases)
        return cases

    def write(self, vals):
        if "stage_id" in vals:
            self._check_hold_step(vals["stage_id"])
        result = super().write(vals)
        if MATCHED_FIELDS & vals.keys():
            self.env["complaint.legal.hold"]._catch(self)
        return result

    def _check_hold_step(self, stage_id):
        """A held case goes on to later steps; it goes back by re-opening only, and
        nobody calls it off."""
        # A context that comes by RPC holds no such object.
        if self.env.context.get("complaint_reopen") is REOPEN_SENTINEL:
            return
        held = self._get_held_cases()
        # sudo: only the phase of the step is read
        phase = self.env["complaint.stage"].sudo().browse(stage_id).phase
        for case in self if held else ():
            before = PHASE_ORDER.index(case.sudo().phase)
            if case.id in held and (
                phase == "cancelled" or not phase or PHASE_ORDER.index(phase) < before
            ):
                case._raise_held(held[case.id])
