from odoo import api, fields, models


class ComplaintEvidenceMixin(models.AbstractModel):
    """Files that prove something about the case, at every step."""

    _name = "complaint.evidence.mixin"
    _description = "Evidence of a Case"

    evidence_ids = fields.One2many(
        "complaint.evidence", "case_id", readonly=True, copy=False
    )
    evidence_count = fields.Integer(
        "Pieces of evidence", compute="_compute_evidence_count"
    )

    @api.depends("evidence_ids.replaced_by_id")
    def _compute_evidence_count(self):
        for case in self:
            current = case.evidence_ids.filtered(lambda line: not line.replaced_by_id)
            case.evidence_count = len(current)

    def action_add_evidence(self):
        self.ensure_one()
        return self._open_evidence_form()

    def _open_evidence_form(self, **context):
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add evidence"),
            "res_model": "complaint.evidence.add",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id, **context},
        }

    def _alert_broken_evidence(self):
        """A stored file isn't what was added: somebody must look."""
        self.ensure_one()
        user = self.team_id.leader_id or self.user_id
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=user.id or self.env.uid,
            summary=self.env._("A file of the evidence was changed"),
        )
