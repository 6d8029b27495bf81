from odoo import models


class ComplaintNoticeMixin(models.AbstractModel):
    """What the customer is told at each step."""

    _name = "complaint.notice.mixin"
    _description = "Messages by Step"
