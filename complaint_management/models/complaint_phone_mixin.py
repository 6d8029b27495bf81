from odoo import models


class ComplaintPhoneMixin(models.AbstractModel):
    """Cases that a colleague types in: who calls, when it was received, how a customer
    without a mail address is told.
    """

    _name = "complaint.phone.mixin"
    _description = "Calls and Visits"
