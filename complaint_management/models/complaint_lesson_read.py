from odoo import api, fields, models
from odoo.exceptions import AccessError


class ComplaintLessonRead(models.Model):
    """Somebody has read a lesson as it stood then. Never changed, never deleted."""

    _name = "complaint.lesson.read"
    _description = "Lesson Read"
    _inherit = ["complaint.hold.mixin"]
    _hold_cases_sql = "SELECT case_id FROM complaint_lesson WHERE id = rec.lesson_id"
    _order = "read_at desc, id desc"
    _rec_name = "user_id"

    lesson_id = fields.Many2one(
        "complaint.lesson", required=True, readonly=True, ondelete="restrict"
    )
    version = fields.Integer(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Who", required=True, readonly=True, index=True
    )
    read_at = fields.Datetime("When", required=True, readonly=True)
    company_id = fields.Many2one(related="lesson_id.company_id", store=True, index=True)

    _once_unique = models.UniqueIndex(
        "(lesson_id, user_id, version)", "You have read this lesson already."
    )

    def write(self, vals):
        # What derives from the lesson follows it.
        if self and vals.keys() - {"company_id"}:
            self._raise_final()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        self._raise_final()

    def _raise_final(self):
        raise AccessError(self.env._("Who has read a lesson stays written down."))
