"""One 8D report for several complaints (ED-1): who may refer to what, and what follows
from it."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .eightd_common import EightdCommon


@tagged("post_install", "-at_install")
class TestEightdReference(EightdCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._new_case(subject="My lid melts as well")
        cls.stranger = cls.env["res.partner"].create(
            {"name": "Fərid Hüseynov", "email": "ferid@other.example"}
        )

    def _refer(self, case=None, user=None, report=None, **values):
        case = (case or self.other).with_user(user or self.investigator)
        report = report or self.report
        case.write({"eightd_reference_id": report.id, **values})
        return case

    def _assert_refused(self, words, error=UserError, **values):
        with self.assertRaises(error) as refusal:
            self._refer(**values)
        self.assertIn(words, str(refusal.exception))

    def test_same_customer_refers_once_d4_is_accepted(self):
        self._work_through(self.report, "d4")
        self._refer()
        self.assertEqual(self.report.reference_case_ids, self.other)
        self.assertEqual(self.other.eightd_reference_id, self.report)

    def test_only_d3_accepted_refused(self):
        self._work_through(self.report, "d3")
        self._provide_d4(self.report)
        self._hand_in(self.report, "d4")
        self._assert_refused("isn't accepted yet")

    def test_cancelled_report_refused(self):
        self._work_through(self.report, "d4")
        self.report.action_cancel()
        self._assert_refused("is cancelled")

    def test_reference_to_a_reference_refused(self):
        """Data that went past the rules would make a chain."""
        self._work_through(self.report, "d4")
        third = self._new_case(subject="A third lid")
        self.env.cr.execute(
            "UPDATE complaint_case SET eightd_reference_id = %s WHERE id = %s",
            [self._new_report(case_id=third.id).id, self.case.id],
        )
        self.env.invalidate_all()
        self._assert_refused("itself")

    def test_case_with_report_of_its_own_refers_to_none(self):
        self._work_through(self.report, "d4")
        own = self._new_report(case_id=self.other.id)
        self._assert_refused("report of its own")
        own.action_cancel()
        self._refer()

    def test_case_that_refers_starts_no_report_of_its_own(self):
        self._work_through(self.report, "d4")
        self._refer()
        with self.assertRaises(UserError):
            self._new_report(case_id=self.other.id)
        other = self._new_report(case_id=self._new_case().id)
        with self.assertRaises(UserError):
            other.case_id = self.other

    def test_own_report_refused(self):
        self._work_through(self.report, "d4")
        self._assert_refused("own report", case=self.case)

    def test_other_customer_takes_a_manager(self):
        self._work_through(self.report, "d4")
        self.other.partner_id = self.stranger
        self._assert_refused(
            "A manager decides", AccessError, eightd_reference_reason="Same lot"
        )
        with self.assertRaises(AccessError):
            self._refer(case=self.other.sudo().with_user(self.investigator).sudo())

    def test_other_customer_takes_a_reason(self):
        self._work_through(self.report, "d4")
        self.other.partner_id = self.stranger
        self._assert_refused("Write why", user=self.manager)
        self._refer(user=self.manager, eightd_reference_reason="Same lot L-70")

    def test_import_keeps_the_rules(self):
        self._work_through(self.report, "d3")
        result = (
            self.env["complaint.case"]
            .with_user(self.investigator)
            .load(
                [".id", "eightd_reference_id/.id"],
                [[str(self.other.id), str(self.report.id)]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertFalse(self.other.eightd_reference_id)

    def test_nobody_refers_to_what_they_may_not_read(self):
        self._work_through(self.report, "d4")
        self.case.is_confidential = True
        case = self.other.with_user(self.member)
        with self.assertRaises(AccessError):
            case.eightd_reference_id = self.report

    def test_both_journals_tell(self):
        self._work_through(self.report, "d4")
        self._refer(user=self.manager, eightd_reference_reason="Same lot L-70")
        entry = self.other.with_user(self.auditor).journal_entry_ids.sorted("id")[-1]
        self.assertEqual(entry.after["eightd_reference_id"], self.report.id)
        entries = self.report.with_user(self.auditor).journal_entry_ids.sorted("id")
        self.assertEqual(entries[-1].event, "eightd_referred")
        self.assertEqual(entries[-1].note, f"{self.other.name}: Same lot L-70")
        self.other.with_user(self.manager).eightd_reference_id = False
        entries = self.report.with_user(self.auditor).journal_entry_ids.sorted("id")
        self.assertEqual(entries[-1].event, "eightd_released")

    def test_gate_looks_at_the_report_referred_to(self):
        self._work_through(self.report, "d4")
        self._refer()
        self.assertFalse(self.other._gate_check_eightd_finished())
        self._work_rest()
        self.assertTrue(self.other._gate_check_eightd_finished())

    def _work_rest(self):
        for code in ("d5", "d6", "d7", "d8"):
            self._provide(self.report, code)
            self._hand_in(self.report, code)
            self._sign(self.report, code)
        self.report.action_done()

    def test_cancelled_report_holds_no_case_back(self):
        own = self._new_report(case_id=self.other.id)
        self.assertFalse(self.other._gate_check_eightd_finished())
        own.action_cancel()
        self.assertTrue(self.other._gate_check_eightd_finished())

    def test_report_that_others_refer_to_is_not_cancelled(self):
        self._work_through(self.report, "d4")
        self._refer()
        with self.assertRaises(UserError):
            self.report.action_cancel()
        self.other.eightd_reference_id = False
        self.report.action_cancel()

    def test_reference_opens_no_door(self):
        """Who may read one of the complaints doesn't see the other one by it."""
        far_team = self.env["complaint.team"].create(
            {"name": "Far", "member_ids": [(6, 0, self.other_handler.ids)]}
        )
        self._work_through(self.report, "d4")
        self.other.write({"team_id": far_team.id, "user_id": self.other_handler.id})
        self.env.flush_all()
        self._refer(user=self.manager)
        case = self.other.with_user(self.other_handler)
        self.assertEqual(case.eightd_reference_id.display_name, self.report.name)
        with self.assertRaises(AccessError):
            case.eightd_reference_id.read(["subject"])
        self.env.invalidate_all()
        seen = self.report.with_user(self.member).read(["reference_case_ids"])
        self.assertFalse(seen[0]["reference_case_ids"])

    def test_merge_takes_the_reference_along(self):
        self._work_through(self.report, "d4")
        self._refer()
        survivor = self._new_case(subject="My lid melts, again")
        (self.other | survivor).with_user(self.manager)._merge(survivor)
        self.assertEqual(survivor.eightd_reference_id, self.report)
        self.assertFalse(self.other.eightd_reference_id)

    def test_merge_with_the_case_of_the_report_ends_the_reference(self):
        self._work_through(self.report, "d4")
        self._refer()
        (self.other | self.case).with_user(self.manager)._merge(self.other)
        self.assertEqual(self.report.case_id, self.other)
        self.assertFalse(self.other.eightd_reference_id)
