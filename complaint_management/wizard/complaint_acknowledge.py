from odoo import fields, models

from ..models.complaint_phone_mixin import ACKNOWLEDGE_WAYS


class ComplaintAcknowledge(models.TransientModel):
    """The customer was told by phone or letter that the complaint is here."""

    _name = "complaint.acknowledge"
    _description = "Acknowledgement by Hand"

    case_id = fields.Many2one("complaint.case", required=True)
    phone = fields.Char(related="case_id.partner_phone", string="Call")
    way = fields.Selection(ACKNOWLEDGE_WAYS, "How", required=True, default="phone")
    note = fields.Char(help="With whom you spoke, or when the letter went out.")

    def action_confirm(self):
        self.ensure_one()
        self.case_id._register_acknowledgement(self.way, self.note)
