from freezegun import freeze_time

from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-13 10:00:00")  # Friday, 14:00 in Baku, after lunch
class TestSlaEngine(ComplaintCommon):
    """Pauses, re-targeting, levels and the proof; 8 business hours to resolve."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["complaint.sla.policy"].create(
            {
                "category_id": cls.category.id,
                "unit": "business_hours",
                "respond": 4,
                "resolve": 8,
            }
        )
        cls.reason = cls.env.ref(
            "complaint_management.complaint_sla_pause_reason_customer"
        )

    def setUp(self):
        super().setUp()
        self.case = self._new_case(received_at="2026-03-13 10:00:00")
        self.resolve = self.case.sla_clock_ids.filtered(lambda c: c.kind == "resolve")

    def _assert_proved(self):
        self.env.flush_all()
        self.assertFalse(self.case.sla_clock_ids._find_wrong())

    def _kinds(self, clock):
        return clock.event_ids.mapped("kind")

    def test_start_keeps_the_opening_hours(self):
        self.assertEqual(self.resolve.deadline, self._at("2026-03-16 09:00:00"))
        self.assertEqual(self.resolve.hours_id.name, self.calendar.name)
        self.assertEqual(self.resolve.event_ids.hours_id, self.resolve.hours_id)
        self._assert_proved()

    def test_pause_overnight_moves_by_business_time_only(self):
        with freeze_time("2026-03-13 12:00:00"):
            self.case._sla_pause(self.reason)
        self.assertEqual(self.case.sla_status, "paused")
        self.assertEqual(self.resolve.pause_reason_id, self.reason)
        with freeze_time("2026-03-16 06:00:00"):
            self.case._sla_resume()
        # 2 h on Friday and 1 h on Monday stood still.
        self.assertEqual(self.resolve.deadline, self._at("2026-03-16 13:00:00"))
        self.assertAlmostEqual(self.resolve.paused_hours, 3)
        self._assert_proved()

    def test_pause_at_night_moves_nothing(self):
        deadline = self.resolve.deadline
        with freeze_time("2026-03-13 15:00:00"):
            self.case._sla_pause(self.reason)
        with freeze_time("2026-03-16 04:00:00"):
            self.case._sla_resume()
        self.assertEqual(self.resolve.deadline, deadline)
        self._assert_proved()

    def test_paused_clock_is_never_late(self):
        self.case._sla_pause(self.reason)
        self.reason.cap_hours = 0
        with freeze_time("2026-03-20 10:00:00"):
            self._run_cron("ir_cron_sla_sweep")
            self.assertEqual(self.resolve.state, "paused")

    def test_longest_pause_ends_by_itself_and_is_told(self):
        self.reason.cap_hours = 4
        self.case._sla_pause(self.reason)
        with freeze_time("2026-03-13 14:30:00"):
            self._run_cron("ir_cron_sla_sweep")
        self.assertEqual(self.resolve.state, "running")
        self.assertEqual(self._kinds(self.resolve)[:3], ["start", "pause", "resume"])
        self.assertEqual(
            self.resolve.event_ids[2].occurred_at, self._at("2026-03-13 14:00:00")
        )
        self.assertEqual(self.resolve.deadline, self._at("2026-03-16 14:00:00"))
        self._assert_proved()

    def test_priority_change_keeps_pauses(self):
        self.policy.copy({"priority": "3", "resolve": 4})
        with freeze_time("2026-03-13 11:00:00"):
            self.case._sla_pause(self.reason)
        with freeze_time("2026-03-13 12:00:00"):
            self.case._sla_resume()
            self.case.priority = "3"
        self.assertEqual(self.resolve.deadline, self._at("2026-03-16 06:00:00"))
        self._assert_proved()

    def test_paused_clock_is_retargeted_too(self):
        self.policy.copy({"priority": "3", "resolve": 4})
        with freeze_time("2026-03-13 11:00:00"):
            self.case._sla_pause(self.reason)
            self.case.priority = "3"
        with freeze_time("2026-03-13 12:00:00"):
            self.case._sla_resume()
        self.assertEqual(self.resolve.deadline, self._at("2026-03-16 06:00:00"))

    def test_promise_gone_and_back_counts_since_receipt(self):
        gone = self.policy.copy({"priority": "3", "resolve": 0})
        with freeze_time("2026-03-13 11:00:00"):
            self.case.priority = "3"
        self.assertEqual(self.resolve.state, "cancelled")
        with freeze_time("2026-03-13 13:00:00"):
            self.case.priority = "1"
        fresh = self.case.sla_clock_ids.filtered(
            lambda c: c.kind == "resolve" and c.state == "running"
        )
        self.assertEqual(len(fresh), 1)
        self.assertEqual(fresh.deadline, self._at("2026-03-16 09:00:00"))
        self.assertTrue(gone)
        self._assert_proved()

    def test_promise_gone_and_back_has_one_clock_also_when_reopened(self):
        self.policy.copy({"priority": "3", "resolve": 0})
        self.case.priority = "3"
        self.case.priority = "1"
        with freeze_time("2026-03-13 12:00:00"):
            self.case._sla_stop("resolve")
        with freeze_time("2026-03-16 05:00:00"):
            self.case._sla_reopen()
        clocks = self.case.sla_clock_ids.filtered(lambda c: c.kind == "resolve")
        self.assertEqual(clocks.sorted("id").mapped("state"), ["cancelled", "running"])
        self._assert_proved()

    def test_cancelled_case_reopened_promises_again_what_was_not_answered(self):
        with freeze_time("2026-03-13 11:00:00"):
            self.case._sla_cancel("Case cancelled")
        self.assertEqual(self.case.sla_status, "none")
        with freeze_time("2026-03-16 05:00:00"):
            self.case._sla_reopen()
        clocks = {c.kind: c.deadline for c in self.case.sla_clock_ids}
        # 3 of 4 and 7 of 8 hours are left, from Monday 09:00 in Baku on.
        self.assertEqual(clocks["respond"], self._at("2026-03-16 08:00:00"))
        self.assertEqual(clocks["resolve"], self._at("2026-03-16 13:00:00"))
        self.assertEqual(self.case.sla_status, "running")
        self._assert_proved()

    def test_answered_promise_stays_answered_when_a_cancelled_case_is_reopened(self):
        with freeze_time("2026-03-13 11:00:00"):
            self.case._sla_stop("respond")
            self.case._sla_cancel("Case cancelled")
            self.case._sla_reopen()
        states = {c.kind: c.state for c in self.case.sla_clock_ids}
        self.assertEqual(states, {"respond": "met", "resolve": "running"})

    def test_reopened_case_goes_on_with_time_used(self):
        with freeze_time("2026-03-13 13:00:00"):
            self.case._sla_stop("resolve")
        self.assertEqual(self.resolve.state, "met")
        self.assertAlmostEqual(self.resolve.used_hours, 3)
        with freeze_time("2026-03-18 05:00:00"):
            self.case._sla_reopen()
        self.assertEqual(self.resolve.state, "running")
        # 5 h were left: Wednesday 09:00 to 13:00 and 14:00 to 15:00 in Baku.
        self.assertEqual(self.resolve.deadline, self._at("2026-03-18 11:00:00"))
        self._assert_proved()

    def test_new_holiday_replans_open_clocks_only(self):
        other = self._new_case(received_at="2026-03-13 10:00:00")
        other._sla_stop("resolve")
        stopped = other.sla_clock_ids.filtered(lambda c: c.kind == "resolve")
        before = (stopped.deadline, stopped.hours_id)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Novruz",
                "calendar_id": self.calendar.id,
                "date_from": "2026-03-15 20:00:00",
                "date_to": "2026-03-16 20:00:00",
            }
        )
        self._run_cron("ir_cron_sla_replan")
        self._run_cron("ir_cron_sla_replan")
        self.assertEqual(self.resolve.deadline, self._at("2026-03-17 09:00:00"))
        self.assertEqual(self._kinds(self.resolve), ["start", "calendar"])
        self.assertEqual((stopped.deadline, stopped.hours_id), before)
        self._assert_proved()
        self.assertFalse(stopped._find_wrong())

    def test_levels_fire_once_each_and_highest_after_sleep(self):
        soon, missed, leader = (
            self.env.ref(f"complaint_management.complaint_sla_escalation_{name}")
            for name in ("soon", "missed", "leader")
        )
        with freeze_time("2026-03-16 08:30:00"):
            self._run_cron("ir_cron_sla_sweep")
            self._run_cron("ir_cron_sla_sweep")
        levels = self.resolve.event_ids.filtered("level_id")
        self.assertEqual(levels.level_id, soon)
        self.assertEqual(self.resolve.state, "running")
        with freeze_time("2026-03-30 08:00:00"):
            self._run_cron("ir_cron_sla_sweep")
            self._run_cron("ir_cron_sla_sweep")
        self.assertEqual(
            [(e.kind, e.level_id) for e in self.resolve.event_ids if e.level_id],
            [("escalate", soon), ("passed", missed), ("escalate", leader)],
        )
        self.assertEqual(self._kinds(self.resolve).count("breach"), 1)
        self.assertEqual(self.resolve.state, "missed")
        self._assert_proved()

    def test_changed_figure_is_found(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE complaint_sla_clock SET deadline = deadline + interval '1 day' "
            "WHERE id = %s",
            [self.resolve.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.case.sla_clock_ids._find_wrong(), self.resolve)

    def test_answer_after_deadline_is_missed(self):
        with freeze_time("2026-03-17 10:00:00"):
            self.case._sla_stop("resolve")
        self.assertEqual(self.resolve.state, "missed")
        self.assertEqual(self._kinds(self.resolve), ["start", "breach", "stop"])
        self.assertEqual(self.resolve.breached_at, self._at("2026-03-16 09:00:00"))
        self._assert_proved()
