from odoo import models


class ComplaintImpartialMixin(models.AbstractModel):
    """Whom a complaint is about; they neither handle, judge nor close it (ISO 10002
    4.7).
    """

    _name = "complaint.impartial.mixin"
    _description = "Impartiality"
