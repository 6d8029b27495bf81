from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .replay_common import BEGIN, ReplayCommon

MIXIN = "odoo.addons.complaint_management.wizard.complaint_sla_replay_mixin"


@tagged("post_install", "-at_install")
@freeze_time(BEGIN)
class TestSlaReplay(ReplayCommon):
    """Past cases under other promises or other working hours (SLA-7)."""

    # -- the same promises -------------------------------------------------------
    def test_draft_begins_with_what_holds(self):
        replay = self._new_replay()
        self.assertEqual(replay.line_ids.policy_id, self.policy | self.quick)
        self.assertEqual(set(replay.line_ids.mapped("change")), {"same"})
        self.assertFalse(replay.removed_names)

    def test_present_matrix_on_random_histories_gives_what_happened(self):
        cases, now = self._make_histories(40)
        seen = set()
        # Once with the short way for promises that didn't change, once counted.
        for identify in (None, lambda *cell: object()):
            with freeze_time(now):
                self._sweep()
                replay = self._new_replay(date_from="2020-03-01")
                with (
                    patch(f"{MIXIN}._identify", identify)
                    if identify
                    else patch(f"{MIXIN}.CELL_KINDS", ("start", "retarget", "calendar"))
                ):
                    rows = self._run(replay, now)
            self.assertEqual(rows.case_id, cases)
            for row in rows:
                self.assertEqual(
                    (row.outcome_before, row.deadline_before),
                    (row.outcome_after, row.deadline_after),
                    f"{row.kind} of {row.case_id.name}",
                )
            self.assertFalse(replay.change_count)
            seen |= {(row.kind, row.outcome_before) for row in rows}
        for state in ("met", "missed", "open"):
            self.assertIn(("resolve", state), seen)
        self.assertLessEqual({("respond", "met"), ("respond", "missed")}, seen)
        clocks = cases.sla_clock_ids
        kinds = set(clocks.event_ids.mapped("kind"))
        self.assertLessEqual({"pause", "resume", "retarget", "reopen", "breach"}, kinds)

    # -- other promises ----------------------------------------------------------
    def test_shorter_and_longer_promises(self):
        slow = self._case(answered=1, resolved=30)  # 10 business hours
        late = self._case(answered=1, resolved=80)  # 24 business hours
        later = fields.Datetime.from_string("2020-03-10 06:00:00")
        with freeze_time(later):
            self._sweep()
            replay = self._new_replay()
            self._draft(replay, self.policy).resolve = 8
            rows = self._run(replay)
            self.assertEqual(self._outcomes(rows, slow), ("met", "missed"))
            self.assertEqual(self._outcomes(rows, late), ("missed", "missed"))
            self.assertEqual(self._outcomes(rows, slow, "respond"), ("met", "met"))
            self._draft(replay, self.policy).resolve = 40
            rows = self._run(replay)
            self.assertEqual(self._outcomes(rows, slow), ("met", "met"))
            self.assertEqual(self._outcomes(rows, late), ("missed", "met"))
        self.assertEqual(replay.change_count, 1)
        [change] = rows.filtered(lambda row: row.change != "same")
        self.assertEqual((change.change, change.case_id), ("better", late))
        self.assertEqual(change.action_open_case()["res_id"], late.id)

    def test_open_is_neither_and_late_is_missed(self):
        case = self._case(answered=1)
        with freeze_time("2020-03-03 06:00:00"):
            rows = self._run(self._new_replay())
            self.assertEqual(self._outcomes(rows, case), ("open", "open"))
            replay = self._new_replay()
            self._draft(replay, self.policy).resolve = 4
            rows = self._run(replay)
            self.assertEqual(self._outcomes(rows, case), ("open", "missed"))
            domain = [("replay_id", "=", replay.id), ("kind", "=", "resolve")]
            [sums] = replay._add_up(domain, "team_id")
            self.assertEqual((sums["before"]["open"], sums["after"]["missed"]), (1, 1))
            self.assertEqual((sums["worse"], sums["difference"]), (1, "+1"))
        # Nobody has swept: it is late all the same.
        with freeze_time("2020-03-20 06:00:00"):
            rows = self._run(self._new_replay())
            self.assertEqual(self._outcomes(rows, case)[0], "missed")

    def test_new_line_for_category_counts_by_the_rule_of_the_engine(self):
        other = self.env.ref("complaint_management.complaint_category_service")
        mine = self._case(answered=1, resolved=30)
        theirs = self._case(answered=1, resolved=30, category_id=other.id)
        replay = self._new_replay(date_to="2020-03-20")
        replay.line_ids.create(
            {
                "replay_id": replay.id,
                "category_id": self.category.parent_id.id,
                "unit": "business_hours",
                "resolve": 2,
            }
        )
        rows = self._run(replay, "2020-03-20 06:00:00")
        self.assertEqual(self._outcomes(rows, mine), ("met", "missed"))
        self.assertEqual(self._outcomes(rows, mine, "respond"), ("met", "none"))
        self.assertEqual(self._outcomes(rows, theirs), ("met", "met"))

    def test_history_of_priorities_counts(self):
        """A promise that was missed while the case was critical stays missed only as
        long as the draft for critical is as short."""
        case = self._case(answered=1, priority="3")
        with freeze_time("2020-03-03 10:00:00"):
            self._sweep()
            case.priority = "1"
            case._sla_stop("resolve")
        with freeze_time("2020-03-05 10:00:00"):
            replay = self._new_replay()
            rows = self._run(replay)
            self.assertEqual(self._outcomes(rows, case), ("missed", "missed"))
            self._draft(replay, self.quick).resolve = 48
            rows = self._run(replay)
            self.assertEqual(self._outcomes(rows, case), ("missed", "met"))

    def test_standstill_of_late_case_counts_under_longer_promise(self):
        case = self._case(answered=1)
        with freeze_time("2020-03-05 06:00:00"):  # 24 of 16 hours
            self._sweep()
            case._set_pause(self.reason)
            case._sla_pause(self.reason)
        with freeze_time("2020-03-17 06:00:00"):
            case._resume_promises()
            case._sla_stop("resolve")
            replay = self._new_replay()
            self._draft(replay, self.policy).resolve = 30
            rows = self._run(replay)
            self.assertEqual(self._outcomes(rows, case), ("missed", "met"))

    def test_promise_that_nobody_made_counts_from_the_dates_of_the_case(self):
        self.policy.respond = 0
        early, late, never = (self._case() for __ in range(3))
        self.assertNotIn("respond", early.sla_clock_ids.mapped("kind"))
        for case, at in ((early, "2020-03-02 07:00:00"), (late, "2020-03-06 07:00:00")):
            case.responded_at = at
        replay = self._new_replay(date_to="2020-03-20")
        self._draft(replay, self.policy).respond = 4
        rows = self._run(replay, "2020-03-02 08:00:00")
        self.assertEqual(self._outcomes(rows, early, "respond"), ("none", "met"))
        self.assertEqual(self._outcomes(rows, late, "respond"), ("none", "missed"))
        self.assertEqual(self._outcomes(rows, never, "respond"), ("none", "open"))

    def test_cancelled_cases_count_nowhere(self):
        case = self._case()
        case.stage_id = self._stage("cancelled")
        rows = self._run(self._new_replay())
        self.assertNotIn(case, rows.case_id)

    # -- other working hours -----------------------------------------------------
    def test_other_working_hours(self):
        day_and_night = self.calendar.copy({"name": "Every day", "tz": "UTC"})
        day_and_night.attendance_ids.unlink()
        day_and_night.attendance_ids = [
            (0, 0, {"name": "x", "dayofweek": str(d), "hour_from": 0, "hour_to": 24})
            for d in range(7)
        ]
        case = self._case(answered=1, resolved=20)  # 8 of 16 business hours
        replay = self._new_replay(calendar_id=day_and_night.id)
        rows = self._run(replay, "2020-03-10 06:00:00")
        self.assertEqual(self._outcomes(rows, case), ("met", "missed"))
        replay.instead_of_ids = day_and_night
        rows = self._run(replay, "2020-03-10 06:00:00")
        self.assertEqual(self._outcomes(rows, case), ("met", "met"))

    def test_other_holidays(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Novruz",
                "calendar_id": self.calendar.id,
                "date_from": "2020-03-02 20:00:00",
                "date_to": "2020-03-04 20:00:00",
            }
        )
        case = self._case(answered=1, resolved=78)  # Thursday, 14 h with the holidays
        later = "2020-03-10 06:00:00"
        self.assertEqual(
            self._outcomes(self._run(self._new_replay(), later), case), ("met", "met")
        )
        replay = self._new_replay(holidays="none")
        self.assertEqual(
            self._outcomes(self._run(replay, later), case), ("met", "missed")
        )
        replay.day_ids = [
            (0, 0, {"date": "2020-03-03", "name": "Closed"}),
            (0, 0, {"date": "2020-03-04", "name": "Closed"}),
        ]
        self.assertEqual(self._outcomes(self._run(replay, later), case), ("met", "met"))
        replay.write({"holidays": "other", "day_ids": [(5,)]})
        with self.assertRaisesRegex(UserError, "Choose the working hours"):
            replay.action_replay()
        replay.holiday_calendar_id = self.calendar
        self.assertEqual(self._outcomes(self._run(replay, later), case), ("met", "met"))

    def test_working_hours_in_which_nothing_counts_are_refused(self):
        empty = self.calendar.copy()
        empty.name = "Never"
        empty.attendance_ids.unlink()
        with self.assertRaisesRegex(UserError, "Never"):
            self._new_replay(calendar_id=empty.id).action_replay()
        flexible = self.calendar.copy({"flexible_hours": True})
        flexible.name = "Flexible"
        with self.assertRaisesRegex(UserError, "Flexible"):
            self._new_replay(calendar_id=flexible.id).action_replay()
