import hashlib
import random
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .common import ComplaintCommon

BEGIN = "2020-03-02 06:00:00"  # Monday, 10:00 in Baku
WATCHED = ("complaint_case", "complaint_sla", "complaint_journal", "mail_", "resource_")
MIXIN = "odoo.addons.complaint_management.wizard.complaint_sla_replay_mixin"


@tagged("post_install", "-at_install")
@freeze_time(BEGIN)
class TestSlaReplay(ComplaintCommon):
    """Past cases under other promises or other working hours (SLA-7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["complaint.sla.policy"].search([]).active = False
        cls.policy = cls.env["complaint.sla.policy"].create(
            {"unit": "business_hours", "acknowledge": 4, "respond": 4, "resolve": 16}
        )
        cls.quick = cls.env["complaint.sla.policy"].create(
            {"priority": "3", "unit": "clock_hours", "respond": 2, "resolve": 24}
        )
        cls.reason = cls.env.ref(
            "complaint_management.complaint_sla_pause_reason_customer"
        )
        cls.reason.cap_hours = 0

    # -- helpers -----------------------------------------------------------------
    def _sweep(self):
        clocks = self.env["complaint.sla.clock"]
        due = clocks.search(clocks._get_due_domain())
        due._sweep_guarded()

    def _case(self, answered=None, resolved=None, **values):
        """A case received now; hours of the clock until it is answered, solved."""
        values = {"priority": "1", "acknowledge_state": "none", **values}
        case = self._new_case(received_at=fields.Datetime.now(), **values)
        begin = fields.Datetime.now()
        for hours, kinds in (
            (answered, ("acknowledge", "respond")),
            (resolved, ("resolve",)),
        ):
            if hours is not None:
                for kind in kinds:
                    case._sla_stop(kind, begin + timedelta(hours=hours))
        return case

    def _new_replay(self, **values):
        replay = self.env["complaint.sla.replay"].with_user(self.manager)
        day = fields.Date.today()
        return replay.create(
            {"date_from": day - timedelta(40), "date_to": day, **values}
        )

    def _run(self, replay, later=None):
        with freeze_time(later or fields.Datetime.now()):
            replay.action_replay()
        return self.env["complaint.sla.replay.row"].search(
            [("replay_id", "=", replay.id)]
        )

    def _outcomes(self, rows, case, kind="resolve"):
        row = rows.filtered(lambda r: r.case_id == case and r.kind == kind)
        self.assertEqual(len(row), 1)
        return row.outcome_before, row.outcome_after

    def _draft(self, replay, policy):
        return replay.line_ids.filtered(lambda line: line.policy_id == policy)

    def _checksums(self):
        """Return {table: digest of all its rows} of what a replay could touch."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename NOT LIKE 'complaint_sla_replay%'"
            " AND tablename NOT LIKE 'ir_%'"
        )
        tables = [name for (name,) in cr.fetchall() if name.startswith(WATCHED)]
        self.assertIn("complaint_sla_event", tables)
        sums = {}
        for table in sorted(tables):
            cr.execute(
                SQL("SELECT t::text FROM %s t ORDER BY 1", SQL.identifier(table))
            )
            content = "\n".join(text for (text,) in cr.fetchall())
            sums[table] = hashlib.sha256(content.encode()).hexdigest()
        return sums

    # -- the same promises -------------------------------------------------------
    def test_draft_begins_with_what_holds(self):
        replay = self._new_replay()
        self.assertEqual(replay.line_ids.policy_id, self.policy | self.quick)
        self.assertEqual(set(replay.line_ids.mapped("change")), {"same"})
        self.assertFalse(replay.removed_names)

    def _play(self, dice, case):
        """Let something happen to a case, as people do."""
        happen = dice.choice(
            ["pause", "resume", "priority", "answer", "solve", "reopen", "nothing"]
        )
        clocks = case.sla_clock_ids
        if happen == "pause" and not case.pause_reason_id:
            case._set_pause(self.reason)
            case._sla_pause(self.reason)
        elif happen == "resume":
            case._resume_promises()
        elif happen == "priority":
            case.priority = dice.choice("0123")
        elif happen == "answer":
            case._sla_stop("acknowledge")
            case._sla_stop("respond")
        elif happen == "solve" and clocks:
            case._resume_promises()
            case._sla_stop("resolve")
        elif happen == "reopen":
            case._sla_reopen()

    def _make_histories(self, count):
        dice, now = random.Random(11), fields.Datetime.from_string(BEGIN)
        with freeze_time(now):
            cases = self.env["complaint.case"].concat(
                *[self._case(priority=dice.choice("0123")) for __ in range(count)]
            )
        for __ in range(8):
            now += timedelta(minutes=dice.randrange(30, 2500))
            with freeze_time(now):
                self._sweep()
                for case in cases:
                    self._play(dice, case)
        return cases, now + timedelta(hours=1)

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

    # -- what is chosen ----------------------------------------------------------
    def test_period_team_category_and_priority_choose(self):
        team = self.env["complaint.team"].create({"name": "Other"})
        mine = self._case(priority="2")
        theirs = self._case(team_id=team.id)
        with freeze_time("2020-02-20 06:00:00"):
            old = self._case()
        choices = (
            ({}, mine | theirs),
            ({"date_from": "2020-02-20"}, mine | theirs | old),
            ({"date_to": "2020-02-28", "date_from": "2020-02-01"}, old),
            ({"team_ids": self.team.ids}, mine),
            ({"category_ids": self.category.parent_id.ids}, mine | theirs),
            ({"priority": "2"}, mine),
        )
        for values, cases in choices:
            replay = self._new_replay(**{"date_from": "2020-03-01", **values})
            self.assertEqual(self._run(replay).case_id, cases, str(values))
            self.assertEqual(replay.case_count, len(cases))
        with self.assertRaises(UserError):
            self._new_replay(
                date_from="2020-03-02", date_to="2020-03-01"
            ).action_replay()

    def test_day_of_the_user_counts(self):
        self.manager.tz = "Asia/Baku"
        with freeze_time("2020-02-29 21:00:00"):  # 1 March in Baku
            case = self._case()
        rows = self._run(self._new_replay(date_from="2020-03-01"))
        self.assertIn(case, rows.case_id)

    def test_too_many_cases_are_refused(self):
        self._case(), self._case()
        module = "odoo.addons.complaint_management.wizard.complaint_sla_replay"
        with patch(f"{module}.MOST_CASES", 1), self.assertRaises(UserError):
            self._new_replay().action_replay()

    def test_cases_that_the_user_may_not_see_are_left_out(self):
        case = self._case(is_confidential=True)
        self.assertFalse(case.with_user(self.manager).has_access("read"))
        self.assertNotIn(case, self._run(self._new_replay()).case_id)

    # -- nothing changes ---------------------------------------------------------
    def test_replay_changes_nothing(self):
        self._make_histories(6)
        with freeze_time("2020-03-20 06:00:00"):
            replay = self._new_replay(holidays="none", date_from="2020-03-01")
            self._draft(replay, self.policy).write({"resolve": 1, "respond": 1})
            before = self._checksums()
            rows = self._run(replay)
            self.assertTrue(rows.filtered(lambda row: row.change == "worse"))
            self.assertEqual(self._checksums(), before)

    def test_second_run_forgets_the_first(self):
        self._case()
        replay = self._new_replay()
        first = self._run(replay)
        self.assertTrue(first)
        self.assertEqual(len(self._run(replay)), len(first))
        self.assertFalse(first.exists())

    def test_replay_costs_the_same_for_more_cases(self):
        def count(replay):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            replay.action_replay()
            return self.env.cr.sql_log_count - before

        self._case(answered=1)
        replay = self._new_replay()
        self._draft(replay, self.policy).resolve = 1
        count(replay)
        few = count(replay)
        for __ in range(15):
            self._case(answered=1, resolved=2)
        self.assertLessEqual(count(replay), few + 5)

    # -- activating --------------------------------------------------------------
    def _prepare_activation(self):
        replay = self._new_replay()
        self._draft(replay, self.policy).resolve = 8
        self._draft(replay, self.quick).unlink()
        replay.line_ids.create(
            {
                "replay_id": replay.id,
                "category_id": self.category.id,
                "unit": "business_days",
                "resolve": 3,
            }
        )
        return replay

    def test_activated_draft_holds_for_the_next_case_only(self):
        case = self._case()
        deadline = case.sla_deadline
        replay = self._prepare_activation()
        self.assertEqual(replay.removed_names, "Critical")
        self._run(replay)
        replay.action_activate()
        self.assertEqual(self.policy.resolve, 8)
        self.assertEqual(
            self.policy.journal_entry_ids[:1].after, {"resolve": 8.0}, "Only the change"
        )
        self.assertEqual(self.policy.journal_entry_ids[:1].actor_id, self.manager)
        self.assertFalse(self.quick.active)
        self.assertEqual(case.sla_deadline, deadline)
        fresh = self._case()
        self.assertEqual(fresh.sla_policy_id.category_id, self.category)
        self.assertEqual(fresh.sla_policy_id.unit, "business_days")

    def test_activation_without_or_after_an_old_run_is_refused(self):
        replay = self._prepare_activation()
        with self.assertRaisesRegex(UserError, "first"):
            replay.action_activate()
        self._run(replay)
        self._draft(replay, self.policy).resolve = 9
        replay.invalidate_recordset()
        self.assertTrue(replay.is_stale)
        with self.assertRaisesRegex(UserError, "first"):
            replay.action_activate()

    def test_activation_over_changes_of_somebody_else_is_refused(self):
        replay = self._prepare_activation()
        self._run(replay)
        self.policy.respond = 3
        with self.assertRaisesRegex(UserError, "Somebody changed"):
            replay.action_activate()

    # -- who ---------------------------------------------------------------------
    def test_others_than_managers_are_refused(self):
        replay = self._new_replay()
        for user in (self.handler, self.investigator, self.auditor, self.legal):
            for call in ("action_replay", "action_activate", "action_open_rows"):
                with self.assertRaises(AccessError, msg=f"{call} as {user.name}"):
                    getattr(replay.with_user(user), call)()
            with self.assertRaises(AccessError):
                self.env["complaint.sla.replay"].with_user(user).create({})

    def test_another_manager_sees_nothing_of_it(self):
        other = self._new_user("manager", "second_manager")
        self._case()
        replay = self._new_replay()
        rows = self._run(replay)
        for records in (replay, rows, replay.line_ids):
            self.assertFalse(records.with_user(other).search([]))
            with self.assertRaises(AccessError):
                records.with_user(other).read(["id"])

    def test_form_shows_result_and_draft(self):
        self._case(answered=1, resolved=30)
        with Form(self.env["complaint.sla.replay"].with_user(self.manager)) as form:
            form.date_from = "2020-03-01"
            with form.line_ids.edit(0) as line:
                line.resolve = 2
        replay = form.record
        self.assertEqual(replay.line_ids[:1].change, "changed")
        self._run(replay, "2020-03-20 06:00:00")
        replay.invalidate_recordset()
        self.assertIn("+1", replay.summary_html)
        self.assertIn("Baku", replay.summary_html)
        self.assertFalse(replay.is_stale)
