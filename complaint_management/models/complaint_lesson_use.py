from odoo import api, fields, models
from odoo.exceptions import AccessError


class ComplaintLessonUse(models.Model):
    """A lesson was applied in a case. Counted once a case; only merging moves it."""

    _name = "complaint.lesson.use"
    _description = "Lesson Applied"
    _inherit = ["complaint.hold.mixin", "complaint.case.part.mixin"]
    _hold_cases_sql = """
        SELECT rec.case_id
        UNION ALL
        SELECT case_id FROM complaint_lesson WHERE id = rec.lesson_id
    """
    _order = "id desc"
    _rec_name = "lesson_id"

    lesson_id = fields.Many2one(
        "complaint.lesson",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    used_by_id = fields.Many2one("res.users", "By", required=True, readonly=True)
    used_at = fields.Datetime("On", required=True, readonly=True)

    _once_unique = models.UniqueIndex(
        "(case_id, lesson_id)", "This lesson is applied in this complaint already."
    )

    def write(self, vals):
        if self and vals.keys() - {"case_id", "company_id"}:
            self._raise_final()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        self._raise_final()

    def _raise_final(self):
        raise AccessError(self.env._("Where a lesson was applied stays written down."))
