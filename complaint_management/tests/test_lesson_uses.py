from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestLessonUses(ComplaintCommon):
    """What was noted as applied by mistake is taken back, with a trace (CA-3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._new_case()
        cls.lesson = cls.env["complaint.lesson"].create(
            {"name": "Screws", "text": "Torque them."}
        )
        cls.lesson.with_user(cls.investigator).action_publish()
        cls.case.with_user(cls.handler)._apply_lesson(cls.lesson)
        cls.use = cls.case.lesson_use_ids

    def _events(self):
        return self.case.journal_entry_ids.mapped("event")

    def test_who_applied_it_takes_it_back_and_the_count_is_right(self):
        self.assertEqual(self.lesson.use_count, 1)
        self.use.with_user(self.handler).action_withdraw()
        self.assertEqual(self.lesson.use_count, 0)
        self.assertFalse(self.case.applied_lesson_ids)
        self.assertFalse(self.case.lesson_use_ids)
        found = self.env["complaint.case"].search(
            self.lesson.action_open_uses()["domain"]
        )
        self.assertFalse(found)
        self.assertEqual(self.use.withdrawn_by_id, self.handler)
        self.assertTrue(self.use.withdrawn_at)
        self.assertIn("lesson_withdrawn", self._events())

    def test_manager_takes_back_and_it_can_be_applied_again(self):
        self.use.with_user(self.manager).action_withdraw()
        self.case.with_user(self.handler)._apply_lesson(self.lesson)
        self.assertEqual(self.lesson.use_count, 1)
        self.assertNotEqual(self.case.lesson_use_ids, self.use)
        self.case.lesson_use_ids.with_user(self.handler).action_withdraw()
        self.assertEqual(self.lesson.use_count, 0)
        self.assertEqual(self._events().count("lesson_withdrawn"), 2)

    def test_twice_and_by_others_refused(self):
        for user in (self.investigator, self.legal, self.other_handler, self.auditor):
            with self.assertRaises(AccessError, msg=user.login):
                self.use.with_user(user).action_withdraw()
        self.assertFalse(self.use.with_user(self.investigator).can_withdraw)
        self.use.with_user(self.handler).action_withdraw()
        with self.assertRaisesRegex(UserError, "already"):
            self.use.with_user(self.handler).action_withdraw()
        self.assertEqual(self._events().count("lesson_withdrawn"), 1)

    def test_no_other_route_takes_it_back(self):
        for vals in (
            {"active": False},
            {"withdrawn_by_id": self.handler.id},
            {"active": False, "withdrawn_by_id": False, "withdrawn_at": False},
        ):
            with self.assertRaises(AccessError, msg=vals):
                self.use.with_user(self.manager).write(vals)
        with self.assertRaises(AccessError):
            self.use.sudo().active = False
        self.use.with_user(self.handler).action_withdraw()
        back = {"active": True, "withdrawn_by_id": False, "withdrawn_at": False}
        with self.assertRaises(AccessError):
            self.use.sudo().write(back)
        with self.assertRaises(AccessError):
            self.use.sudo().unlink()

    def test_under_hold_nothing_is_taken_back(self):
        self.env["complaint.legal.hold"].with_user(self.legal).create(
            {
                "name": "Court 1/2026",
                "reason": "The customer sues",
                "case_ids": [Command.set(self.case.ids)],
            }
        )
        with self.assertRaises(UserError):
            self.use.with_user(self.handler).action_withdraw()
        self.assertEqual(self.lesson.use_count, 1)

    def test_merge_takes_the_trace_along_and_counts_once(self):
        twin = self._new_case()
        self.use.with_user(self.handler).action_withdraw()
        self.case.with_user(self.handler)._apply_lesson(self.lesson)
        twin.with_user(self.handler)._apply_lesson(self.lesson)
        (self.case | twin).with_user(self.manager)._merge(
            twin.with_user(self.manager), True
        )
        self.assertEqual(self.use.case_id, twin)
        self.assertEqual(len(twin.lesson_use_ids), 1)
