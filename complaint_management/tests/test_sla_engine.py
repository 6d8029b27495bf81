from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCommon

PROOF = "odoo.addons.complaint_management.models.complaint_sla_proof_mixin"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-13 10:00:00")  # Friday, 14:00 in Baku, after lunch
class TestSlaEngine(ComplaintCommon):
    """Pauses, re-targeting, levels and the proof; 8 business hours to resolve."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._promise_business_hours()
        cls.reason = cls._pause_reason()

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

    def _forge_deadline(self):
        """Change a stored figure behind the engine's back."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE complaint_sla_clock SET deadline = deadline + interval '1 day' "
            "WHERE id = %s",
            [self.resolve.id],
        )
        self.env.invalidate_all()

    def test_changed_figure_is_found(self):
        self._forge_deadline()
        self.assertEqual(self.case.sla_clock_ids._find_wrong(), self.resolve)

    def test_owner_hears_once_of_wrong_figures_and_manager_counts_again(self):
        deadline = self.resolve.deadline
        self._forge_deadline()
        with mute_logger(PROOF):
            self._run_cron("ir_cron_sla_prove")
            self._run_cron("ir_cron_sla_prove")
        [told] = self.case.activity_ids
        self.assertEqual(told.user_id, self.handler)
        with self.assertRaises(AccessError):
            self.resolve.with_user(self.handler).action_recompute()
        self.resolve.with_user(self.manager).action_recompute()
        self.assertEqual(self.resolve.deadline, deadline)
        self._assert_proved()
        entry = self.case.journal_entry_ids.sorted("id")[-1]
        self.assertEqual(entry.event, "promise_recomputed")
        self.assertEqual(entry.actor_id, self.manager)

    def test_other_team_brings_its_working_hours(self):
        night = self.calendar.copy({"name": "Night desk"})
        night.attendance_ids.unlink()
        night.attendance_ids = [
            (0, 0, {"name": "x", "dayofweek": str(d), "hour_from": 9, "hour_to": 22})
            for d in range(7)
        ]
        other = self.team.copy({"name": "Night", "calendar_id": night.id})
        with freeze_time("2026-03-13 11:00:00"):
            self.case._sla_pause(self.reason)
        with freeze_time("2026-03-13 12:00:00"):
            self.case._sla_resume()
            self.case.team_id = other
        # Friday 14:00 in Baku + 8 h and 1 h of a pause, open until 22:00.
        self.assertEqual(self.resolve.deadline, self._at("2026-03-14 06:00:00"))
        self.assertEqual(self.resolve.calendar_id, night)
        self.assertEqual(self._kinds(self.resolve)[-1], "calendar")
        self._assert_proved()

    def test_pause_that_ended_while_the_promise_was_gone_stays_ended(self):
        self.policy.copy({"priority": "3", "resolve": 0})
        self.case.stage_id.can_pause = True
        with freeze_time("2026-03-13 11:00:00"):
            self.case._pause_promises(self.reason)
            self.case.priority = "3"
        with freeze_time("2026-03-13 12:00:00"):
            self.case.action_resume()
        with freeze_time("2026-03-13 13:00:00"):
            self.case.priority = "1"
        fresh = self.case.sla_clock_ids.filtered(
            lambda c: c.kind == "resolve" and c.state != "cancelled"
        )
        self.assertEqual(fresh.state, "running")
        # 1 h of pause: lunch is from 13:00 to 14:00 in Baku.
        self.assertEqual(fresh.deadline, self._at("2026-03-16 11:00:00"))
        self._assert_proved()

    def test_promise_that_is_new_on_a_paused_case_stands_too(self):
        self.policy.resolve = 0
        case = self._new_case(received_at="2026-03-13 10:00:00")
        case.stage_id.can_pause = True
        self.policy.copy({"priority": "3", "resolve": 4})
        with freeze_time("2026-03-13 11:00:00"):
            case._pause_promises(self.reason)
        with freeze_time("2026-03-13 12:00:00"):
            case.priority = "3"
        resolve = case.sla_clock_ids.filtered(lambda c: c.kind == "resolve")
        self.assertEqual(resolve.state, "paused")
        with freeze_time("2026-03-13 13:00:00"):
            case.action_resume()
        self.assertEqual(resolve.deadline, self._at("2026-03-16 07:00:00"))
        self.assertFalse(case.sla_clock_ids._find_wrong())

    def test_second_pause_for_a_reason_is_capped_by_what_is_left(self):
        self.reason.cap_hours = 2
        self.case._sla_pause(self.reason)
        with freeze_time("2026-03-13 11:30:00"):
            self.case._sla_resume()
        with freeze_time("2026-03-13 12:00:00"):
            self.case._sla_pause(self.reason)
        self.assertEqual(self.resolve.next_at, self._at("2026-03-13 12:30:00"))
        other = self.env.ref("complaint_management.complaint_sla_pause_reason_goods")
        other.cap_hours = 2
        with freeze_time("2026-03-13 12:10:00"):
            self.case._sla_resume()
            self.case._sla_pause(other)
        self.assertEqual(self.resolve.next_at, self._at("2026-03-16 05:10:00"))

    def test_replan_reads_together_what_it_moves(self):
        def count_queries(number):
            self._new_case()
            for __ in range(number):
                self._new_case(received_at="2026-03-13 10:00:00")
            self.env["resource.calendar.leaves"].create(
                {
                    "name": f"Closed {number}",
                    "calendar_id": self.calendar.id,
                    "date_from": "2026-03-15 20:00:00",
                    "date_to": f"2026-03-16 {number % 20:02}:00:00",
                }
            )
            self.env.flush_all()
            self.env.invalidate_all()
            clocks = self.env["complaint.sla.clock"]
            [outdated] = [c for c in clocks._find_outdated() if len(c) > number]
            before = self.env.cr.sql_log_count
            outdated._set_cell("calendar", self.policy, self._at("2026-03-13 10:00:00"))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count_queries(1)
        few = count_queries(2)
        self.assertLessEqual(count_queries(40), few + 6)

    def test_answer_after_deadline_is_missed(self):
        with freeze_time("2026-03-17 10:00:00"):
            self.case._sla_stop("resolve")
        self.assertEqual(self.resolve.state, "missed")
        self.assertEqual(self._kinds(self.resolve), ["start", "breach", "stop"])
        self.assertEqual(self.resolve.breached_at, self._at("2026-03-16 09:00:00"))
        self._assert_proved()
