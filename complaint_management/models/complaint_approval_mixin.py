from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .complaint_gate_mixin import PHASE_ORDER

APPROVAL_ACTIVITY = "complaint_management.mail_activity_type_approval"
STANDING = ("asked", "approved")


class ComplaintApprovalMixin(models.AbstractModel):
    """Approvals of a case by somebody of another role: asked for, given, void."""

    _name = "complaint.approval.mixin"
    _description = "Approvals of a Case"

    gate_approval_ids = fields.One2many(
        "complaint.gate.approval", "case_id", "Approvals", readonly=True, copy=False
    )
    can_ask_approval = fields.Boolean(compute="_compute_can_ask_approval")

    @api.depends("phase", "flow_id", "gate_approval_ids.state")
    def _compute_can_ask_approval(self):
        gates = self._get_approval_gates()
        for case in self:
            case.can_ask_approval = bool(case._get_approvals_to_ask(gates))

    @api.model
    def _get_approval_gates(self):
        # sudo: gates are configuration that every user of the case must obey
        return self.env["complaint.gate"].sudo().search([("kind", "=", "approval")])

    def _get_approvals_to_ask(self, gates):
        """Return the approvals of the next phase that has some not asked for yet."""
        self.ensure_one()
        if not self.is_open or not gates:
            return gates.browse()
        # sudo: the state of approvals is asked for, which the gate shows anyway
        standing = self.sudo().gate_approval_ids.filtered(
            lambda approval: approval.state in STANDING
        )
        here = PHASE_ORDER.index(self.phase)
        wanted = gates.filtered(
            lambda gate: (
                gate._concerns(self)
                and here < PHASE_ORDER.index(gate.phase)
                and gate.phase != "cancelled"
                and gate not in standing.gate_id
            )
        )
        first = min(map(PHASE_ORDER.index, wanted.mapped("phase")), default=None)
        return wanted.filtered(lambda gate: PHASE_ORDER.index(gate.phase) == first)

    def _has_approval(self, gate):
        """Tell whether a second person has approved."""
        self.ensure_one()
        # sudo: the gate asks for it whoever takes the step
        return bool(
            self.sudo().gate_approval_ids.filtered(
                lambda approval: (
                    approval.gate_id == gate and approval.state == "approved"
                )
            )
        )

    def _on_phase_entered(self, phase_before):
        result = super()._on_phase_entered(phase_before)
        here = PHASE_ORDER.index(self.phase)
        if here < PHASE_ORDER.index(phase_before):
            # sudo: follows from the step, which the user had the right to take
            self.sudo().gate_approval_ids.filtered(
                lambda approval: (
                    approval.state in STANDING
                    and here < PHASE_ORDER.index(approval.phase)
                )
            )._make_void()
        return result

    # -- asking ------------------------------------------------------------------
    def action_ask_approval(self):
        """Ask the people of the role for the approvals of the next phase."""
        self.check_access("write")
        gates = self._get_approval_gates()
        for case in self:
            wanted = case._get_approvals_to_ask(gates)
            if not wanted:
                raise UserError(
                    self.env._("%s needs no approval now.", case.display_name)
                )
            for gate in wanted:
                case._ask_approval(gate)

    def _ask_approval(self, gate):
        people = self._get_approvers(gate)
        if not people:
            raise UserError(
                self.env._(
                    "Nobody else of the role %(role)s may see %(case)s, so nobody "
                    "could approve “%(gate)s”.",
                    role=gate.group_id.display_name,
                    case=self.display_name,
                    gate=gate.name,
                )
            )
        activities = self.env["mail.activity"]
        for user in people:
            activities |= self.activity_schedule(
                APPROVAL_ACTIVITY, user_id=user.id, summary=gate.name
            )
        # sudo: nobody has the right to write approvals; asking was checked before
        self.env["complaint.gate.approval"].sudo().create(
            {
                "case_id": self.id,
                "gate_id": gate.id,
                "asked_by_id": self.env.uid,
                "asked_at": fields.Datetime.now(),
                "activity_ids": [Command.set(activities.ids)],
            }
        )
        self._journal_log("approval_asked", note=gate.name)

    def _get_approvers(self, gate):
        """Hook: return who is asked: people of the role in the team, else in the
        company, who may read the case and are neither its owner nor the one who
        asks."""
        # sudo: whoever asks need not see who has which role
        people = gate.sudo().group_id._get_complaint_people(self.company_id)
        users = self._filter_impartial(people - self.user_id - self.env.user)
        # Rules are personal: each one is asked for by itself. Roles have few people.
        users = users.filtered(
            lambda user: self.with_user(user)._filtered_access("read")
        )
        return (users & self.team_id.member_ids) or users

    def _tell_asker_of_approval(self, approval, state_label):
        """The one who asked reads what was decided."""
        # sudo: the name of a gate, which the user may not have the right to read
        gate = approval.gate_id.sudo().name
        text = f"{gate}: {state_label}. {approval.note or ''}".strip()
        self.message_post(
            body=text,
            partner_ids=approval.asked_by_id.partner_id.ids,
        )
