from odoo import fields, models


class ComplaintLegalHoldPlace(models.TransientModel):
    """Chosen complaints come under a new hold, or under one that stands."""

    _name = "complaint.legal.hold.place"
    _description = "Put under Legal Hold"

    case_ids = fields.Many2many(
        "complaint.case",
        string="Complaints",
        required=True,
        default=lambda self: self._default_case_ids(),
    )
    hold_id = fields.Many2one(
        "complaint.legal.hold",
        "Under this hold",
        domain="[('state', '!=', 'released')]",
        help="Empty: a new one.",
    )
    name = fields.Char("Matter", help="Who sees a held complaint reads it.")
    reason = fields.Text()

    def _default_case_ids(self):
        if self.env.context.get("active_model") == "complaint.case":
            return self.env.context.get("active_ids") or []
        return []

    def action_place(self):
        """Hold the complaints and show the hold."""
        self.ensure_one()
        hold = self.hold_id
        if hold:
            hold.check_access("write")
            hold.write({"case_ids": [(4, case.id) for case in self.case_ids]})
        else:
            hold = hold.create(
                [
                    {
                        "name": self.name,
                        "reason": self.reason,
                        "company_id": company.id,
                        "case_ids": [(6, 0, cases.ids)],
                    }
                    for company, cases in self.case_ids.grouped("company_id").items()
                ]
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_legal_hold_action"
        )
        if len(hold) > 1:
            return {**action, "domain": [("id", "in", hold.ids)]}
        return {**action, "views": [(False, "form")], "res_id": hold.id}
