from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ComplaintCase(models.Model):
    _inherit = "complaint.case"

    scar_ids = fields.One2many("supplier.scar", "case_id", "Supplier requests")
    scar_count = fields.Integer(compute="_compute_scar_count")

    @api.depends("scar_ids")
    def _compute_scar_count(self):
        for case in self:
            case.scar_count = len(case.scar_ids)

    def _get_customer_identifiers(self):
        """Hook: return every string that would tell a supplier who the customer is."""
        found = set()
        # sudo: a merged complaint is part of this one, and its customer too stays
        # unknown, whoever writes to the supplier
        for case in self.sudo() | self.sudo().merged_case_ids:
            found |= {
                case.name,
                case.partner_name,
                case.partner_company,
                case.email_from,
                case.email_normalized,
                case.partner_phone,
                case.order_ref,
                case.external_ref,
                case.on_behalf_of,
            }
            for partner in case.partner_id | case.commercial_partner_id:
                found |= {
                    partner.name,
                    partner.email,
                    partner.phone,
                    partner.street,
                    partner.vat,
                    partner.ref,
                    partner.website,
                }
        return sorted(filter(None, found))

    def _get_pack_hosts(self):
        return [*super()._get_pack_hosts(), self.scar_ids, self.scar_ids.answer_ids]

    def _check_no_supplier(self, partners):
        """A supplier who is asked about this case never reads anything of it."""
        if not partners:
            return
        # sudo: which suppliers are asked must hold for everybody who writes here
        suppliers = self.sudo().scar_ids.commercial_partner_id
        if found := partners.commercial_partner_id & suppliers:
            raise UserError(
                self.env._(
                    "%s is a supplier who is asked about this complaint. Write in the "
                    "request to the supplier instead.",
                    ", ".join(found.mapped("name")),
                )
            )

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        # sudo: names of partners, to compare their companies only
        self._check_no_supplier(self.env["res.partner"].sudo().browse(partner_ids))
        return super().message_subscribe(partner_ids, subtype_ids)

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        self._check_no_supplier(message.partner_ids.filtered("partner_share"))
        return result

    def _get_merge_movers(self):
        return [*super()._get_merge_movers(), "_merge_scars"]

    def _merge_scars(self, survivor, is_same_customer):
        """Requests to suppliers go on with the case that stays."""
        self.with_context(active_test=False).scar_ids.write({"case_id": survivor.id})

    def action_send_to_supplier(self):
        """Open the form that makes a request to a supplier from this case."""
        self.ensure_one()
        self.check_access("read")
        if not self.env["supplier.scar"].has_access("create"):
            raise AccessError(
                self.env._("You are not allowed to make requests to suppliers.")
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supplier_quality.supplier_scar_create_action"
        )
        return {**action, "context": {"default_case_id": self.id}}

    def action_open_scars(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supplier_quality.supplier_scar_action"
        )
        action["domain"] = [("case_id", "=", self.id)]
        action["context"] = {"default_case_id": self.id}
        if self.scar_count == 1:
            action |= {
                "views": [(False, "form")],
                "view_mode": "form",
                "res_id": self.scar_ids.id,
            }
        return action
