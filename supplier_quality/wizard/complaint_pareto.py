from collections import defaultdict

from odoo import api, models


class ComplaintPareto(models.TransientModel):
    """Counts by supplier too: those who were asked about a complaint, and those whom it
    is about."""

    _inherit = "complaint.pareto"

    @api.model
    def _pareto_dimensions(self):
        return {
            **super()._pareto_dimensions(),
            "supplier": (self.env._("Supplier"), None),
        }

    def _pareto_cases_by_supplier(self):
        found = defaultdict(set)
        asked = self.env["supplier.scar"]._read_group(
            [("case_id", "!=", False), ("state", "!=", "cancelled")],
            ["commercial_partner_id"],
            ["case_id:array_agg_distinct"],
        )
        named = self.env["complaint.case"]._read_group(
            [("subject_partner_id", "!=", False)],
            ["subject_partner_id"],
            ["id:array_agg"],
        )
        for partner, case_ids in (*asked, *named):
            # sudo: a contact stands for its company, whoever may read that one
            found[partner.sudo().commercial_partner_id.id].update(case_ids)
        return "res.partner", dict(found)
