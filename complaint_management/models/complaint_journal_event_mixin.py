from odoo import api, fields, models


class ComplaintJournalEventMixin(models.AbstractModel):
    """What happened, in words. The chain covers the code, which never changes."""

    _name = "complaint.journal.event.mixin"
    _description = "Events of the Journal"

    event_text = fields.Char("What", compute="_compute_event_text")

    @api.depends("event")
    @api.depends_context("lang")
    def _compute_event_text(self):
        labels = self._get_event_labels()
        for entry in self:
            entry.event_text = labels.get(entry.event) or entry.event

    @api.model
    def _get_event_labels(self):
        """Hook: return {code: words in the language of the user}."""
        _ = self.env._
        return {
            **self._get_legal_event_labels(),
            **self._get_action_event_labels(),
            **self._get_cost_event_labels(),
            **self._get_eightd_event_labels(),
            "acknowledged": _("Receipt acknowledged"),
            "approval_asked": _("Approval asked for"),
            "gate_approved": _("Approved"),
            "gate_rejected": _("Approval refused"),
            "approval_void": _("Approval no longer valid"),
            "call_added": _("Call added"),
            "came_back": _("The problem came back"),
            "changed": _("Changed"),
            "created": _("Created"),
            "decision_accepted": _("The customer accepts the decision"),
            "decision_disputed": _("The customer disagrees with the decision"),
            "decision_no_answer": _("The customer gave no answer"),
            "decision_told": _("Decision told to the customer"),
            "erased": _("Personal values erased"),
            "escalated": _("Escalated"),
            "evidence_added": _("Evidence added"),
            "evidence_broken": _("Evidence differs from what was added"),
            "evidence_hid": _("Evidence hidden from the customer"),
            "evidence_shown": _("Evidence shown to the customer"),
            "exported": _("Exported"),
            "gates_skipped": _("Went on without what is advised"),
            "initial_report_sent": _("Initial report sent"),
            "lesson_applied": _("Lesson applied"),
            "lesson_published": _("Lesson published"),
            "lesson_retired": _("Lesson retired"),
            "lesson_withdrawn": _("Applied lesson taken back"),
            "merged_from": _("Another complaint merged into this one"),
            "merged_into": _("Merged into another complaint"),
            "nonconformity_created": _("Nonconformity made"),
            "nonconformity_cut": _("Nonconformity no longer linked"),
            "nonconformity_failed": _("Nonconformity couldn't be made"),
            "nonconformity_linked": _("Nonconformity linked"),
            "nonconformity_waived": _("May close in spite of a nonconformity"),
            "notice_muted": _("Mail about a step not sent"),
            "priority_raised": _("Priority raised by a rule"),
            "promise_recomputed": _("Promise counted again"),
            "read": _("Read"),
            "received_changed": _("Receipt moved"),
            "received_earlier": _("Received earlier"),
            "recurrence_found": _("Recurrence found"),
            "reopened": _("Re-opened"),
            "sender_changed": _("Sender changed"),
            "tracking_link_renewed": _("Link of the customer renewed"),
            "validity_confirmed": _("Judgement confirmed by a second person"),
            "validity_rejected": _("Judgement sent back"),
        }

    @api.model
    def _get_action_event_labels(self):
        _ = self.env._
        return {
            "action_cancelled": _("Action cancelled"),
            "action_eased": _("Verification or check of an action taken away"),
            "action_judged": _("Action judged"),
            "action_optional": _("Action no longer required"),
            "action_required": _("Action required"),
            "action_untied": _("Action taken off the complaint"),
            "action_unverified": _("Verification of an action withdrawn"),
            "action_verified": _("Action verified"),
        }

    @api.model
    def _get_eightd_event_labels(self):
        _ = self.env._
        return {
            "eightd_referred": _("Another complaint refers to this report"),
            "eightd_released": _("Another complaint no longer refers to this report"),
            "quality_overridden": _("Let pass below the quality score"),
            "team_changed": _("Team changed"),
        }

    @api.model
    def _get_legal_event_labels(self):
        _ = self.env._
        return {
            "approved_answer_sent": _("Approved answer sent"),
            "evidence_pack": _("Evidence pack made"),
            "freed": _("Legal hold released"),
            "held": _("Legal hold placed"),
            "legal_alert": _("Legal team alerted"),
            "legal_hit_dismissed": _("Legal word dismissed"),
            "legal_hit_restored": _("Legal word restored"),
            "legal_risk_confirmed": _("Legal risk confirmed"),
        }

    @api.model
    def _get_cost_event_labels(self):
        _ = self.env._
        return {
            "cost_approval_asked": _("Approval of a cost asked for"),
            "cost_approved": _("Cost approved"),
            "cost_confirmed": _("Cost confirmed within the limit"),
            "cost_rejected": _("Cost refused"),
            "cost_withdrawn": _("Cost taken back to correct it"),
            "feedback_corrected": _("Feedback of the customer corrected"),
            "feedback_given": _("Feedback of the customer"),
            "feedback_joined": _("Feedback of contacts that were merged"),
        }
