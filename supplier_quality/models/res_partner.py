from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    supplier_scar_count = fields.Integer(compute="_compute_supplier_scar_count")
    supplier_scorecard_count = fields.Integer(compute="_compute_supplier_scorecard")
    supplier_grade = fields.Char(
        "Latest supplier grade", compute="_compute_supplier_scorecard"
    )

    def _compute_supplier_scar_count(self):
        """Each contact shows what concerns its whole company."""
        scars = self.env["supplier.scar"]
        counts = {}
        if scars.has_access("read"):
            domain = [("commercial_partner_id", "in", self.commercial_partner_id.ids)]
            counts = dict(
                scars._read_group(domain, ["commercial_partner_id"], ["__count"])
            )
        for partner in self:
            partner.supplier_scar_count = counts.get(partner.commercial_partner_id, 0)

    def _compute_supplier_scorecard(self):
        cards = self.env["supplier.scorecard"]
        counts, latest = {}, {}
        if cards.has_access("read"):
            domain = [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ]
            counts = dict(cards._read_group(domain, ["partner_id"], ["__count"]))
            latest = cards._get_latest_grades(self.commercial_partner_id)
        for partner in self:
            company = partner.commercial_partner_id
            partner.supplier_scorecard_count = counts.get(company, 0)
            partner.supplier_grade = latest.get(company.id, False)

    def action_open_supplier_scars(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supplier_quality.supplier_scar_action"
        )
        company = self.commercial_partner_id
        action["domain"] = [("commercial_partner_id", "=", company.id)]
        action["context"] = {"default_partner_id": self.id}
        return action

    def action_open_supplier_scorecards(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supplier_quality.supplier_scorecard_action"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {}
        return action
