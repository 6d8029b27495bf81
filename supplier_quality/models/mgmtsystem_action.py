from odoo import api, fields, models


class MgmtsystemAction(models.Model):
    _inherit = "mgmtsystem.action"
    _hold_once_fields = ("supplier_scar_id",)

    supplier_scar_id = fields.Many2one(
        "supplier.scar",
        "Supplier request",
        index="btree_not_null",
        ondelete="restrict",
        groups="complaint_management.complaint_group_handler,"
        "complaint_management.complaint_group_auditor",
        help="The request to a supplier that this action of our own comes from. The "
        "supplier doesn't see it.",
    )
    complaint_source = fields.Selection(selection_add=[("scar", "Supplier request")])

    @api.depends("supplier_scar_id")
    def _compute_complaint_source(self):
        return super()._compute_complaint_source()

    def _find_complaint_source(self):
        if self.supplier_scar_id and not self.complaint_eightd_id:
            return "scar"
        return super()._find_complaint_source()

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        # sudo: only the pointer, which goes on with the action, whoever replaces it
        for action in actions.sudo().filtered("follows_id"):
            scar = action.follows_id.supplier_scar_id
            if scar and not action.supplier_scar_id:
                action.supplier_scar_id = scar
        return actions

    def write(self, vals):
        if vals.get("supplier_scar_id") and not self.complaint_case_id:
            self._complete_source(vals)
        return super().write(vals)

    def _complete_source(self, vals):
        """What comes from a request comes from its complaint too."""
        if vals.get("supplier_scar_id") and not vals.get("complaint_case_id"):
            # sudo: only the pointer, see the method that this one extends
            scar = self.env["supplier.scar"].sudo().browse(vals["supplier_scar_id"])
            if scar.case_id:
                vals["complaint_case_id"] = scar.case_id.id
        return super()._complete_source(vals)
