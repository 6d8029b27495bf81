from odoo import models


class ComplaintCostMixin(models.AbstractModel):
    """What a failure costs: lines by type, planned and actual."""

    _name = "complaint.cost.mixin"
    _description = "Failure Costs"
