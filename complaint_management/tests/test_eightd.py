from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .eightd_common import EightdCommon


@tagged("post_install", "-at_install")
class TestEightd(EightdCommon):
    @freeze_time("2026-03-13 13:30:00")
    def test_create_makes_nine_disciplines_with_deadlines(self):
        report = self._new_report(started_at="2026-03-13 13:30:00")
        self.assertEqual(len(report.step_ids), 9)
        self.assertEqual(
            self._step(report, "d3").date_due, self._at("2026-03-14 13:30:00")
        )
        self.assertEqual(
            self._step(report, "d5").date_due, self._at("2026-03-23 13:30:00")
        )
        self.assertEqual(
            self._step(report, "d8").date_due, self._at("2026-04-12 13:30:00")
        )

    def test_submit_d4_before_d3_refused(self):
        report = self._new_report()
        step = self._step(report, "d4")
        step.content = "<p>Cause</p>"
        with self.assertRaises(UserError):
            step.action_submit()

    def test_submit_empty_discipline_refused(self):
        step = self._step(self._new_report(), "d0")
        step.content = "<p><br></p>"
        with self.assertRaises(UserError):
            step.action_submit()

    def test_reject_needs_comment_and_counts_rounds(self):
        step = self._step(self._new_report(), "d0")
        step.content = "<p>Stopped the line</p>"
        step.action_submit()
        with self.assertRaises(UserError):
            step.action_reject()
        step.comment = "Which line?"
        step.action_reject()
        self.assertEqual((step.state, step.round), ("rejected", 1))
        step.action_submit()
        self.assertEqual(step.state, "submitted")

    def test_signed_off_discipline_is_not_rewritten(self):
        report = self._new_report()
        self._work_through(report, "d2")
        step = self._step(report, "d2")
        self.assertEqual(step.signed_by_id, self.reviewer)
        self.assertEqual(step.submitted_by_id, self.investigator)
        with self.assertRaises(UserError):
            step.write({"content": "<p>Other</p>"})

    def test_close_with_open_discipline_or_action_refused(self):
        report = self._new_report()
        with self.assertRaises(UserError):
            report.action_done()
        self._work_through(report)
        action = (
            self.env["mgmtsystem.action"]
            .with_user(self.investigator)
            .create(
                {
                    "name": "New supplier of cables",
                    "type_action": "correction",
                    "complaint_step_id": self._step(report, "d5").id,
                }
            )
        )
        self.assertEqual(action.complaint_eightd_id, report)
        self.assertEqual(action.complaint_case_id, self.case)
        with self.assertRaises(UserError):
            report.action_done()
        self._finish_actions(action.with_user(self.investigator))
        report.action_done()
        self.assertEqual(report.state, "done")

    def test_handler_reads_but_does_not_write(self):
        report = self._new_report().with_user(self.handler)
        self.assertEqual(len(report.step_ids), 9)
        with self.assertRaises(AccessError):
            report.step_ids[0].write({"content": "<p>x</p>"})

    def test_checker_same_as_owner_refused(self):
        with self.assertRaises(ValidationError):
            self.env["mgmtsystem.action"].create(
                {
                    "name": "Check",
                    "type_action": "correction",
                    "user_id": self.investigator.id,
                    "effectiveness_checker_id": self.investigator.id,
                }
            )

    def test_action_mail_waits_for_the_transaction(self):
        self.env["mgmtsystem.action"].create(
            {
                "name": "Mail",
                "type_action": "correction",
                "user_id": self.investigator.id,
            }
        )
        mail = self.env["mail.mail"].search([("subject", "=", "Mail")])
        self.assertEqual(mail.state, "outgoing")

    def test_whys_belong_to_their_host(self):
        self.case.write({"why_ids": [(0, 0, {"answer": "Cable", "is_root": True})]})
        report = self._new_report(why_ids=[(0, 0, {"answer": "Crimp"})])
        self.assertEqual(self.case.why_ids.mapped("answer"), ["Cable"])
        self.assertEqual(report.why_ids.mapped("answer"), ["Crimp"])
        self.assertTrue(self.case.has_root_cause)
        self.assertFalse(report.has_root_cause)
