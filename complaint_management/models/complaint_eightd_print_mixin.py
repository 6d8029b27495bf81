from odoo import models


class ComplaintEightdPrintMixin(models.AbstractModel):
    """What the printed reports ask of an 8D."""

    _name = "complaint.eightd.print.mixin"
    _description = "Printed 8D Report"
