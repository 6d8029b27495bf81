from ast import literal_eval

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ComplaintCommon

HOUR = 3600


@tagged("post_install", "-at_install")
@freeze_time("2026-03-13 10:00:00")  # Friday, 14:00 in Baku, after lunch
class TestSlaCountdown(ComplaintCommon):
    """The data of the badge, and the filters on the stored deadline."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls._promise_business_hours()
        cls.reason = cls._pause_reason()
        (cls.handler | cls.manager).tz = "Asia/Baku"
        cls.case = cls._new_case(received_at="2026-03-13 10:00:00")

    def _clock(self, kind, case=None):
        return (case or self.case).sla_clock_ids.filtered(lambda c: c.kind == kind)

    def _badge(self, record):
        record.invalidate_recordset(["sla_countdown"])
        return record.with_user(self.handler).sla_countdown

    def _seconds(self, text):
        return (self._at(text) - self._at("1970-01-01 00:00:00")).total_seconds()

    # -- the badge -----------------------------------------------------------------
    def test_case_shows_the_deadline_that_is_next_in_business_time(self):
        with freeze_time("2026-03-13 11:30:00"):
            badge = self._badge(self.case)
        self.assertEqual(badge["kind"], "First response")
        self.assertEqual((badge["state"], badge["is_business"]), ("running", True))
        self.assertEqual(badge["left"], 2.5 * HOUR)
        self.assertEqual(badge["promised"], 4 * HOUR)
        self.assertEqual(badge["deadline"], self._seconds("2026-03-13 14:00:00"))
        self._clock("respond")._stop(self._at("2026-03-13 12:00:00"))
        with freeze_time("2026-03-13 12:00:00"):
            badge = self._badge(self.case)
        self.assertEqual((badge["kind"], badge["left"]), ("Resolution", 6 * HOUR))

    def test_number_stands_while_closed_and_says_when_it_opens(self):
        clock = self._clock("resolve")
        for moment in ("2026-03-13 14:00:00", "2026-03-15 23:00:00"):
            with freeze_time(moment):
                badge = self._badge(clock)
            self.assertEqual(badge["left"], 4 * HOUR)
            # Monday 09:00 in Baku
            self.assertEqual(badge["spans"][0][0], self._seconds("2026-03-16 05:00:00"))

    def test_next_opening_is_known_after_a_long_holiday(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Novruz",
                "calendar_id": self.calendar.id,
                "date_from": "2026-03-15 20:00:00",
                "date_to": "2026-03-29 20:00:00",
            }
        )
        self._run_cron("ir_cron_sla_replan")
        with freeze_time("2026-03-14 10:00:00"):
            badge = self._badge(self._clock("resolve"))
        self.assertEqual(badge["spans"][0][0], self._seconds("2026-03-30 05:00:00"))
        self.assertEqual(badge["left"], 4 * HOUR)

    def test_paused_stands_still_and_names_the_reason(self):
        with freeze_time("2026-03-13 12:00:00"):
            self.case._sla_pause(self.reason)
        with freeze_time("2026-03-17 08:00:00"):
            badge = self._badge(self.case)
        self.assertEqual((badge["state"], badge["left"]), ("paused", 2 * HOUR))
        self.assertEqual(badge["reason"], self.reason.name)

    def test_late_counts_in_the_hours_of_the_promise(self):
        with freeze_time("2026-03-16 06:30:00"):
            self.assertEqual(self._badge(self.case)["left"], -1.5 * HOUR)
            self._run_cron("ir_cron_sla_sweep")
            badge = self._badge(self.case)
        self.assertEqual((badge["state"], badge["left"]), ("missed", -1.5 * HOUR))
        self.assertFalse(badge["is_ended"])

    def test_answered_promise_says_how_it_ended(self):
        self._clock("respond")._stop(self._at("2026-03-13 11:00:00"))
        self._clock("resolve")._stop(self._at("2026-03-16 10:30:00"))
        badges = [self._badge(self._clock(kind)) for kind in ("respond", "resolve")]
        self.assertEqual([b["state"] for b in badges], ["met", "missed"])
        self.assertEqual(badges[1]["left"], -0.5 * HOUR)
        self.assertEqual(self._badge(self.case), {"state": "missed", "is_ended": True})
        self.policy.active = False
        self.env["complaint.sla.policy"].search([]).active = False
        self.assertFalse(self._badge(self._new_case()))

    def test_clock_hours_never_stand(self):
        self.policy.unit = "clock_hours"
        case = self._new_case(received_at="2026-03-13 10:00:00")
        with freeze_time("2026-03-13 13:00:00"):
            badge = self._badge(case)
        self.assertEqual((badge["left"], badge["spans"]), (HOUR, None))
        self.assertFalse(badge["is_business"])

    def test_who_may_not_read_the_case_gets_no_badge(self):
        self.case.team_id = self.env["complaint.team"].create({"name": "x"})
        with self.assertRaises(AccessError):
            self.case.with_user(self.other_handler).read(["sla_countdown"])
        with self.assertRaises(AccessError):
            self.case.sla_clock_ids.with_user(self.other_handler).read(["kind"])

    def test_eighty_rows_cost_as_many_queries_as_eight(self):
        cases = self.env["complaint.case"].create(
            [
                {
                    "subject": f"Cold oven {number}",
                    "category_id": self.category.id,
                    "team_id": self.team.id,
                    "priority": str(number % 4),
                }
                for number in range(80)
            ]
        )
        cases[::3]._sla_pause(self.reason)
        self.env.flush_all()
        fields = {"name": {}, "sla_deadline": {}, "sla_countdown": {}}
        counts = []
        for few in (cases[:8], cases[:8], cases):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = (
                self.env["complaint.case"]
                .with_user(self.handler)
                .web_search_read([("id", "in", few.ids)], fields, limit=99)
            )
            counts.append(self.env.cr.sql_log_count - before)
            badges = [row["sla_countdown"] for row in found["records"]]
            self.assertEqual(len(badges), len(few))
            self.assertTrue(all(badge["deadline"] for badge in badges))
        # The first one also fills caches of the registry.
        self.assertEqual(counts[1], counts[2], counts)

    # -- filters -------------------------------------------------------------------
    def _find(self, view, name, user=None):
        """Return the records that a filter of a search view finds."""
        view = self.env.ref(f"complaint_management.{view}")
        arch = etree.fromstring(view.arch)
        (node,) = arch.xpath(f"//filter[@name='{name}']")
        self.env.flush_all()
        model = self.env[view.model].with_user(user or self.handler)
        return model.search(literal_eval(node.get("domain")))

    def _found(self, name, deadline, status="running", user=None):
        """Tell whether a filter finds a case, and its clock, with a deadline."""
        self.case.write({"sla_deadline": deadline, "sla_status": status})
        state = {"late": "missed"}.get(status, status)
        clock = self._clock("respond")
        clock.write({"deadline": deadline, "state": state})
        # What the ORM computes from the clock is not what is tested here.
        self.env.remove_to_compute(self.case._fields["sla_deadline"], self.case)
        self.env.remove_to_compute(self.case._fields["sla_status"], self.case)
        self.case.write({"sla_deadline": deadline, "sla_status": status})
        case = self.case in self._find("complaint_case_view_search", name, user)
        ours = clock in self._find("complaint_sla_clock_view_search", name, user)
        self.assertEqual(case, ours, (name, deadline, status))
        return case

    def test_filter_late_begins_after_the_deadline(self):
        self.assertTrue(self._found("late", "2026-03-13 09:59:59"))
        self.assertFalse(self._found("late", "2026-03-13 10:00:00"))
        self.assertTrue(self._found("late", "2026-03-01 10:00:00", "late"))
        self.assertFalse(self._found("late", "2026-03-13 09:00:00", "paused"))

    def test_filter_due_today_is_a_day_of_the_reader(self):
        # The 13th in Baku lasts from 20:00 UTC of the 12th.
        for deadline, found in (
            ("2026-03-12 19:59:59", False),
            ("2026-03-12 20:00:00", True),
            ("2026-03-13 19:59:59", True),
            ("2026-03-13 20:00:00", False),
        ):
            self.assertEqual(self._found("due_today", deadline), found, deadline)
        self.assertTrue(self._found("due_today", "2026-03-13 06:00:00", "late"))
        self.assertFalse(self._found("due_today", "2026-03-13 12:00:00", "paused"))
        self.manager.tz = "America/New_York"
        for deadline, found in (
            ("2026-03-13 03:59:59", False),
            ("2026-03-13 04:00:00", True),
            ("2026-03-14 03:59:59", True),
        ):
            seen = self._found("due_today", deadline, user=self.manager)
            self.assertEqual(seen, found, deadline)

    def test_filter_due_in_four_hours(self):
        for deadline, found in (
            ("2026-03-13 09:59:59", False),
            ("2026-03-13 10:00:00", True),
            ("2026-03-13 14:00:00", True),
            ("2026-03-13 14:00:01", False),
        ):
            self.assertEqual(self._found("due_4h", deadline), found, deadline)
        self.assertFalse(self._found("due_4h", "2026-03-13 12:00:00", "paused"))

    def test_filter_paused(self):
        self.assertFalse(self._found("paused", "2026-03-13 12:00:00"))
        self.assertTrue(self._found("paused", "2026-03-13 12:00:00", "paused"))

    def test_group_by_day_of_the_deadline(self):
        other = self._new_case(received_at="2026-03-13 10:00:00")
        self._clock("respond", other)._stop(self._at("2026-03-13 11:00:00"))
        groups = (
            self.env["complaint.case"]
            .with_user(self.handler)
            .with_context(tz="Asia/Baku")
            ._read_group(
                [("id", "in", (self.case | other).ids)],
                ["sla_deadline:day"],
                ["id:recordset"],
            )
        )
        self.assertEqual(
            [(day.date().isoformat(), cases.ids) for day, cases in groups],
            [("2026-03-13", self.case.ids), ("2026-03-16", other.ids)],
        )
