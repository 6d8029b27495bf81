from odoo import models


class ComplaintSimilarMixin(models.AbstractModel):
    """Finds cases like this one, marks repeats, and merges what is one complaint."""

    _name = "complaint.similar.mixin"
    _description = "Similar Cases"
