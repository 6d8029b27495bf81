from odoo import models


class ComplaintFeedbackMixin(models.AbstractModel):
    """What the customer thinks of how the case was handled."""

    _name = "complaint.feedback.mixin"
    _description = "Feedback on a Case"
