from odoo import models


class ComplaintClosingMixin(models.AbstractModel):
    """What follows from the decision: accepted or disputed, watched, come back."""

    _name = "complaint.closing.mixin"
    _description = "Closing"
