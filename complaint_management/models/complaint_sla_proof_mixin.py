import logging

from odoo import api, models
from odoo.exceptions import AccessError

_logger = logging.getLogger(__name__)


class ComplaintSlaProofMixin(models.AbstractModel):
    """Clocks are what their events add up to: proved each night and at any time."""

    _name = "complaint.sla.proof.mixin"
    _description = "Proof of Clocks"

    @api.model
    def _cron_prove(self):
        """Compare each clock with what its events add up to."""
        cron, last = self.env["ir.cron"], 0
        while clocks := self.search([("id", ">", last)], limit=2000, order="id"):
            wrong = clocks._find_wrong()
            last = clocks[-1].id
            if wrong:
                _logger.warning("Clocks %s differ from their events", wrong.ids)
                wrong._tell_wrong()
            if not cron._commit_progress(len(clocks)):
                return
            # A company has millions of them.
            self.env.invalidate_all()

    def _find_wrong(self):
        """Return the clocks that differ from the fold of their events."""
        self.flush_recordset()
        folds = self._get_folds()
        return self.filtered(lambda clock: clock._differs(folds[clock]))

    def _differs(self, state):
        vals = self._prepare_stored(state)
        # When the sweep looks again depends on levels, which may change.
        del vals["next_at"]
        return any(
            self._fields[name].convert_to_record(
                self._fields[name].convert_to_cache(value, self), self
            )
            != self[name]
            for name, value in vals.items()
        )

    def _tell_wrong(self):
        """Somebody changed clocks behind the engine's back: a person has to look."""
        for model, clocks in self.grouped("res_model").items():
            hosts = self.env[model].browse(sorted(set(clocks.mapped("res_id"))))
            hosts.exists()._sla_tell_wrong()

    def action_prove(self):
        """Compare the stored figures with the events, and say what came out."""
        wrong = self._find_wrong()
        if wrong:
            text = self.env._("The stored figures differ from the events.")
        else:
            text = self.env._("The stored figures are what the events add up to.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": text, "type": "danger" if wrong else "success"},
        }

    def action_recompute(self):
        """Store what the events add up to; the journal tells what was stored before."""
        if not self.env.user.has_group("complaint_management.complaint_group_manager"):
            raise AccessError(
                self.env._("Only managers of complaints set the figures of promises.")
            )
        self.check_access("read")
        # sudo: nobody writes clocks but the engine; what is stored follows from events
        for clock in self.sudo()._find_wrong():
            before = {"deadline": str(clock.deadline), "state": clock.state}
            clock._refold()
            after = {"deadline": str(clock.deadline), "state": clock.state}
            host = clock._get_host()
            host._journal_log(
                "promise_recomputed",
                before={host.id: before},
                after={host.id: after},
                note=clock.display_name,
            )
        return self.action_prove()
