from odoo import api, fields, models


class ComplaintFeedbackActionMixin(models.AbstractModel):
    """What the company does because of an answer of a customer."""

    _name = "complaint.feedback.action.mixin"
    _description = "Actions because of Feedback"

    action_ids = fields.One2many(
        "mgmtsystem.action", "complaint_feedback_id", "Actions", readonly=True
    )
    action_count = fields.Integer("Number of actions", compute="_compute_action_count")

    @api.depends("action_ids")
    def _compute_action_count(self):
        for answer in self:
            answer.action_count = len(answer.action_ids)

    def action_improve(self):
        """Open the form of a new improvement that comes from this answer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Improvement"),
            "res_model": "mgmtsystem.action",
            "views": [(False, "form")],
            "context": self._prepare_action_context(),
        }

    def action_open_actions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.mgmtsystem_action_action"
        )
        return {
            **action,
            "domain": [("complaint_feedback_id", "=", self.id)],
            "context": self._prepare_action_context(),
        }

    def _prepare_action_context(self):
        return {
            "default_complaint_feedback_id": self.id,
            "default_complaint_case_id": self.case_id.id,
            "default_company_id": self.company_id.id,
            "default_type_action": "improvement",
        }
