from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .complaint_legal_hold_case import HOLD_SENTINEL

LEGAL_GROUP = "complaint_management.complaint_group_legal"
STATES = [
    ("active", "In force"),
    ("release_asked", "Release asked for"),
    ("released", "Released"),
]
RELEASE_FIELDS = (
    "state",
    "release_asked_by_id",
    "release_asked_at",
    "release_reason",
    "released_by_id",
    "released_at",
)


class ComplaintHoldReleaseMixin(models.AbstractModel):
    """The end of a hold: one person of the legal department asks for it with a reason,
    another one confirms it."""

    _name = "complaint.hold.release.mixin"
    _description = "Release of a Legal Hold"
    _guarded_fields = RELEASE_FIELDS
    _journal_fields = ("state", "release_reason")

    state = fields.Selection(
        STATES, required=True, default="active", readonly=True, index=True, copy=False
    )
    release_asked_by_id = fields.Many2one(
        "res.users",
        "Release asked for by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    release_asked_at = fields.Datetime("Asked on", readonly=True, copy=False)
    release_reason = fields.Text("Why it can end", readonly=True, copy=False)
    released_by_id = fields.Many2one(
        "res.users", "Released by", readonly=True, copy=False, ondelete="restrict"
    )
    released_at = fields.Datetime("Released on", readonly=True, copy=False)
    can_confirm = fields.Boolean(compute="_compute_can_confirm")

    _two_people = models.Constraint(
        "CHECK(state <> 'released' OR (released_by_id IS NOT NULL AND "
        "release_asked_by_id IS NOT NULL AND released_by_id <> release_asked_by_id))",
        "A legal hold is released by two people.",
    )

    @api.depends("state", "release_asked_by_id")
    @api.depends_context("uid")
    def _compute_can_confirm(self):
        for hold in self:
            hold.can_confirm = hold.state == "release_asked" and hold._may_confirm()

    # -- writing -------------------------------------------------------------------
    def write(self, vals):
        """Not even the superuser writes these but by the steps below."""
        # A context that comes by RPC holds no such object.
        if self.env.context.get("complaint_hold_release") is not HOLD_SENTINEL and any(
            name in vals for name in RELEASE_FIELDS
        ):
            raise AccessError(
                self.env._(
                    "A legal hold is released by two people of the legal department: "
                    "one asks, another one confirms."
                )
            )
        return super().write(vals)

    def _write_release(self, vals):
        # sudo: guarded fields; the callers have checked the right
        self.sudo().with_context(complaint_hold_release=HOLD_SENTINEL).write(vals)
        self.env.flush_all()
        self.env.registry.clear_cache("stable")

    # -- release -------------------------------------------------------------------
    def _check_legal(self):
        """The person counts, not the code that runs for them."""
        if not self.env.user.has_group(LEGAL_GROUP):
            raise AccessError(
                self.env._("Only the legal department places or releases a legal hold.")
            )
        if self:
            # sudo: as above
            self.sudo(False).check_access("write")

    def _may_confirm(self):
        user = self.env.user
        return user.has_group(LEGAL_GROUP) and user != self.release_asked_by_id

    def action_open_release(self):
        self.ensure_one()
        self._check_legal()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for release"),
            "res_model": "complaint.legal.hold.release",
            "view_mode": "form",
            "target": "new",
            "context": {"default_hold_id": self.id},
        }

    def _ask_release(self, reason):
        """First of the two people: say why it can end."""
        self._check_legal()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the hold can end."))
        for hold in self:
            if hold.state != "active":
                raise UserError(
                    self.env._("The release of “%s” was asked for before.", hold.name)
                )
        self._write_release(
            {
                "state": "release_asked",
                "release_asked_by_id": self.env.uid,
                "release_asked_at": fields.Datetime.now(),
                "release_reason": reason,
            }
        )

    def action_confirm_release(self):
        """Second of the two people: the hold ends."""
        self._check_legal()
        for hold in self:
            if hold.state != "release_asked":
                raise UserError(
                    self.env._("Nobody has asked for the release of “%s”.", hold.name)
                )
            if not hold._may_confirm():
                raise AccessError(
                    self.env._(
                        "You asked for the release of “%s” yourself. Another person of "
                        "the legal department confirms it.",
                        hold.name,
                    )
                )
        self._write_release(
            {
                "state": "released",
                "released_by_id": self.env.uid,
                "released_at": fields.Datetime.now(),
            }
        )
        # sudo: the lines are written by the hold only; two people of the legal
        # department agree
        for hold in self.sudo():
            lines = hold.line_ids.filtered(lambda line: not line.freed_at)
            lines._free(HOLD_SENTINEL)
            self._mark_cases(lines.case_id)
            lines.case_id._journal_log(
                "freed", note=f"{hold.name}: {hold.release_reason}"
            )

    def action_reject_release(self):
        """The hold goes on; the journal keeps who asked and why."""
        self._check_legal()
        asked = self.filtered(lambda hold: hold.state == "release_asked")
        asked._write_release(
            {
                "state": "active",
                "release_asked_by_id": False,
                "release_asked_at": False,
                "release_reason": False,
            }
        )
