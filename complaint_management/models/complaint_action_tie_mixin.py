from odoo import api, models
from odoo.exceptions import ValidationError

from .complaint_action_source_mixin import CASE_POINTERS

# What an action is tied to; nobody ties it to what they may not read.
TIES = {
    "complaint_case_id": "complaint.case",
    "complaint_root_id": "complaint.rca.root",
    "follows_id": "mgmtsystem.action",
    **CASE_POINTERS,
}
# Without these an action counts as finished sooner.
PLAN_FIELDS = ("verifier_id", "effectiveness_check_date")


class ComplaintActionTieMixin(models.AbstractModel):
    """What a complaint or an 8D report waits for stays tied to it.

    Taking a required action off its complaint, or its verification or check off the
    action, would let the complaint close without: that is a manager's decision and
    stands in the journal. What replaces a required action is waited for like that one.
    """

    _name = "complaint.action.tie.mixin"
    _description = "What Waits for an Action"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            followed = self.browse(vals.get("follows_id") or [])
            followed._check_may_tie(vals)
            followed._tie_follower(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_may_tie(vals)
        untied = self.filtered(lambda action: action._is_untied_by(vals))
        eased = self.filtered(lambda action: action._is_eased_by(vals))
        if loosened := untied | eased:
            loosened._check_may_loosen()
        if vals.get("follows_id"):
            vals = dict(vals)
            for action in self:
                action.browse(vals["follows_id"])._tie_follower(vals, action)
        for action in untied:
            # Before it is gone: the complaint that it leaves has to know.
            action._log_on_case("action_untied")
        result = super().write(vals)
        for action in eased - untied:
            action._log_on_case("action_eased")
        return result

    def _check_may_tie(self, vals):
        """Refuse to point to records that the user may not read; what these actions
        point to already may be given again."""
        if self.env.su:
            return
        for name, model in TIES.items():
            # sudo: whoever works on an action needn't see what it hangs on
            if vals.get(name) and any(
                action[name].id != vals[name] for action in self.sudo() or [self]
            ):
                self.env[model].browse(vals[name]).check_access("read")

    # -- loosening ----------------------------------------------------------------
    def _is_waited_for(self):
        # sudo: as above
        return self.is_required and bool(self.sudo().complaint_case_id)

    def _is_untied_by(self, vals):
        """Tell whether values take this action off what waits for it."""
        # sudo: as above
        action = self.sudo()
        if self.env.su or not action._is_waited_for():
            return False
        if step_id := vals.get("complaint_step_id"):
            report = action.complaint_step_id.browse(step_id).eightd_id
            vals = {**vals, "complaint_eightd_id": report.id}
        return any(
            name in vals and action[name] and action[name].id != vals[name]
            for name in ("complaint_case_id", "complaint_eightd_id")
        )

    def _is_eased_by(self, vals):
        """Tell whether values take the verification or the check off this action."""
        return (
            not self.env.su
            and self._is_waited_for()
            and any(
                name in vals and not vals[name] and self[name] for name in PLAN_FIELDS
            )
        )

    # -- following ----------------------------------------------------------------
    def _tie_follower(self, vals, follower=None):
        """Complete the values of the action that follows this one, if any: it is of
        the same complaint, and waited for as well."""
        # sudo: as above
        followed = self.sudo()
        if self.env.su or not followed.complaint_case_id:
            return
        present = follower.sudo().complaint_case_id.id if follower else False
        case_id = (
            vals.get("complaint_case_id", present) or followed.complaint_case_id.id
        )
        if case_id != followed.complaint_case_id.id:
            raise ValidationError(
                self.env._(
                    "“%s” belongs to another complaint. An action replaces one of the "
                    "same complaint.",
                    followed.display_name,
                )
            )
        vals["complaint_case_id"] = case_id
        if not vals.get("complaint_eightd_id") and not follower:
            vals["complaint_eightd_id"] = followed.complaint_eightd_id.id
        if followed.is_required and not self._may_loosen():
            vals["is_required"] = True
