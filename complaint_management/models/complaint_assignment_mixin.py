from odoo import models


class ComplaintAssignmentMixin(models.AbstractModel):
    """Who gets a new case."""

    _name = "complaint.assignment.mixin"
    _description = "Assignment"
