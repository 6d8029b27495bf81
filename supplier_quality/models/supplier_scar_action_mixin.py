from odoo import api, fields, models


class SupplierScarActionMixin(models.AbstractModel):
    """What the company itself does because of a supplier; the supplier sees none of
    it."""

    _name = "supplier.scar.action.mixin"
    _description = "Own Actions because of a Supplier"

    action_ids = fields.One2many("mgmtsystem.action", "supplier_scar_id", "Own actions")
    action_count = fields.Integer(
        "Number of own actions", compute="_compute_action_count"
    )

    @api.depends("action_ids")
    def _compute_action_count(self):
        for scar in self:
            scar.action_count = len(scar.action_ids)

    def action_open_actions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.mgmtsystem_action_action"
        )
        return {
            **action,
            "domain": [("supplier_scar_id", "=", self.id)],
            "context": {
                "default_supplier_scar_id": self.id,
                "default_complaint_case_id": self.case_id.id,
                "default_type_action": "correction",
                "default_company_id": self.company_id.id,
            },
        }
