from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-13 13:30:00")  # Friday, 17:30 in Baku
class TestSla(ComplaintCommon):
    def _clocks(self, case):
        return {clock.kind: clock for clock in case.sla_clock_ids}

    def test_matrix_critical_counts_clock_hours_from_receipt(self):
        clocks = self._clocks(
            self._new_case(priority="3", received_at="2026-03-13 13:30:00")
        )
        self.assertEqual(clocks["respond"].deadline, self._at("2026-03-13 15:30:00"))
        self.assertEqual(clocks["resolve"].deadline, self._at("2026-03-14 13:30:00"))

    def test_matrix_high_counts_clock_hours(self):
        clocks = self._clocks(
            self._new_case(priority="2", received_at="2026-03-13 13:30:00")
        )
        self.assertEqual(clocks["respond"].deadline, self._at("2026-03-13 17:30:00"))
        self.assertEqual(clocks["resolve"].deadline, self._at("2026-03-15 13:30:00"))

    def test_matrix_medium_counts_business_days_of_team(self):
        clocks = self._clocks(
            self._new_case(priority="1", received_at="2026-03-13 13:30:00")
        )
        # One business day on from Friday 17:30 is Monday 17:30 in Baku (UTC+4).
        self.assertEqual(clocks["respond"].deadline, self._at("2026-03-16 13:30:00"))
        self.assertEqual(clocks["resolve"].deadline, self._at("2026-03-18 13:30:00"))

    def test_matrix_low_skips_public_holiday(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Novruz",
                "calendar_id": self.calendar.id,
                "date_from": "2026-03-15 20:00:00",
                "date_to": "2026-03-16 20:00:00",
            }
        )
        clocks = self._clocks(
            self._new_case(priority="0", received_at="2026-03-13 13:30:00")
        )
        self.assertEqual(clocks["respond"].deadline, self._at("2026-03-18 13:30:00"))

    def test_matrix_most_specific_line_wins(self):
        policies = self.env["complaint.sla.policy"]
        by_parent = policies.create(
            {
                "category_id": self.category.parent_id.id,
                "unit": "clock_hours",
                "respond": 7,
            }
        )
        self.assertEqual(self._new_case().sla_policy_id, by_parent)
        by_category = policies.create(
            {"category_id": self.category.id, "unit": "clock_hours", "respond": 6}
        )
        case = self._new_case()
        self.assertEqual(case.sla_policy_id, by_category)
        self.assertEqual(
            self._clocks(case)["respond"].deadline, self._at("2026-03-13 19:30:00")
        )
        self.assertNotIn("resolve", self._clocks(case))

    def test_priority_change_moves_deadline_and_keeps_start(self):
        case = self._new_case(priority="0", received_at="2026-03-13 12:00:00")
        case.priority = "3"
        clocks = self._clocks(case)
        self.assertEqual(clocks["respond"].deadline, self._at("2026-03-13 14:00:00"))
        self.assertEqual(
            clocks["respond"].event_ids.mapped("kind"), ["start", "retarget"]
        )
        self.assertEqual(case.sla_deadline, self._at("2026-03-13 14:00:00"))

    def test_respond_stops_only_on_what_the_customer_can_read(self):
        case = self._new_case(priority="3")
        respond = self._clocks(case)["respond"]
        case.with_user(self.handler).message_post(body="A note among ourselves")
        self.assertEqual(respond.state, "running")
        case.message_post(
            body="From the customer",
            author_id=self.customer.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(respond.state, "running")
        case._acknowledge()
        self.assertEqual(respond.state, "running")
        self._answer(case, self.handler)
        self.assertEqual(respond.state, "met")
        self.assertTrue(case.responded_at)

    def test_sweep_breach_opens_one_activity_for_owner(self):
        case = self._new_case(priority="3", received_at="2026-03-13 10:00:00")
        self._run_cron("ir_cron_sla_sweep")
        self._run_cron("ir_cron_sla_sweep")
        respond = self._clocks(case)["respond"]
        self.assertEqual(respond.state, "missed")
        self.assertEqual(respond.event_ids.mapped("kind").count("breach"), 1)
        self.assertEqual(case.sla_status, "late")
        activities = case.activity_ids
        self.assertEqual(activities.user_id, self.handler)
        self.assertEqual(len(activities), 1)

    def test_sweep_nothing_due_changes_nothing(self):
        case = self._new_case(priority="0")
        self._run_cron("ir_cron_sla_sweep")
        self.assertEqual(set(case.sla_clock_ids.mapped("state")), {"running"})

    def test_late_answer_stays_missed(self):
        case = self._new_case(priority="3", received_at="2026-03-13 10:00:00")
        self._answer(case, self.handler)
        respond = self._clocks(case)["respond"]
        self.assertEqual(respond.state, "missed")
        self.assertTrue(respond.breached_at)
        self.assertTrue(respond.stopped_at)

    def test_cancelled_case_cancels_promises(self):
        case = self._new_case()
        case.stage_id = self._stage("cancelled")
        self.assertEqual(set(case.sla_clock_ids.mapped("state")), {"cancelled"})
        self.assertEqual(case.sla_status, "none")

    def test_flexible_calendar_does_not_keep_a_case_out(self):
        self.calendar.flexible_hours = True
        with self.assertRaises(ValueError):
            self.calendar._get_business_time()
        case = self._new_case(priority="1", received_at="2026-03-13 13:30:00")
        respond = self._clocks(case)["respond"]
        self.assertEqual(respond.unit, "clock_hours")
        self.assertEqual(respond.deadline, self._at("2026-03-14 13:30:00"))

    def test_calendar_change_counts_for_the_next_case(self):
        self._new_case(priority="1")
        self.calendar.attendance_ids.filtered(lambda a: a.dayofweek == "0").unlink()
        case = self._new_case(priority="1", received_at="2026-03-13 13:30:00")
        # No Monday any more: the next business day is Tuesday.
        self.assertEqual(
            self._clocks(case)["respond"].deadline, self._at("2026-03-17 13:30:00")
        )

    def test_events_are_append_only(self):
        event = self._new_case().sla_clock_ids[0].event_ids
        with self.assertRaises(AccessError):
            event.write({"note": "changed"})
        with self.assertRaises(AccessError):
            event.unlink()

    def test_clock_is_not_written_by_a_manager(self):
        clock = self._new_case().sla_clock_ids[0].with_user(self.manager)
        with self.assertRaises(AccessError):
            clock.write({"deadline": "2030-01-01"})

    def test_half_business_day_refused(self):
        with self.assertRaises(ValidationError):
            self.env["complaint.sla.policy"].create(
                {"unit": "business_days", "respond": 1.5}
            )
