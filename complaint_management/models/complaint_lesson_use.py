from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .complaint_validity_mixin import MANAGER_GROUP

WITHDRAWAL = {"active", "withdrawn_by_id", "withdrawn_at"}


class ComplaintLessonUse(models.Model):
    """A lesson was applied in a case. Counted once a case; only merging moves it.

    One that was noted by mistake is taken back: it stays written down, archived.
    """

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

    active = fields.Boolean(default=True, readonly=True)
    withdrawn_by_id = fields.Many2one("res.users", "Taken back by", readonly=True)
    withdrawn_at = fields.Datetime("Taken back on", readonly=True)
    can_withdraw = fields.Boolean(compute="_compute_can_withdraw")

    _once_unique = models.UniqueIndex(
        "(case_id, lesson_id) WHERE active",
        "This lesson is applied in this complaint already.",
    )

    @api.depends("used_by_id", "active")
    @api.depends_context("uid")
    def _compute_can_withdraw(self):
        user = self.env.user
        is_manager = user.has_group(MANAGER_GROUP)
        for use in self:
            use.can_withdraw = use.active and (is_manager or use.used_by_id == user)

    def write(self, vals):
        if self and vals.keys() - {"case_id", "company_id"}:
            is_withdrawal = vals.keys() == WITHDRAWAL and not vals["active"]
            if not (self.env.su and is_withdrawal and all(self.mapped("active"))):
                self._raise_final()
        return super().write(vals)

    def action_withdraw(self):
        """Take back what was noted by mistake: who noted it does, or a manager."""
        self.check_access("read")
        self.case_id._check_may_work()
        for use in self:
            if not use.active:
                raise UserError(
                    self.env._("“%s” is taken back already.", use.display_name)
                )
            if not use.can_withdraw:
                raise AccessError(
                    self.env._(
                        "Only %(user)s or a manager can take “%(lesson)s” back.",
                        user=use.used_by_id.name,
                        lesson=use.display_name,
                    )
                )
            # sudo: nobody has the right to write these lines; checked just before
            use.sudo().write(
                {
                    "active": False,
                    "withdrawn_by_id": self.env.uid,
                    "withdrawn_at": fields.Datetime.now(),
                }
            )
            use.case_id._journal_log("lesson_withdrawn", note=use.lesson_id.name)
        self.lesson_id.invalidate_recordset(["use_count", "use_ids"])
        self.case_id.invalidate_recordset(["lesson_use_ids", "applied_lesson_ids"])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        self._raise_final()

    def _raise_final(self):
        raise AccessError(self.env._("Where a lesson was applied stays written down."))
