from odoo import api, fields, models


class MgmtsystemNonconformity(models.Model):
    _inherit = "mgmtsystem.nonconformity"

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
