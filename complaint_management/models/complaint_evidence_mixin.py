from odoo import models


class ComplaintEvidenceMixin(models.AbstractModel):
    """Files that prove something, at every step."""

    _name = "complaint.evidence.mixin"
    _description = "Evidence"
