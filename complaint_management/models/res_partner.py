from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    complaint_segment_id = fields.Many2one("complaint.segment", "Customer segment")
    complaint_case_count = fields.Integer(
        "Number of complaints", compute="_compute_complaint_counts"
    )
    complaint_late_count = fields.Integer(
        "Number of late complaints", compute="_compute_complaint_counts"
    )

    def _compute_complaint_counts(self):
        """Count the cases of the company and all its contacts."""
        cases = self.env["complaint.case"]
        if not cases.has_access("read"):
            self.complaint_case_count = self.complaint_late_count = 0
            return
        # Each partner counts for itself and its ancestors, like sales do in core.
        descendants = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", self.ids)], ["parent_id"]
        )
        groups = cases._read_group(
            [("partner_id", "in", descendants.ids)],
            ["partner_id", "sla_status"],
            ["__count"],
        )
        totals = dict.fromkeys(self._ids, 0)
        late = dict.fromkeys(self._ids, 0)
        for partner, status, count in groups:
            while partner:
                if partner.id in totals:
                    totals[partner.id] += count
                    late[partner.id] += count if status == "late" else 0
                partner = partner.parent_id
        for partner in self:
            partner.complaint_case_count = totals.get(partner.id, 0)
            partner.complaint_late_count = late.get(partner.id, 0)

    def action_open_complaint_cases(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        action["domain"] = [("partner_id", "child_of", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
