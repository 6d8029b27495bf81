from odoo import api, fields, models


class ComplaintSlaShownMixin(models.AbstractModel):
    """What people see of the promises of a host: how much time is left, where the
    promise comes from, the account of it."""

    _name = "complaint.sla.shown.mixin"
    _description = "Promises as People See Them"
    # See complaint.sla.mixin, whose part this is.
    _sla_key_fields = ()

    sla_policy_reason = fields.Char(
        "Why this line", compute="_compute_sla_policy_reason"
    )
    sla_countdown = fields.Json("Countdown", compute="_compute_sla_countdown")

    @api.depends(lambda self: ("sla_policy_id", *self._sla_key_fields))
    @api.depends_context("lang")
    def _compute_sla_policy_reason(self):
        for record in self:
            # sudo: the matrix is configuration, its line holds for whoever asks
            policy = record.sudo().sla_policy_id
            record.sla_policy_reason = record._sla_explain(policy)

    def _sla_explain(self, policy):
        """Return in words where the promises come from."""
        return policy._explain(*self._sla_get_key())

    def _get_pending_clocks(self):
        """Return the clocks whose answer is still to come, late ones too."""
        return self.sla_clock_ids.filtered(
            lambda c: not c.stopped_at and c.state != "cancelled"
        )

    @api.depends("sla_clock_ids.sla_countdown", "sla_status")
    @api.depends_context("lang")
    def _compute_sla_countdown(self):
        # sudo: who may read a host may read its clocks; that needs no asking here
        following = {
            host.id: host._get_pending_clocks().sorted("deadline")[:1].id
            for host in self.sudo()
        }
        # Only clocks that are shown are counted, not all that were read to find them.
        clocks_sudo = self.env["complaint.sla.clock"].sudo()
        clocks = clocks_sudo.browse(filter(None, following.values()))
        badges = {clock.id: clock.sla_countdown for clock in clocks}
        for host in self:
            ended = host.sla_status in ("met", "missed")
            host.sla_countdown = badges.get(following[host.id]) or (
                ended and {"state": host.sla_status, "is_ended": True}
            )

    # -- the account -------------------------------------------------------------
    def action_open_account(self):
        """Open the account of the promise that is due next, as the badge shows it; with
        none to come, the list of all promises."""
        self.ensure_one()
        clock = self._get_pending_clocks().sorted("deadline")[:1]
        return clock.action_open_account() if clock else self.action_open_ledger()

    def action_open_ledger(self):
        """Open all promises of the host; each has its account: what counted, what
        didn't, and why."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_sla_clock_action"
        )
        return {
            **action,
            "name": self.env._("Promises of %s", self.display_name),
            "view_mode": "list,kanban,form",
            "views": [(False, kind) for kind in ("list", "kanban", "form")],
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "context": {},
        }
