from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MgmtsystemAction(models.Model):
    """The one action register of the company, with where an action comes from and
    whether it worked; each part sits in its mixin."""

    _name = "mgmtsystem.action"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.guard.mixin",
        "complaint.action.own.mixin",
        "complaint.action.remind.mixin",
        "complaint.action.effect.mixin",
        "complaint.action.verify.mixin",
        "complaint.action.tie.mixin",
        "complaint.action.source.mixin",
        "complaint.action.progress.mixin",
        "complaint.action.compare.mixin",
        "mgmtsystem.action",
    ]
    _hold_cases_sql = """
        SELECT rec.complaint_case_id
        UNION ALL
        SELECT case_id FROM complaint_eightd WHERE id = rec.complaint_eightd_id
        UNION ALL
        SELECT link.case_id
          FROM mgmtsystem_nonconformity_action_rel AS action
          JOIN complaint_case_nonconformity_rel AS link
            ON link.nonconformity_id = action.nonconformity_id
         WHERE action.action_id = rec.id
    """
    _hold_free_fields = (
        "user_id",
        "stage_id",
        "priority",
        "sequence",
        "date_deadline",
        "date_open",
        "date_closed",
        "tag_ids",
    )
    _hold_once_fields = ("description", "nonconformity_ids")

    def _is_about(self, user):
        """Tell whether a user is the subject of the complaint behind this action."""
        # sudo: who owns or checks an action needn't see the case
        case = self.complaint_case_id.sudo()
        return bool(case) and case._is_about(user)

    def _refuse_partial(self, user, words):
        """Refuse somebody who isn't neutral; why is said to whoever may read the
        complaint, and only to them."""
        # sudo: the rights of the user decide; constraints have all of them
        case = self.complaint_case_id.sudo(False)
        if not case._filtered_access("read"):
            words = self.env._(
                "%(user)s can't do this for “%(action)s”. Choose somebody else.",
                user=user.name,
                action=self.name,
            )
        raise ValidationError(words)

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._join_nonconformities()
        return actions

    def write(self, vals):
        cases = {action.id: action.complaint_case_id for action in self}
        result = super().write(vals)
        moved = self.filtered(lambda rec: rec.complaint_case_id != cases[rec.id])
        moved._join_nonconformities()
        return result

    def _join_nonconformities(self):
        """An action that comes to a case is also one of its nonconformities; what it
        was part of before, it stays."""
        for action in self.filtered("complaint_case_id"):
            # sudo: the link follows from the case, also for who can't see the DİF
            nonconformities = action.complaint_case_id.sudo().nonconformity_ids
            open_ones = nonconformities.filtered(
                lambda nc: nc.state not in ("done", "cancel")
            )
            open_ones.write({"action_ids": [fields.Command.link(action.id)]})
