from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .complaint_discipline_promise_mixin import PENDING_STATES


class ComplaintEightdReviewMixin(models.AbstractModel):
    """Handing a discipline in, signing it off, sending it back.

    Two people at least: neither the owner of a discipline nor who handed it in signs it
    off, nor somebody whom the complaint is about. That holds for code with all rights
    too, since it goes by the user. Each round stays in the history.
    """

    _name = "complaint.eightd.review.mixin"
    _description = "Review of a Discipline"
    _guarded_fields = (
        "state",
        "round",
        "submitted_by_id",
        "submitted_at",
        "signed_by_id",
        "signed_at",
    )
    # They tell of the present round, nobody writes them by hand, and work goes on. Who
    # decided what of each round, when and why, stays in the history, which is held.
    _hold_free_fields = (*_guarded_fields, "comment")
    _journal_fields = ("state", "signed_by_id", "round")

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
        index=True,
    )
    comment = fields.Text(
        "Reviewer's comment",
        help="Needed to send a discipline back: what is missing or wrong.",
    )
    round = fields.Integer("Rejections", readonly=True)
    submitted_by_id = fields.Many2one("res.users", "Submitted by", readonly=True)
    submitted_at = fields.Datetime("Submitted at", readonly=True)
    signed_by_id = fields.Many2one("res.users", "Signed off by", readonly=True)
    signed_at = fields.Datetime("Signed off at", readonly=True)
    review_ids = fields.One2many(
        "complaint.eightd.review", "step_id", "Rounds", readonly=True
    )

    def action_submit(self):
        """Hand disciplines in for review; those before them must be handed in."""
        pending = self.filtered(lambda step: step.state in PENDING_STATES)
        for step in pending.sorted("discipline"):
            step.eightd_id._check_open()
            step._check_before()
            step._check_complete()
            step._move(
                {
                    "state": "submitted",
                    "submitted_by_id": self.env.uid,
                    "submitted_at": fields.Datetime.now(),
                    "comment": False,
                }
            )
        self.env["complaint.eightd.review"]._append(pending, "submitted")
        pending._promise_handed_in()

    def _check_before(self):
        """Refuse a discipline when one before it isn't handed in."""
        if before := self._get_pending_before():
            raise UserError(
                self.env._(
                    "Submit %(previous)s before %(step)s.",
                    previous=before[0].display_name,
                    step=self.display_name,
                )
            )

    def action_accept(self):
        """Sign disciplines off, each after those before it."""
        for step in self.sorted("discipline"):
            step.eightd_id._check_open()
            step._check_submitted(("submitted",))
            step._check_reviewer()
            step._check_signed_before()
            step._move(
                {
                    "state": "accepted",
                    "signed_by_id": self.env.uid,
                    "signed_at": fields.Datetime.now(),
                }
            )
            self.env["complaint.eightd.review"]._append(step, "accepted")

    def _check_submitted(self, states):
        if self.state not in states:
            raise UserError(self.env._("%s isn't submitted.", self.display_name))

    def _check_reviewer(self):
        """Refuse who can't judge a discipline."""
        user, step = self.env.user, self
        if user in (step.owner_id, step.submitted_by_id):
            raise AccessError(
                self.env._(
                    "%s is your own work. A colleague signs it off.",
                    step.display_name,
                )
            )
        step._check_impartial_reviewer()

    def _check_impartial_reviewer(self):
        if self.case_id._is_about(self.env.user):
            raise AccessError(
                self.env._(
                    "The complaint is about you or your team, so a colleague signs "
                    "%s off.",
                    self.display_name,
                )
            )

    def _check_signed_before(self):
        unsigned = self._get_previous().filtered(lambda s: s.state != "accepted")
        if unsigned:
            raise UserError(
                self.env._(
                    "Accept %(previous)s before %(step)s.",
                    previous=unsigned[0].display_name,
                    step=self.display_name,
                )
            )

    def action_reject(self):
        """Send disciplines back; the reviewer's comment says why."""
        for step in self:
            step.eightd_id._check_open()
            step._check_submitted(("submitted", "accepted"))
            step._check_impartial_reviewer()
            if not (step.comment or "").strip():
                raise UserError(
                    self.env._(
                        "Write a comment that says what is missing in %s.",
                        step.display_name,
                    )
                )
            self.env["complaint.eightd.review"]._append(step, "rejected")
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
