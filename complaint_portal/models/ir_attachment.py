from odoo import fields, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    is_customer_visible = fields.Boolean(
        "Shown to the customer",
        help="The customer can download this file on the page of their complaint. "
        "Files of messages that the customer can read are shown anyway.",
    )
