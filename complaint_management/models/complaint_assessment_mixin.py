from odoo import models


class ComplaintAssessmentMixin(models.AbstractModel):
    """How bad it is (ISO 10002 7.5), and which priority follows from that."""

    _name = "complaint.assessment.mixin"
    _description = "Initial Assessment"
