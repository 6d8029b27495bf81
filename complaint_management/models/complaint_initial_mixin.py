from odoo import models


class ComplaintInitialMixin(models.AbstractModel):
    """What was found and done at once, as a report."""

    _name = "complaint.initial.mixin"
    _description = "Initial Response Report"
