from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class ComplaintDecisionMixin(models.AbstractModel):
    """Something that waits until a second person approves it, or refuses it with a
    reason.

    A model has ``state``, says who may decide (:meth:`_may_decide`) and what follows
    (:meth:`_on_decided`), and names

    * ``_waiting_state``: the state in which it waits;
    * ``_decision_note_field``: where the reason is stored;
    * ``_reject_form``: the model of the form that asks for it.
    """

    _name = "complaint.decision.mixin"
    _description = "Decided by a Second Person"
    _waiting_state = None
    _decision_note_field = "note"
    _reject_form = None

    decided_by_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, copy=False
    )
    decided_at = fields.Datetime("Decided on", readonly=True, copy=False)

    def _may_decide(self):
        """Hook: tell whether the user may decide on this record."""
        raise NotImplementedError

    def _check_may_decide(self):
        # sudo: the rights of the user themselves are asked for, not those of the code
        self.sudo(False).check_access("read")
        for record in self:
            if record.state != self._waiting_state:
                raise UserError(record._get_not_waiting_message())
            if not record._may_decide():
                raise AccessError(record._get_not_decider_message())

    def action_approve(self):
        self._decide("approved")

    def action_reject(self, note=None):
        """Refuse; without a reason a form asks for one."""
        if not (note or "").strip():
            self._check_may_decide()
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Why not?"),
                "res_model": self._reject_form,
                "view_mode": "form",
                "target": "new",
                "context": self._get_reject_context(),
            }
        return self._decide("rejected", note)

    def _decide(self, state, note=None):
        self._check_may_decide()
        # sudo: nobody has the right to write a decision; to decide was checked just
        # before
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                self._decision_note_field: note,
            }
        )
        self._on_decided(state, note)

    def _on_decided(self, state, note):
        """Hook: what follows from a decision."""
