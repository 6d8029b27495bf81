from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .replay_common import BEGIN, ReplayCommon


@tagged("post_install", "-at_install")
@freeze_time(BEGIN)
class TestSlaReplayUse(ReplayCommon):
    """Which cases a replay counts, that it changes nothing, who may run it and let a
    draft hold (SLA-7)."""

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
