import os
import random
import time
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.tests import tagged

from .common import ComplaintCommon

OFFICE = (range(5), [(9, 17)])
LUNCH = (range(5), [(8, 12), (13, 17)])
EVERY_DAY = (range(7), [(10, 18)])
BRUSSELS = (range(5), [(8, 16)])
# Published elsewhere: week, time zone, leave (local day), unit, [(received, target,
# due)]; times are local.
VECTORS = {
    "office hours": (
        OFFICE,
        "UTC",
        None,
        "business_hours",
        [
            ("2024-01-17 10:00", 2, "2024-01-17 12:00"),
            ("2024-01-19 16:00", 2, "2024-01-22 10:00"),
            ("2024-01-17 07:00", 2, "2024-01-17 11:00"),
            ("2024-01-17 18:00", 2, "2024-01-18 11:00"),
            ("2024-01-20 10:00", 2, "2024-01-22 11:00"),
            ("2024-01-15 16:00", 10, "2024-01-17 10:00"),
        ],
    ),
    "every day with a holiday": (
        EVERY_DAY,
        "UTC",
        "2019-03-05",
        "business_hours",
        [
            ("2019-03-04 12:00", 4, "2019-03-04 16:00"),
            ("2019-03-04 12:00", 6, "2019-03-04 18:00"),
            ("2019-03-04 07:00", 4, "2019-03-04 14:00"),
            ("2019-03-04 07:00", 6, "2019-03-04 16:00"),
            ("2019-03-04 20:00", 4, "2019-03-06 14:00"),
            ("2019-03-04 20:00", 6, "2019-03-06 16:00"),
            ("2019-03-04 14:00", 4, "2019-03-04 18:00"),
            ("2019-03-04 14:00", 6, "2019-03-06 12:00"),
        ],
    ),
    "Brussels with a leave": (
        BRUSSELS,
        "Europe/Brussels",
        "2018-04-11",
        "business_hours",
        [("2018-04-10 15:00", 5, "2018-04-12 12:00")],
    ),
    "Istanbul with lunch": (
        LUNCH,
        "Europe/Istanbul",
        None,
        "business_hours",
        [("2024-01-19 16:00", 8, "2024-01-22 16:00")],
    ),
    "Istanbul with lunch and a holiday": (
        LUNCH,
        "Europe/Istanbul",
        "2024-01-22",
        "business_hours",
        [("2024-01-19 16:00", 8, "2024-01-23 16:00")],
    ),
    "a business day over the weekend": (
        LUNCH,
        "Europe/Istanbul",
        None,
        "business_days",
        [("2024-01-19 16:00", 1, "2024-01-22 16:00")],
    ),
    "critical on a Friday evening": (
        LUNCH,
        "Europe/Istanbul",
        None,
        "clock_hours",
        [
            ("2024-01-19 17:30", 2, "2024-01-19 19:30"),
            ("2024-01-19 17:30", 24, "2024-01-20 17:30"),
        ],
    ),
    # What else went wrong elsewhere.
    "mail at midnight or at the weekend": (
        LUNCH,
        "Asia/Baku",
        None,
        "business_hours",
        [
            ("2024-01-17 00:00", 4, "2024-01-17 12:00"),
            ("2024-01-17 23:59", 4, "2024-01-18 12:00"),
            ("2024-01-20 00:00", 4, "2024-01-22 12:00"),
            ("2024-01-20 14:00", 4, "2024-01-22 12:00"),
            ("2024-01-21 23:30", 4, "2024-01-22 12:00"),
        ],
    ),
    "due exactly at closing": (
        LUNCH,
        "Asia/Baku",
        None,
        "business_hours",
        [
            ("2024-01-17 08:00", 4, "2024-01-17 12:00"),
            ("2024-01-17 09:00", 7, "2024-01-17 17:00"),
            ("2024-01-19 13:00", 4, "2024-01-19 17:00"),
        ],
    ),
    "received in the lunch break": (
        LUNCH,
        "Asia/Baku",
        None,
        "business_hours",
        [("2024-01-17 12:30", 1, "2024-01-17 14:00")],
    ),
    "clocks go forward and back": (
        (range(7), [(8, 16)]),
        "Europe/Berlin",
        None,
        "business_hours",
        [
            ("2024-03-30 15:00", 2, "2024-03-31 09:00"),
            ("2024-03-29 08:00", 24, "2024-03-31 16:00"),
            ("2024-10-26 15:00", 2, "2024-10-27 09:00"),
            ("2024-10-25 08:00", 24, "2024-10-27 16:00"),
        ],
    ),
    "a day of 23 and one of 25 hours": (
        (range(7), [(0, 24)]),
        "Europe/Berlin",
        None,
        "business_hours",
        [
            ("2024-03-31 00:00", 23, "2024-04-01 00:00"),
            ("2024-10-27 00:00", 25, "2024-10-28 00:00"),
        ],
    ),
}


@tagged("post_install", "-at_install")
class TestSlaVectors(ComplaintCommon):
    """Deadlines of real complaints, by the working hours of their team."""

    def _calendar(self, week, tz, holiday=None):
        days, spans = week
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Vectors",
                "tz": tz,
                "attendance_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Open",
                            "dayofweek": str(day),
                            "hour_from": begin,
                            "hour_to": end,
                        },
                    )
                    for day in days
                    for begin, end in spans
                ],
            }
        )
        if holiday:
            begin = self._utc(f"{holiday} 00:00", tz)
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "calendar_id": calendar.id,
                    "date_from": begin,
                    "date_to": begin + timedelta(days=1),
                }
            )
        return calendar

    def _utc(self, text, tz):
        local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz))
        return local.astimezone(timezone.utc).replace(tzinfo=None)

    def _resolve_clock(self, received_at, unit="business_hours", target=4):
        self.env["complaint.sla.policy"].search([]).active = False
        self.env["complaint.sla.policy"].create({"unit": unit, "resolve": target})
        return self._new_case(received_at=received_at).sla_clock_ids

    def _assert_vectors(self):
        for name, (week, tz, holiday, unit, rows) in VECTORS.items():
            self.team.calendar_id = self._calendar(week, tz, holiday)
            for received, target, due in rows:
                with self.subTest(name, received=received, target=target):
                    clock = self._resolve_clock(self._utc(received, tz), unit, target)
                    self.assertEqual(clock.deadline, self._utc(due, tz))

    def test_published_vectors_and_known_pains(self):
        self._assert_vectors()

    def test_time_zone_of_the_server_is_not_used(self):
        before = os.environ.get("TZ")

        def restore():
            os.environ.pop("TZ", None)
            if before:
                os.environ["TZ"] = before
            time.tzset()

        self.addCleanup(restore)
        os.environ["TZ"] = "Pacific/Auckland"
        time.tzset()
        self._assert_vectors()

    def test_team_without_working_hours_takes_those_of_the_company(self):
        self.team.calendar_id = False
        self.env.company.resource_calendar_id = self._calendar(LUNCH, "Asia/Baku")
        clock = self._resolve_clock(self._utc("2024-01-19 16:00", "Asia/Baku"))
        self.assertEqual(clock.deadline, self._utc("2024-01-22 11:00", "Asia/Baku"))

    def test_no_working_hours_at_all_keeps_no_complaint_out(self):
        self.team.calendar_id = False
        self.env.company.resource_calendar_id = False
        for unit, target, due in (
            ("business_hours", 4, "2024-01-19 16:00"),
            ("business_days", 2, "2024-01-21 12:00"),
        ):
            clock = self._resolve_clock(self._at("2024-01-19 12:00:00"), unit, target)
            self.assertEqual(clock.unit, "clock_hours")
            self.assertEqual(clock.deadline, self._at(f"{due}:00"))

    def test_case_without_team_takes_working_hours_of_the_company(self):
        self.env.company.resource_calendar_id = self._calendar(LUNCH, "Asia/Baku")
        case = self._new_case(team_id=False, user_id=False)
        self.assertEqual(
            case.sla_clock_ids.calendar_id, self.env.company.resource_calendar_id
        )

    def test_working_hours_without_hours_do_not_loop(self):
        self.team.calendar_id = self._calendar(([], []), "Asia/Baku")
        clock = self._resolve_clock(self._at("2024-01-19 12:00:00"))
        self.assertEqual(clock.unit, "clock_hours")
        self.assertEqual(clock.deadline, self._at("2024-01-19 16:00:00"))

    def test_hours_taken_away_later_leave_the_promise_as_it_was(self):
        calendar = self._calendar(LUNCH, "Asia/Baku")
        self.team.calendar_id = calendar
        with freeze_time("2024-01-19 12:00:00"):
            clock = self._resolve_clock(self._at("2024-01-19 12:00:00"))
            before = clock.deadline
            calendar.attendance_ids.unlink()
            self._run_cron("ir_cron_sla_replan")
        self.assertEqual(clock.deadline, before)
        self.assertFalse(clock._find_wrong())

    def test_leave_that_counts_as_work_closes_nothing(self):
        calendar = self._calendar(LUNCH, "Asia/Baku", "2024-01-22")
        leaves = self.env["resource.calendar.leaves"]
        leaves.search([("calendar_id", "=", calendar.id)]).time_type = "other"
        self.team.calendar_id = calendar
        clock = self._resolve_clock(self._utc("2024-01-19 16:00", "Asia/Baku"))
        self.assertEqual(clock.deadline, self._utc("2024-01-22 11:00", "Asia/Baku"))

    def test_segment_line_brings_its_own_working_hours(self):
        """A line may count in hours of its own: a VIP desk is open at weekends."""
        self.team.calendar_id = self._calendar(LUNCH, "Asia/Baku")
        clock = self._resolve_clock(self._utc("2024-01-19 16:00", "Asia/Baku"))
        segment = self.env.ref("complaint_management.complaint_segment_vip")
        desk = self._calendar((range(7), [(8, 20)]), "Asia/Baku")
        clock.policy_id.copy(
            {
                "segment_id": segment.id,
                "calendar_id": desk.id,
                "company_id": self.env.company.id,
            }
        )
        vip = self._new_case(
            segment_id=segment.id,
            received_at=self._utc("2024-01-19 16:00", "Asia/Baku"),
        ).sla_clock_ids
        self.assertEqual(clock.deadline, self._utc("2024-01-22 11:00", "Asia/Baku"))
        self.assertEqual(vip.deadline, self._utc("2024-01-19 20:00", "Asia/Baku"))


@tagged("post_install", "-at_install")
class TestSlaHistories(ComplaintCommon):
    """Whatever happens to a complaint, what is stored is what its events add up to."""

    HISTORIES = 15
    STEPS = 8

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reasons = cls.env["complaint.sla.pause.reason"].search([])
        policies = cls.env["complaint.sla.policy"]
        policies.search([]).active = False
        for priority, unit, resolve in (
            ("0", "business_days", 3),
            ("1", "business_hours", 12),
            ("2", "clock_hours", 30),
            ("3", "clock_hours", 0),
        ):
            policies.create(
                {"priority": priority, "unit": unit, "respond": 4, "resolve": resolve}
            )

    def _happen(self, case, dice):
        kind = dice.choice(
            ["pause", "resume", "priority", "stop", "reopen", "sweep", "holiday"]
            + ["restart", "cancel"]
        )
        if kind == "pause":
            case._sla_pause(dice.choice(self.reasons))
        elif kind == "resume":
            case._sla_resume()
        elif kind == "priority":
            case.priority = dice.choice("0123")
        elif kind == "stop":
            case._sla_stop(dice.choice(["respond", "resolve"]))
        elif kind == "reopen":
            case._sla_reopen()
        elif kind == "sweep":
            case.sla_clock_ids._sweep()
        elif kind == "holiday":
            self._close_a_day(dice)
        elif kind == "restart":
            case._sla_restart(case.received_at - timedelta(hours=dice.randint(1, 9)))
        else:
            case._sla_cancel()

    def _close_a_day(self, dice):
        begin = self._at("2026-03-12 20:00:00") + timedelta(days=dice.randint(0, 20))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": self.calendar.id,
                "date_from": begin,
                "date_to": begin + timedelta(days=1),
            }
        )
        self._run_cron("ir_cron_sla_replan")

    def test_fold_of_events_is_what_is_stored(self):
        dice = random.Random(19)
        seen = set()
        for __ in range(self.HISTORIES):
            now = self._at("2026-03-13 06:00:00")
            with freeze_time(now):
                case = self._new_case(received_at=now, priority=dice.choice("0123"))
            for __ in range(self.STEPS):
                now += timedelta(minutes=dice.randint(1, 3000))
                with freeze_time(now):
                    self._happen(case, dice)
            self.env.flush_all()
            clocks = case.sla_clock_ids
            self.assertFalse(clocks._find_wrong())
            seen.update(clocks.event_ids.mapped("kind"))
            # One clock of a kind counts at most.
            running = clocks.filtered(lambda c: not c.stopped_at).mapped("kind")
            self.assertEqual(len(running), len(set(running)))
        self.assertLessEqual(
            {"start", "pause", "resume", "retarget", "calendar", "stop", "reopen"}
            | {"breach", "escalate", "cancel"},
            seen,
        )
