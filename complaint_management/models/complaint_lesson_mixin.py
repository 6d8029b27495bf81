from odoo import models


class ComplaintLessonMixin(models.AbstractModel):
    """What a case taught, and what earlier cases teach about it."""

    _name = "complaint.lesson.mixin"
    _description = "Lessons of a Case"
