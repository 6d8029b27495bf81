from odoo import models

from .complaint_action_progress_mixin import FINISHED


class ComplaintActionGateMixin(models.AbstractModel):
    """A host with ``action_ids`` that isn't closed before its required actions are
    implemented and, where that is planned, verified and found effective."""

    _name = "complaint.action.gate.mixin"
    _description = "Waits for Actions"

    def _get_unfinished_actions(self):
        # sudo: each action counts, whoever may read it; archiving one is no way round
        actions = self.sudo().with_context(active_test=False).action_ids
        return actions.filtered(
            lambda action: action.is_required and action.next_step not in FINISHED
        )

    def _gate_check_actions_done(self):
        """All required actions are finished; what didn't work was replaced."""
        return not self._get_unfinished_actions()

    def _gate_missing_actions_done(self):
        """Return what is missing, a line for each action."""
        return [action._describe_missing() for action in self._get_unfinished_actions()]
