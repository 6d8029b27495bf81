from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestSlaWake(ComplaintCommon, CronMixinCase):
    """When the sweep is woken, and what moves a case to another promise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.env.ref("complaint_management.ir_cron_sla_sweep")
        cls.segment = cls.env["complaint.segment"].create(
            {"name": "Key account", "code": "key"}
        )
        cls.quick = cls._policy(0.5, segment_id=cls.segment.id)
        cls.slow = cls._policy(48)

    @classmethod
    def _policy(cls, respond, **values):
        return cls.env["complaint.sla.policy"].create(
            {
                "category_id": cls.category.id,
                "unit": "clock_hours",
                "respond": respond,
                **values,
            }
        )

    def test_near_level_wakes_sweep_at_that_moment(self):
        with self.capture_triggers(self.job.id) as woken:
            case = self._new_case(segment_id=self.segment.id)
        self.assertEqual(case.sla_policy_id, self.quick)
        # 80 % of half an hour is the first level.
        first = case.sla_deadline - timedelta(minutes=6)
        self.assertEqual(case.sla_clock_ids.next_at, first)
        self.assertEqual(woken.records.mapped("call_at"), [first])

    def test_far_deadline_is_left_to_the_regular_run(self):
        with self.capture_triggers(self.job.id) as woken:
            case = self._new_case()
        self.assertEqual(case.sla_policy_id, self.slow)
        self.assertFalse(woken.records)
        # An hour before, the regular run sets the alarm.
        clock = case.sla_clock_ids
        clock.next_at = fields.Datetime.now() + timedelta(minutes=40)
        with self.capture_triggers(self.job.id) as woken:
            self.env["complaint.sla.clock"]._trigger_next_sweep()
        self.assertEqual(woken.records.mapped("call_at"), [clock.next_at])

    def test_new_customer_of_other_segment_moves_open_clocks(self):
        case = self._new_case()
        clock = case.sla_clock_ids
        vip = self.env["res.partner"].create(
            {"name": "VIP", "complaint_segment_id": self.segment.id}
        )
        case.partner_id = vip
        self.assertEqual(case.segment_id, self.segment)
        self.assertEqual(case.sla_policy_id, self.quick)
        self.assertEqual(case.sla_clock_ids, clock)
        self.assertEqual(clock.policy_id, self.quick)
        self.assertEqual(clock.deadline - clock.started_at, timedelta(minutes=30))
        self.assertEqual(clock.event_ids.mapped("kind"), ["start", "retarget"])
        self.assertEqual(case.sla_deadline, clock.deadline)

    def test_change_that_keeps_the_promise_leaves_clocks_alone(self):
        case = self._new_case()
        case.write({"partner_id": self.env.company.partner_id.id, "priority": "2"})
        self.assertEqual(case.sla_policy_id, self.slow)
        self.assertEqual(case.sla_clock_ids.event_ids.mapped("kind"), ["start"])
