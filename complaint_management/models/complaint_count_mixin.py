from odoo import api, fields, models


class ComplaintCountMixin(models.AbstractModel):
    """How many complaints there are about a record: all, open and late ones."""

    _name = "complaint.count.mixin"
    _description = "Number of Complaints"

    complaint_case_count = fields.Integer(
        "Number of complaints", compute="_compute_complaint_counts"
    )
    complaint_open_count = fields.Integer(
        "Number of open complaints", compute="_compute_complaint_counts"
    )
    complaint_late_count = fields.Integer(
        "Number of late complaints", compute="_compute_complaint_counts"
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_complaint_counts(self):
        totals = self._count_complaints()
        for record in self:
            (
                record.complaint_case_count,
                record.complaint_open_count,
                record.complaint_late_count,
            ) = totals.get(record.id, (0, 0, 0))

    def _count_complaints(self):
        """Return {id: (all, open, late)} of the cases that the user may see, with one
        query."""
        raise NotImplementedError
