from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCommon

SWEEP = "odoo.addons.complaint_management.models.complaint_sla_sweep_mixin"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-13 10:00:00")  # Friday, 14:00 in Baku
class TestSlaSweep(ComplaintCommon):
    """What the sweep does for many clocks at once is what it does for one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["complaint.sla.policy"].create(
            {"category_id": cls.category.id, "unit": "clock_hours", "resolve": 10}
        )
        cls.levels = cls.env["complaint.sla.escalation"]
        cls.handler.tz = "Asia/Baku"

    def _level(self, **values):
        return self.levels.create(
            {"name": "Level", "policy_id": self.policy.id, **values}
        )

    def _sweep(self, moment):
        with freeze_time(moment):
            self._run_cron("ir_cron_sla_sweep")

    def test_activity_is_what_the_orm_would_have_made(self):
        self._level(value=100)
        swept, by_hand = (self._new_case(user_id=False) for __ in range(2))
        team = self.team.leader_id
        self._sweep("2026-03-13 21:00:00")
        ours = swept.activity_ids
        with freeze_time("2026-03-13 21:00:00"):
            theirs = (
                self.env["mail.activity"]
                .with_context(mail_activity_quick_update=True)
                .create(
                    {
                        "activity_type_id": ours.activity_type_id.id,
                        "res_model_id": self.env["ir.model"]._get_id(by_hand._name),
                        "res_id": by_hand.id,
                        "date_deadline": ours.date_deadline,
                        "automated": True,
                        "user_id": team.id,
                        "summary": "Level: Resolution",
                    }
                )
            )
        self.env.flush_all()
        self.env.invalidate_all()
        names = [
            name
            for name, field in theirs._fields.items()
            if field.store and field.column_type and name not in ("id", "res_id")
        ]
        [found], [wanted] = ours.read(names), theirs.read(names)
        skipped = {"id", "res_name", "create_date", "write_date"}
        for name in set(names) - skipped:
            self.assertEqual(found[name], wanted[name], name)
        self.assertEqual(ours.res_name, swept.display_name)
        self.assertEqual(swept.activity_state, by_hand.activity_state)
        self.assertIn(team.partner_id, swept.message_partner_ids)

    def test_counter_of_user_counts_what_was_planned(self):
        self._level(value=100)
        self._new_case(), self._new_case()
        sent = []
        bus = type(self.env["bus.bus"])
        with patch.object(bus, "_sendone", lambda _self, *args: sent.append(args)):
            self._sweep("2026-03-13 21:00:00")
        counted = [args[2] for args in sent if args[1] == "mail.activity/updated"]
        self.assertEqual(counted, [{"activity_created": True, "count_diff": 2}])

    def test_queries_do_not_grow_with_what_is_due(self):
        self._level(value=100)

        def count_queries(cases):
            self._new_case()
            for __ in range(cases):
                self._new_case()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time("2026-03-13 21:00:00"):
                self.env["complaint.sla.clock"].search([])._sweep()
                self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.env["complaint.case"].search([]).sla_clock_ids._cancel(
            self._at("2026-03-13")
        )
        few = count_queries(1)
        many = count_queries(30)
        self.assertLessEqual(many, few + 5)

    def test_bad_clock_does_not_stop_the_rest(self):
        self._level(value=100)
        bad, good = self._new_case(), self._new_case()
        clock_class = type(self.env["complaint.sla.clock"])
        find_due = clock_class._find_due

        def fail_for_one(clock, *args):
            if clock.res_id == bad.id:
                raise ValueError("out of order")
            return find_due(clock, *args)

        with (
            patch.object(clock_class, "_find_due", fail_for_one),
            mute_logger(SWEEP),
        ):
            self._sweep("2026-03-13 21:00:00")
        self.assertEqual(good.sla_clock_ids.state, "missed")
        self.assertEqual(bad.sla_clock_ids.state, "running")
        # Out of the way of this run, and tried again.
        self.assertEqual(bad.sla_clock_ids.next_at, self._at("2026-03-13 22:00:00"))
        self._sweep("2026-03-13 22:30:00")
        self.assertEqual(bad.sla_clock_ids.state, "missed")

    def test_hours_before_the_deadline_count_from_the_deadline(self):
        self._level(basis="before", value=1, in_business_time=False)
        case = self._new_case()
        clock = case.sla_clock_ids
        self.assertEqual(clock.deadline, self._at("2026-03-13 20:00:00"))
        self.assertEqual(clock.next_at, self._at("2026-03-13 19:00:00"))
        self._sweep("2026-03-13 18:59:00")
        self.assertFalse(case.activity_ids)
        self._sweep("2026-03-13 19:01:00")
        self.assertEqual(len(case.activity_ids), 1)
        self.assertEqual(clock.next_at, clock.deadline)

    def test_hours_before_and_after_the_deadline_in_business_time(self):
        self.policy.write({"unit": "business_hours", "resolve": 5})
        before = self._level(basis="before", value=2)
        after = self._level(basis="after", value=2)
        clock = self._new_case(received_at="2026-03-13 10:00:00").sla_clock_ids
        # Friday 14:00 to 18:00 and Monday 09:00 to 10:00 in Baku.
        self.assertEqual(clock.deadline, self._at("2026-03-16 06:00:00"))
        self._sweep("2026-03-13 12:59:00")
        self.assertFalse(clock.event_ids.level_id)
        self._sweep("2026-03-13 13:01:00")
        self.assertEqual(clock.event_ids.level_id, before)
        self._sweep("2026-03-16 07:59:00")
        self.assertEqual(clock.event_ids.level_id, before)
        self._sweep("2026-03-16 08:01:00")
        self.assertEqual(clock.event_ids.level_id, before | after)

    def test_levels_of_the_same_moment_all_fire(self):
        first = self._level(value=100)
        second = self._level(basis="after", value=0, recipient="leader")
        case = self._new_case()
        self._sweep("2026-03-13 20:30:00")
        fired = case.sla_clock_ids.event_ids.filtered(lambda e: e.kind == "escalate")
        self.assertEqual(fired.level_id, first | second)
        self.assertEqual(case.activity_ids.user_id, self.handler | self.manager)

    def test_missed_promise_of_a_cancelled_case_tells_nobody_any_more(self):
        self._level(value=100)
        self._level(basis="after", value=5, in_business_time=False)
        case = self._new_case()
        clock = case.sla_clock_ids
        self._sweep("2026-03-13 20:30:00")
        case.stage_id = self._stage("cancelled")
        self.assertEqual((clock.state, clock.next_at), ("missed", False))
        self.assertEqual(case.sla_status, "missed")
        self._sweep("2026-03-15 20:30:00")
        self.assertEqual(len(clock.event_ids.filtered("level_id")), 1)
        self.assertFalse(clock._find_wrong())

    def test_level_reached_while_paused_waits_for_the_clock(self):
        self._level(value=50)
        case = self._new_case()
        reason = self.env.ref("complaint_management.complaint_sla_pause_reason_goods")
        reason.cap_hours = 0
        with freeze_time("2026-03-13 11:00:00"):
            case._sla_pause(reason)
        self._sweep("2026-03-14 11:00:00")
        self.assertFalse(case.activity_ids)
        with freeze_time("2026-03-14 11:00:00"):
            case._sla_resume()
        self._sweep("2026-03-14 14:59:00")
        self.assertFalse(case.activity_ids)
        self._sweep("2026-03-14 15:01:00")
        self.assertEqual(len(case.activity_ids), 1)

    def test_leader_takes_over_and_is_mailed(self):
        self._level(value=100, recipient="leader", is_new_owner=True, is_mail=True)
        case = self._new_case()
        self._sweep("2026-03-13 21:00:00")
        self.assertEqual(case.user_id, self.manager)
        mail = self.env["mail.mail"].search(
            [("email_to", "=", self.manager.email_formatted)], limit=1
        )
        self.assertIn(case.name, mail.body_html)

    def test_role_is_told_and_none_who_may_not_read(self):
        group = self.env.ref("complaint_management.complaint_group_legal")
        self._level(value=100, recipient="group", group_id=group.id)
        case = self._new_case()
        self._sweep("2026-03-13 21:00:00")
        told = case.activity_ids.user_id
        self.assertIn(self.legal, told)
        self.assertNotIn(self.handler, told)
        for user in told:
            self.assertTrue(case.with_user(user).has_access("read"))
