from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .complaint_action_source_mixin import APPROVER_GROUP

VERIFIED_FIELDS = {"verification_note", "verification_attachment_ids"}


class ComplaintActionVerifyMixin(models.AbstractModel):
    """Somebody else than the owner has seen that an action was really implemented."""

    _name = "complaint.action.verify.mixin"
    _description = "Verification of an Action"
    _guarded_fields = ("verified_by_id", "verified_at")
    _hold_free_fields = ("verifier_id",)
    _hold_once_fields = (
        "verified_by_id",
        "verified_at",
        "verification_note",
        "verification_attachment_ids",
    )

    verifier_id = fields.Many2one(
        "res.users",
        "To be verified by",
        index="btree_not_null",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        help="Who looks whether the action was really implemented: somebody else than "
        "the one who acts. Empty: not verified, unless the company asks for it.",
    )
    verified_by_id = fields.Many2one(
        "res.users", "Verified by", readonly=True, copy=False
    )
    verified_at = fields.Datetime("Verified at", readonly=True, copy=False)
    verification_note = fields.Text(
        "What was seen",
        copy=False,
        help="What proves that the action was implemented: place, document, measured "
        "value.",
    )
    verification_attachment_ids = fields.Many2many(
        "ir.attachment",
        "complaint_action_verification_file_rel",
        "action_id",
        "attachment_id",
        "Files of the verification",
        copy=False,
    )
    is_verified = fields.Boolean("Verified", compute="_compute_is_verified")

    @api.depends("verified_at")
    def _compute_is_verified(self):
        for action in self:
            action.is_verified = bool(action.verified_at)

    def _needs_verification(self):
        """Hook: tell whether this action is finished only when it is verified."""
        return bool(self.verifier_id) or bool(
            self.is_required and self.company_id.complaint_action_verify_all
        )

    @api.constrains("verifier_id", "user_id")
    def _check_other_verifier(self):
        for action in self:
            if action.verifier_id and action.verifier_id == action.user_id:
                raise ValidationError(
                    self.env._(
                        "“%s” must be verified by somebody else than its owner.",
                        action.name,
                    )
                )

    @api.constrains("verifier_id", "complaint_case_id")
    def _check_verifier_is_impartial(self):
        for action in self:
            verifier = action.verifier_id
            if verifier and action._is_about(verifier):
                action._refuse_partial(
                    verifier,
                    self.env._(
                        "The complaint is about %(user)s or their team, so somebody "
                        "else verifies “%(action)s”.",
                        user=verifier.name,
                        action=action.name,
                    ),
                )

    def write(self, vals):
        if vals.keys() & VERIFIED_FIELDS and not self.env.su:
            self._check_not_verified()
        result = super().write(vals)
        if "stage_id" in vals or "user_id" in vals:
            self._drop_void_verification()
        return result

    def _check_not_verified(self):
        for action in self:
            if action.verified_at:
                raise UserError(
                    self.env._(
                        "“%s” is verified: what was seen doesn't change any more. "
                        "Withdraw the verification first.",
                        action.name,
                    )
                )

    def _drop_void_verification(self):
        """What is being worked on again isn't verified any more; nor is what now
        belongs to the one who verified it. Under a legal hold the signature stays."""
        held = self._get_held_cases()
        void = self.filtered(
            lambda action: (
                action.verified_at
                and action.id not in held
                and (
                    not action.stage_id.is_ending
                    or action.user_id == action.verified_by_id
                )
            )
        )
        void._forget_verification(self.env._("Worked on again, or has another owner"))

    # -- buttons ------------------------------------------------------------------
    def action_verify(self):
        """Sign that this action was implemented."""
        for action in self:
            action._check_may_verify()
            # sudo: guarded fields; the right was checked
            action.sudo().write(
                {
                    "verified_by_id": self.env.uid,
                    "verified_at": fields.Datetime.now(),
                }
            )
            action._log_on_case("action_verified", action.verification_note)

    def _check_may_verify(self):
        self.check_access("write")
        user = self.env.user
        if user == self.user_id or self._is_about(user):
            raise AccessError(
                self.env._(
                    "You carry out “%s”, or the complaint is about you or your team: "
                    "a colleague verifies it.",
                    self.name,
                )
            )
        named = self.verifier_id in (self.env["res.users"], user)
        if not named and not user.has_group(APPROVER_GROUP):
            raise AccessError(
                self.env._(
                    "“%(action)s” is verified by %(user)s.",
                    action=self.name,
                    user=self.verifier_id.name,
                )
            )
        if not self.stage_id.is_ending or self.stage_id.is_cancelled:
            raise UserError(
                self.env._(
                    "“%s” isn't implemented yet. Move it to its last stage first.",
                    self.name,
                )
            )
        if self.verified_at:
            raise UserError(self.env._("“%s” is verified already.", self.name))
        if not (self.verification_note or "").strip():
            raise UserError(
                self.env._(
                    "Write down what shows that “%s” was implemented.", self.name
                )
            )

    def action_withdraw_verification(self):
        """A manager, or who gave it, takes a verification back."""
        for action in self.filtered("verified_at"):
            action.check_access("write")
            user = self.env.user
            if user != action.verified_by_id and not user.has_group(APPROVER_GROUP):
                raise AccessError(
                    self.env._(
                        "Only %(user)s or a manager can withdraw the verification of "
                        "“%(action)s”.",
                        user=action.verified_by_id.name,
                        action=action.name,
                    )
                )
            action._forget_verification(self.env._("Withdrawn"))

    def _forget_verification(self, reason):
        for action in self:
            # sudo: guarded fields; follows from what the user had the right to do
            action.sudo().write({"verified_by_id": False, "verified_at": False})
            action._log_on_case("action_unverified", reason)
