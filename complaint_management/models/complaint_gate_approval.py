from odoo import api, fields, models


class ComplaintGateApproval(models.Model):
    """One approval that a gate asks for: asked, then granted or refused by a second
    person. A step back makes it void; it is never deleted."""

    _name = "complaint.gate.approval"
    _description = "Approval"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.case.part.mixin",
        "complaint.decision.mixin",
    ]
    _waiting_state = "asked"
    _reject_form = "complaint.gate.reject"
    _hold_free_fields = ("state", "activity_ids")
    _hold_once_fields = ("decided_by_id", "decided_at", "note")
    _order = "asked_at desc, id desc"
    _rec_name = "gate_id"

    gate_id = fields.Many2one(
        "complaint.gate",
        "Approval",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    phase = fields.Selection(related="gate_id.phase", string="Before")
    group_id = fields.Many2one(related="gate_id.group_id")
    state = fields.Selection(
        [
            ("asked", "Asked for"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("void", "No longer valid"),
        ],
        required=True,
        readonly=True,
        default="asked",
    )
    asked_by_id = fields.Many2one("res.users", "Asked by", required=True, readonly=True)
    asked_at = fields.Datetime("Asked on", required=True, readonly=True)
    note = fields.Text(readonly=True)
    activity_ids = fields.Many2many("mail.activity", string="Who was asked")
    can_decide = fields.Boolean(compute="_compute_can_decide")

    _pending_unique = models.UniqueIndex(
        "(case_id, gate_id) WHERE state IN ('asked', 'approved')",
        "This approval has been asked for already.",
    )

    @api.depends("state", "group_id", "case_id.user_id", "asked_by_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for approval in self:
            approval.can_decide = approval.state == "asked" and approval._may_decide()

    def _may_decide(self):
        """Hook: tell whether the user may decide: of the role, and neither the owner
        nor the one who asked."""
        self.ensure_one()
        user = self.env.user
        # sudo: who belongs to the role may be read by whoever sees the approval
        group = self.sudo().group_id
        return (
            group in user.sudo().all_group_ids
            and user not in (self.case_id.user_id, self.asked_by_id)
            and bool(self.case_id._filter_impartial(user))
        )

    def _get_not_waiting_message(self):
        # sudo: see _get_not_decider_message
        return self.env._("“%s” has been decided already.", self.gate_id.sudo().name)

    def _get_not_decider_message(self):
        # sudo: the name of a gate and its role, which the user may not read
        gate = self.gate_id.sudo()
        return self.env._(
            "“%(gate)s” is decided by somebody of the role %(role)s who neither owns "
            "%(case)s nor asked.",
            gate=gate.name,
            role=gate.group_id.display_name,
            case=self.case_id.display_name,
        )

    def _get_reject_context(self):
        return {"default_approval_id": self.id}

    def _on_decided(self, state, note):
        self._end_activities()
        for approval in self:
            case, gate = approval.case_id, approval.gate_id.sudo()
            case._journal_log(f"gate_{state}", note=f"{gate.name}: {note or ''}")
            labels = dict(self._fields["state"]._description_selection(self.env))
            case._tell_asker_of_approval(approval, labels[state])

    def _make_void(self):
        """What was approved has changed since."""
        # sudo: follows from the step back, which the user had the right to take
        self.sudo().write({"state": "void"})
        self._end_activities()
        for case, approvals in self.grouped("case_id").items():
            gates = approvals.gate_id.sudo()
            case._journal_log("approval_void", note=", ".join(gates.mapped("name")))

    def _end_activities(self):
        """The others of the role needn't look any more."""
        # sudo: activities of other people
        self.sudo().activity_ids.unlink()
