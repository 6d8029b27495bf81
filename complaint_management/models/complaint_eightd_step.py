from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from .complaint_eightd_preset import DISCIPLINES


class ComplaintEightdStep(models.Model):
    """One discipline of a report: result, review, sign-off."""

    _name = "complaint.eightd.step"
    _description = "8D Discipline"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.guard.mixin",
        "complaint.discipline.promise.mixin",
        "complaint.sla.mixin",
        "complaint.journal.mixin",
    ]
    _order = "eightd_id, discipline"
    _rec_name = "discipline"
    _guarded_fields = ("state", "round", "signed_by_id", "signed_at")
    _hold_free_fields = ("state", "round", "owner_id", "date_due")
    _hold_once_fields = (
        "content",
        "comment",
        "attachment_ids",
        "signed_by_id",
        "signed_at",
    )
    _journal_fields = ("state", "owner_id", "signed_by_id", "round", "date_due")

    eightd_id = fields.Many2one(
        "complaint.eightd", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one(related="eightd_id.case_id", store=True, index=True)
    company_id = fields.Many2one(related="eightd_id.company_id", store=True)
    discipline = fields.Selection(DISCIPLINES, required=True, readonly=True)
    owner_id = fields.Many2one("res.users", index="btree_not_null")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
        ],
        default="draft",
        required=True,
        readonly=True,
    )
    is_late = fields.Boolean("Late", compute="_compute_is_late")
    content = fields.Html("Result")
    comment = fields.Text("Reviewer's comment")
    round = fields.Integer("Rejections", readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")
    signed_by_id = fields.Many2one("res.users", "Signed off by", readonly=True)
    signed_at = fields.Datetime("Signed off at", readonly=True)

    _discipline_unique = models.Constraint(
        "UNIQUE(eightd_id, discipline)", "Each discipline stands once in a report."
    )

    @api.depends("discipline")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["discipline"]._description_selection(self.env))
        for step in self:
            step.display_name = labels.get(step.discipline, "")

    @api.depends("date_due", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for step in self:
            step.is_late = (
                step.state in ("draft", "rejected")
                and step.date_due
                and step.date_due < now
            )

    def write(self, vals):
        if "content" in vals or "attachment_ids" in vals:
            self._check_changeable()
        return super().write(vals)

    def _check_changeable(self):
        signed = self.filtered(lambda step: step.state == "accepted")
        if signed and not self.env.su:
            raise UserError(
                self.env._(
                    "%s is signed off. Reject it first to change it.",
                    signed[0].display_name,
                )
            )

    def _get_previous(self):
        """Return the disciplines that come before this one in its report."""
        self.ensure_one()
        return self.eightd_id.step_ids.filtered(
            lambda step: step.discipline < self.discipline
        )

    def action_submit(self):
        """Hand the discipline in for review; those before it must be handed in."""
        for step in self:
            if step.state not in ("draft", "rejected"):
                continue
            pending = step._get_previous().filtered(
                lambda s: s.state not in ("submitted", "accepted")
            )
            if pending:
                raise UserError(
                    self.env._(
                        "Submit %(previous)s before %(step)s.",
                        previous=pending[0].display_name,
                        step=step.display_name,
                    )
                )
            if not html2plaintext(step.content or "").strip():
                raise UserError(
                    self.env._("Write the result of %s first.", step.display_name)
                )
            step._move({"state": "submitted"})
        self._promise_handed_in()

    def action_accept(self):
        """Sign the discipline off."""
        for step in self:
            if step.state != "submitted":
                raise UserError(self.env._("%s isn't submitted.", step.display_name))
            step._move(
                {
                    "state": "accepted",
                    "signed_by_id": self.env.uid,
                    "signed_at": fields.Datetime.now(),
                }
            )

    def action_reject(self):
        """Send the discipline back; the reviewer's comment says why."""
        for step in self:
            if step.state not in ("submitted", "accepted"):
                raise UserError(self.env._("%s isn't submitted.", step.display_name))
            if not (step.comment or "").strip():
                raise UserError(
                    self.env._(
                        "Write a comment that says what is missing in %s.",
                        step.display_name,
                    )
                )
            step._move(
                {
                    "state": "rejected",
                    "round": step.round + 1,
                    "signed_by_id": False,
                    "signed_at": False,
                }
            )
        self._promise_sent_back()

    def _move(self, vals):
        """Write the state and the sign-off of a discipline."""
        self.check_access("write")
        # sudo: guarded fields; the right is checked and the order of steps kept above
        self.sudo().write(vals)
