from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint_stage import RESOLVED_PHASES


class ComplaintFeedbackMixin(models.AbstractModel):
    """What the customer thinks of how the case was handled."""

    _name = "complaint.feedback.mixin"
    _description = "Feedback on a Case"

    feedback_ids = fields.One2many(
        "complaint.feedback", "case_id", readonly=True, copy=False
    )
    can_give_feedback = fields.Boolean(compute="_compute_can_give_feedback")

    @api.depends("phase", "merged_into_id")
    def _compute_can_give_feedback(self):
        for case in self:
            case.can_give_feedback = case._can_give_feedback()

    def _can_give_feedback(self):
        """Hook: tell whether a customer may be asked by now: once it is solved."""
        self.ensure_one()
        # sudo: only whether it was merged, which the survivor says anyhow
        return self.phase in RESOLVED_PHASES and not self.sudo().merged_into_id

    def action_enter_feedback(self):
        """Open the form in which a colleague types in what the customer says."""
        self.ensure_one()
        self._check_may_give_feedback()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Feedback"),
            "res_model": "complaint.feedback.enter",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id},
        }

    def _check_may_give_feedback(self):
        self._check_may_work()
        for case in self:
            if not case._can_give_feedback():
                raise UserError(
                    self.env._(
                        "%s isn't solved yet. Ask the customer afterwards.",
                        case.display_name,
                    )
                )

    def _register_feedback(self, vals):
        """Store what a person answered; an earlier answer of theirs stays, but doesn't
        count any more. Who calls it has checked the right.

        :param dict vals: fields of ``complaint.feedback``; without ``partner_id`` it is
            the customer of the case
        :return: the new answer
        """
        self.ensure_one()
        # sudo: nobody has the right to write answers; see above
        answers = self.env["complaint.feedback"].sudo()
        vals = {
            "partner_id": self.partner_id.id,
            "answered_at": fields.Datetime.now(),
            "entered_by_id": self.env.uid,
            **vals,
            "case_id": self.id,
        }
        earlier = answers.search(
            [
                ("case_id", "=", self.id),
                ("partner_id", "=", vals["partner_id"]),
                ("is_current", "=", True),
            ]
        )
        answer = answers.create({**vals, "replaces_id": earlier.id})
        event = "feedback_corrected" if earlier else "feedback_given"
        self._journal_log(event, note=self._describe_feedback(earlier, answer))
        self._legal_scan_feedback(answer)
        return answer.with_env(self.env)

    @api.model
    def _describe_feedback(self, earlier, answer):
        """Return the scores, before and after a correction."""
        return " → ".join(
            f"NPS {one.nps_score}, CSAT {one.satisfaction or '-'}, "
            f"CES {one.effort or '-'}"
            for one in (*earlier, answer)
        )

    # -- merge -----------------------------------------------------------------------
    def _merge_feedback(self, survivor, is_same_customer):
        """Answers go where the work goes on; of one person the latest counts."""
        answers = (self | survivor).feedback_ids
        for same in answers.grouped("partner_id").values():
            same._keep_latest()
        self.feedback_ids.write({"case_id": survivor.id})
        (self | survivor).invalidate_recordset(["feedback_ids"])
