from odoo import api, fields, models
from odoo.exceptions import UserError

# Nothing has to happen to these any more.
FINISHED = ("done", "cancelled")


class ComplaintActionProgressMixin(models.AbstractModel):
    """What has to happen next to an action, from its stage, the verification, the
    check and what follows it."""

    _name = "complaint.action.progress.mixin"
    _description = "Progress of an Action"
    _guarded_fields = ("next_step", "next_due")

    next_step = fields.Selection(
        [
            ("work", "To do"),
            ("verify", "To verify"),
            ("check", "To check"),
            ("follow", "To replace"),
            ("done", "Finished"),
            ("cancelled", "Cancelled"),
        ],
        "Next step",
        compute="_compute_next_step",
        store=True,
        index=True,
        help="To do: not implemented yet. To verify: somebody else looks whether it "
        "was really implemented. To check: did it work? To replace: it didn't work, "
        "and nothing follows it.",
    )
    next_due = fields.Date(
        "Next due",
        compute="_compute_next_step",
        store=True,
        index="btree_not_null",
        help="By when the next step has to happen: the deadline, the day of the check, "
        "or since when somebody should verify or replace it.",
    )
    is_finished = fields.Boolean(
        "Is finished",
        compute="_compute_is_finished",
        help="Implemented and, where that is planned, verified and found effective; or "
        "replaced by another action; or cancelled.",
    )
    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue")

    @api.depends(
        "stage_id.is_ending",
        "stage_id.is_cancelled",
        "is_required",
        "verifier_id",
        "verified_at",
        "company_id.complaint_action_verify_all",
        "effectiveness_check_date",
        "effectiveness_result",
        "followed_by_ids.active",
        "followed_by_ids.stage_id.is_cancelled",
        "date_deadline",
        "date_closed",
        "effectiveness_judged_at",
    )
    def _compute_next_step(self):
        for action in self:
            action.next_step = action._find_next_step()
            action.next_due = action._find_next_due()

    def _find_next_step(self):
        """Hook: return the code of what has to happen next."""
        if self.stage_id.is_cancelled:
            return "cancelled"
        if self.effectiveness_result == "not_effective":
            followers = self.followed_by_ids.filtered("active")
            is_replaced = not all(followers.mapped("stage_id.is_cancelled"))
            return "done" if is_replaced else "follow"
        if not self.stage_id.is_ending:
            return "work"
        if self._needs_verification() and not self.verified_at:
            return "verify"
        if self.effectiveness_check_date and self.effectiveness_result == "not_yet":
            return "check"
        return "done"

    @api.depends("next_step")
    def _compute_is_finished(self):
        for action in self:
            action.is_finished = action.next_step in FINISHED

    @api.depends("next_due")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for action in self:
            action.is_overdue = bool(action.next_due and action.next_due < today)

    def write(self, vals):
        open_ones = self.filtered(lambda rec: rec.next_step != "cancelled")
        result = super().write(vals)
        if "stage_id" in vals:
            for action in open_ones.filtered(lambda rec: rec.next_step == "cancelled"):
                action._log_on_case("action_cancelled")
        return result

    def action_implement(self):
        """Say that the work is done: the action goes to its last stage."""
        self.check_access("write")
        stage = self.env["mgmtsystem.action.stage"].search(
            [("is_ending", "=", True), ("is_cancelled", "=", False)], limit=1
        )
        if not stage:
            raise UserError(
                self.env._("No stage of actions means that they are implemented.")
            )
        self.filtered(lambda rec: rec.next_step == "work").stage_id = stage

    def _find_next_due(self):
        """Hook: return by when the next step has to happen, or False."""
        dates = {
            "work": self.date_deadline,
            "verify": self.date_closed,
            "check": self.effectiveness_check_date,
            "follow": self.effectiveness_judged_at,
        }
        return fields.Date.to_date(dates.get(self.next_step))

    def _describe_missing(self):
        """Return in one line what keeps this action from being finished."""
        # sudo: the name of a colleague, who may be of another company
        values = {"action": self.display_name, "owner": self.user_id.sudo().name}
        words = {
            "work": self.env._("“%(action)s” (%(owner)s) isn't implemented", **values),
            "verify": self.env._(
                "“%(action)s” (%(owner)s): nobody has verified that it was implemented",
                **values,
            ),
            "check": self.env._(
                "“%(action)s” (%(owner)s): nobody has checked whether it worked",
                **values,
            ),
            "follow": self.env._(
                "“%(action)s” (%(owner)s) didn't work, and no other action follows it",
                **values,
            ),
        }
        return words[self.next_step]
