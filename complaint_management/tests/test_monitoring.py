from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestMonitoring(ComplaintCommon):
    """A solved case is watched; a new one like it says that it didn't work (FL-6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.error = cls.env.ref("complaint_management.complaint_error_type_overheating")
        cls.other_error = cls.env.ref("complaint_management.complaint_error_type_leak")
        cls.stranger = cls.env["res.partner"].create({"name": "Somebody else"})

    def _watched(self, **values):
        case = self._new_case(
            validity="justified",
            validity_reason="Seen",
            root_cause="Loose cable",
            error_type_id=self.error.id,
            received_at=fields.Datetime.now() - timedelta(days=9),
            **values,
        ).with_user(self.handler)
        case.stage_id = self._stage("response")
        case.decision = "You get a new oven."
        self._tell_decision(case)
        case.lesson = "Test the cable"
        action = self.env["mgmtsystem.action"].create(
            {
                "name": "Screw the cable",
                "type_action": "correction",
                "complaint_case_id": case.id,
                "user_id": self.investigator.id,
                "stage_id": self.env.ref("mgmtsystem_action.stage_close").id,
            }
        )
        action.write(
            {"effectiveness_result": "effective", "effectiveness_note": "Tested"}
        )
        case.stage_id = self._stage("monitoring")
        return case.sudo()

    def _back(self, **values):
        vals = {"error_type_id": self.error.id, "user_id": self.handler.id, **values}
        return self._new_case(**vals)

    def test_window_is_of_the_category_else_of_the_company(self):
        today = fields.Date.today()
        self.assertEqual(self._watched().monitoring_until, today + timedelta(days=30))
        self.category.parent_id.monitoring_days = 90
        self.assertEqual(self._watched().monitoring_until, today + timedelta(days=90))
        self.category.monitoring_days = 10
        self.assertEqual(self._watched().monitoring_until, today + timedelta(days=10))

    def test_window_of_company_that_watches_nothing(self):
        self.env.company.complaint_monitoring_days = 0
        self.assertFalse(self._watched().monitoring_until)

    def test_same_product_and_error_comes_back(self):
        old = self._watched()
        new = self._back(partner_id=self.stranger.id)
        self.assertEqual(new.recurrence_of_id, old)
        action = old.action_ids
        self.assertEqual(action.effectiveness_result, "not_effective")
        self.assertIn(new.name, action.effectiveness_note)
        self.assertIn("Tested", action.effectiveness_note)
        self.assertEqual(action.activity_ids.user_id, self.investigator)
        self.assertIn(self.handler, old.activity_ids.user_id)
        self.assertIn("came_back", old.journal_entry_ids.mapped("event"))
        self.assertIn("recurrence_found", new.journal_entry_ids.mapped("event"))
        self.assertFalse(old._gate_check_actions_done())
        action.copy(
            {
                "name": "Another plug",
                "complaint_case_id": old.id,
                "stage_id": action.stage_id.id,
                "follows_id": action.id,
            }
        )
        self.assertTrue(old._gate_check_actions_done())

    def test_same_customer_and_error_comes_back(self):
        old = self._watched()
        self.assertEqual(self._back(product_id=False).recurrence_of_id, old)

    def test_what_is_not_the_same_does_not_come_back(self):
        old = self._watched()
        other = self.env["res.company"].create({"name": "Other"})
        team = self.env["complaint.team"].create(
            {"name": "Other", "company_id": other.id}
        )
        for values in (
            {"error_type_id": self.other_error.id},
            {"error_type_id": False},
            {"product_id": False, "partner_id": self.stranger.id},
            {
                "company_id": other.id,
                "team_id": team.id,
                "user_id": False,
            },
            {"received_at": fields.Datetime.now() - timedelta(days=3)},
        ):
            with self.subTest(values):
                self.assertFalse(self._back(**values).recurrence_of_id)
        self.assertEqual(old.action_ids.effectiveness_result, "effective")
        self.assertFalse(old.recurrence_ids)

    def test_after_the_window_nothing_comes_back(self):
        old = self._watched()
        old.monitoring_until = fields.Date.today() - timedelta(days=1)
        self.assertFalse(self._back().recurrence_of_id)

    def test_error_type_found_in_triage_comes_back(self):
        old = self._watched()
        new = self._back(error_type_id=False)
        self.assertFalse(new.recurrence_of_id)
        new.with_user(self.handler).error_type_id = self.error
        self.assertEqual(new.recurrence_of_id, old)

    def test_many_new_cases_ask_once(self):
        self._watched()
        values = [
            {
                "subject": f"{n}",
                "error_type_id": self.error.id,
                "product_id": product.id,
            }
            for n, product in enumerate(
                self.env["product.product"].create(
                    [{"name": f"P{n}"} for n in range(40)]
                )
            )
        ]
        cases = self.env["complaint.case"].create(values)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        cases._find_recurrences()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 8)

    # -- the end -----------------------------------------------------------------------
    def _let_pass(self, case):
        case.monitoring_until = fields.Date.today() - timedelta(days=1)

    def test_quiet_case_is_closed_at_the_end(self):
        quiet, early = self._watched(), self._watched()
        self._let_pass(quiet)
        self._run_cron("ir_cron_monitoring")
        self.assertEqual((quiet.phase, early.phase), ("closed", "monitoring"))

    def test_case_with_something_missing_is_asked_about_once(self):
        case = self._watched()
        case.lesson = False
        self._let_pass(case)
        self._run_cron("ir_cron_monitoring")
        self._run_cron("ir_cron_monitoring")
        self.assertEqual(case.phase, "monitoring")
        self.assertEqual(len(case.activity_ids), 1)
        self.assertIn("lesson", case.activity_ids.note)

    def test_case_that_came_back_stays(self):
        case = self._watched()
        self._back()
        self._let_pass(case)
        self._run_cron("ir_cron_monitoring")
        self.assertEqual(case.phase, "monitoring")

    def test_reopened_case_is_no_longer_watched(self):
        case = self._watched()
        case.with_user(self.handler)._reopen("It smokes again")
        self.assertFalse(case.monitoring_until)
