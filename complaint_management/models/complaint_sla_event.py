from odoo import api, fields, models
from odoo.exceptions import AccessError


class ComplaintSlaEvent(models.Model):
    """What happened to a clock and when. Events are appended, never changed."""

    _name = "complaint.sla.event"
    _description = "SLA Event"
    _order = "occurred_at, id"
    _rec_name = "kind"
    _log_access = False

    clock_id = fields.Many2one(
        "complaint.sla.clock", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("start", "Started"),
            ("pause", "Paused"),
            ("resume", "Resumed"),
            ("retarget", "New target"),
            ("stop", "Stopped"),
            ("reopen", "Re-opened"),
            ("breach", "Deadline passed"),
            ("cancel", "Cancelled"),
        ],
        required=True,
    )
    occurred_at = fields.Datetime("When", required=True)
    deadline = fields.Datetime(help="Deadline that held from this event on.")
    actor_id = fields.Many2one(
        "res.users", "By", default=lambda self: self.env.uid, required=True
    )
    note = fields.Char("Reason")

    def write(self, vals):
        raise AccessError(self.env._("The events of a clock never change."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise AccessError(self.env._("The events of a clock are never deleted."))
