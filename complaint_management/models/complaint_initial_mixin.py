from odoo import api, fields, models


class ComplaintInitialMixin(models.AbstractModel):
    """What was found and done at once, as reports for the customer."""

    _name = "complaint.initial.mixin"
    _description = "Initial Response"

    initial_report_ids = fields.One2many(
        "complaint.initial.report", "case_id", "Initial reports"
    )
    is_initial_report_sent = fields.Boolean(
        "Initial report sent", compute="_compute_is_initial_report_sent"
    )

    @api.depends("initial_report_ids.state")
    def _compute_is_initial_report_sent(self):
        for case in self:
            states = case.initial_report_ids.mapped("state")
            case.is_initial_report_sent = "sent" in states

    def _gate_check_initial_report_sent(self):
        return self.is_initial_report_sent

    def action_open_initial_report(self):
        """Open the draft of an initial report, or start one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_initial_report_action"
        )
        draft = self.initial_report_ids.filtered(lambda r: r.state == "draft")[:1]
        return {
            **action,
            "views": [(False, "form")],
            "view_mode": "form",
            "res_id": draft.id,
            "context": {"default_case_id": self.id},
        }
