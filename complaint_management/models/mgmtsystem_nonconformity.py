from odoo import api, fields, models


class MgmtsystemNonconformity(models.Model):
    _name = "mgmtsystem.nonconformity"
    _inherit = ["complaint.hold.mixin", "mgmtsystem.nonconformity"]
    _hold_cases_sql = """
        SELECT case_id FROM complaint_case_nonconformity_rel
         WHERE nonconformity_id = rec.id
    """
    _hold_free_fields = (
        "stage_id",
        "kanban_state",
        "closing_date",
        "user_id",
        "responsible_user_id",
        "manager_user_id",
        "audit_ids",
    )
    _hold_once_fields = (
        "analysis",
        "severity_id",
        "cause_ids",
        "procedure_ids",
        "immediate_action_id",
        "action_ids",
        "action_comments",
        "evaluation_comments",
        "complaint_case_ids",
    )

    complaint_case_ids = fields.Many2many(
        "complaint.case",
        "complaint_case_nonconformity_rel",
        "nonconformity_id",
        "case_id",
        "Complaints",
        readonly=True,
        copy=False,
    )
    complaint_case_count = fields.Integer(
        "Number of complaints", compute="_compute_complaint_case_count"
    )

    @api.depends("complaint_case_ids")
    def _compute_complaint_case_count(self):
        for nonconformity in self:
            nonconformity.complaint_case_count = len(nonconformity.complaint_case_ids)

    def write(self, vals):
        result = super().write(vals)
        if "stage_id" in vals:
            self._tell_complaint_cases()
        return result

    def _tell_complaint_cases(self):
        """The cases show what happens to the nonconformity."""
        # sudo: who works on nonconformities need not see complaints; only the number
        # and state of this very record are written down
        for nonconformity in self.sudo():
            for case in nonconformity.complaint_case_ids:
                case._message_log(
                    body=self.env._(
                        "Nonconformity %(ref)s is now: %(stage)s",
                        ref=nonconformity.ref,
                        stage=nonconformity.stage_id.name,
                    )
                )

    def action_open_complaint_cases(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        domain = [("id", "in", self.complaint_case_ids.ids)]
        return {**action, "domain": domain, "context": {}}
