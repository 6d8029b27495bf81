from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


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

    def _check_access(self, operation):
        """Who may read the clock may read its events: a note can tell a lot."""
        result = super()._check_access(operation)
        if not self or self.env.su:
            return result
        allowed = self - result[0] if result else self
        # sudo: only the pointers are read, to find whom to ask for access
        clock_of = {event: event.sudo().clock_id.id for event in allowed}
        clocks = self.env["complaint.sla.clock"].browse(set(clock_of.values()))
        readable = set(clocks._filtered_access("read").ids)
        denied = allowed.filtered(lambda event: clock_of[event] not in readable)
        if denied:
            forbidden = denied | (result[0] if result else self.browse())
            return forbidden, lambda: forbidden._make_clock_error(operation)
        return result

    def _make_clock_error(self, operation):
        return self.env["ir.rule"]._make_access_error(operation, self)

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            clocks = self.env["complaint.sla.clock"]._search([])
            domain = Domain(domain) & Domain("clock_id", "in", clocks)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("The events of a clock never change."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise AccessError(self.env._("The events of a clock are never deleted."))
