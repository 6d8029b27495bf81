from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-13 06:00:00")  # Friday, 10:00 in Baku
class TestEightdPromises(ComplaintCommon):
    """Disciplines of an 8D on the SLA engine (ED-1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._new_case()
        cls.report = (
            cls.env["complaint.eightd"]
            .with_user(cls.investigator)
            .create(
                {
                    "case_id": cls.case.id,
                    "subject": "Oven doesn't heat",
                    "leader_id": cls.investigator.id,
                    "preset_id": cls._preset("standard").id,
                }
            )
        )

    @classmethod
    def _preset(cls, name):
        return cls.env.ref(f"complaint_management.complaint_eightd_preset_{name}")

    def _step(self, code, report=None):
        steps = (report or self.report).step_ids
        return steps.filtered(lambda step: step.discipline == code)

    def _clock(self, code):
        return self._step(code).sla_clock_ids

    def _journal(self, code):
        return self._step(code).with_user(self.auditor).journal_entry_ids.sorted("id")

    def _hand_in(self, *codes):
        for code in codes:
            step = self._step(code)
            step.content = f"<p>Result of {code}</p>"
            step.action_submit()

    def _send_back(self, code):
        step = self._step(code).with_user(self.manager)
        step.comment = "Say more."
        step.action_reject()

    def _assert_proved(self):
        self.env.flush_all()
        self.assertFalse(self.report.step_ids.sla_clock_ids._find_wrong())

    def test_each_discipline_has_a_clock_of_the_preset(self):
        case_clocks = self.case.sla_clock_ids
        wanted = {"d3": "2026-03-14", "d5": "2026-03-23", "d8": "2026-04-12"}
        for code, day in wanted.items():
            due = self._at(f"{day} 06:00:00")
            self.assertEqual(self._clock(code).deadline, due)
            self.assertEqual(self._step(code).date_due, due)
        clocks = self.report.step_ids.sla_clock_ids
        self.assertEqual(len(clocks), 9)
        self.assertEqual(set(clocks.mapped("kind")), {"discipline"})
        self.assertEqual(self.case.sla_clock_ids, case_clocks)
        self.assertFalse(case_clocks & clocks)
        self._assert_proved()

    def test_working_days_count_in_the_hours_of_the_team(self):
        self.report.preset_id = self._preset("short")
        self.assertEqual(self._step("d3").date_due, self._at("2026-03-16 06:00:00"))
        self.assertEqual(self._step("d5").date_due, self._at("2026-03-20 06:00:00"))
        self.assertEqual(self._clock("d3").calendar_id, self.calendar)
        self.report.preset_id = self._preset("long")
        self.assertEqual(self._step("d3").date_due, self._at("2026-03-17 06:00:00"))
        self.assertEqual(self._step("d5").date_due, self._at("2026-03-27 06:00:00"))
        self.assertEqual(self._step("d8").date_due, self._at("2026-05-12 06:00:00"))
        self.assertEqual(
            self._clock("d3").event_ids.mapped("kind"),
            ["start", "retarget", "retarget"],
        )
        self._assert_proved()

    def test_discipline_without_line_of_the_preset_has_no_clock(self):
        preset = self._preset("standard").copy({"name": "D3 only"})
        preset.line_ids.filtered(lambda line: line.discipline != "d3").unlink()
        self.report.preset_id = preset
        self.assertEqual(self._clock("d3").state, "running")
        self.assertEqual(self._clock("d4").state, "cancelled")
        self.assertFalse(self._step("d4").date_due)
        self.report.preset_id = self._preset("standard")
        self.assertEqual(
            self._clock("d4").sorted("id").mapped("state"), ["cancelled", "running"]
        )
        self.assertEqual(self._step("d4").date_due, self._at("2026-03-23 06:00:00"))

    def test_handed_in_stops_and_sent_back_counts_on(self):
        with freeze_time("2026-03-13 16:00:00"):
            self._hand_in("d0")
        self.assertEqual(self._clock("d0").state, "met")
        self.assertEqual(self._step("d0").sla_status, "met")
        with freeze_time("2026-03-16 06:00:00"):
            self._send_back("d0")
        clock = self._clock("d0")
        self.assertEqual(clock.state, "running")
        # 14 of the 24 hours are left.
        self.assertEqual(self._step("d0").date_due, self._at("2026-03-16 20:00:00"))
        with freeze_time("2026-03-16 19:00:00"):
            self._hand_in("d0")
        self.assertEqual(clock.state, "met")
        self.assertAlmostEqual(clock.used_hours, 23)
        with freeze_time("2026-03-17 06:00:00"):
            self._step("d0").with_user(self.manager).action_accept()
        self.assertEqual(clock.state, "met")
        self._assert_proved()

    def test_handed_in_late_is_missed_also_after_a_second_round(self):
        with freeze_time("2026-03-15 06:00:00"):
            self._hand_in("d0")
            self._send_back("d0")
            self._hand_in("d0")
        self.assertEqual(self._clock("d0").state, "missed")
        self.assertEqual(self._step("d0").sla_status, "missed")
        self._assert_proved()

    def test_level_is_told_once_for_all_disciplines_of_a_report(self):
        with freeze_time("2026-03-14 02:00:00"):
            self._run_cron("ir_cron_sla_sweep")
            self._run_cron("ir_cron_sla_sweep")
        [activity] = self.report.activity_ids
        self.assertEqual(activity.user_id, self.investigator)
        self.assertEqual(self._step("d3").display_name, "D3 Containment")
        for name in ("D0", "D1", "D2", "D3 Containment"):
            self.assertIn(name, activity.summary)
        self.assertNotIn("D4", activity.summary)
        self.assertIn("escalated", self._journal("d3").mapped("event"))

    def test_level_goes_to_the_owner_of_the_discipline(self):
        self._step("d3").owner_id = self.manager
        with freeze_time("2026-03-14 02:00:00"):
            self._run_cron("ir_cron_sla_sweep")
        told = {a.user_id: a.summary for a in self.report.activity_ids}
        self.assertEqual(set(told), {self.investigator, self.manager})
        self.assertIn("D3", told[self.manager])
        self.assertNotIn("D3", told[self.investigator])

    def test_mail_of_a_level_links_to_the_report(self):
        self.env["complaint.sla.escalation"].create(
            {
                "name": "8D is late",
                "kind": "discipline",
                "value": 100,
                "is_activity": False,
                "is_mail": True,
            }
        )
        with freeze_time("2026-03-14 06:01:00"):
            self._run_cron("ir_cron_sla_sweep")
        mail = self.env["mail.mail"].search([("subject", "=like", "8D is late%")])
        self.assertEqual(mail.email_to, self.investigator.email_formatted)
        self.assertIn(self.report.name, mail.body_html)
        self.assertIn("D3", mail.body_html)
        self.assertIn("model=complaint.eightd&", mail.body_html.replace("&amp;", "&"))

    def test_cancelled_report_has_no_promises(self):
        self.report.action_cancel()
        self.assertEqual(
            set(self.report.step_ids.sla_clock_ids.mapped("state")), {"cancelled"}
        )
        with freeze_time("2026-04-14 02:00:00"):
            self._run_cron("ir_cron_sla_sweep")
        self.assertFalse(self.report.activity_ids)

    def test_agreed_date_replaces_the_preset(self):
        agreed = self._at("2026-03-20 12:00:00")
        with freeze_time("2026-03-13 09:00:00"):
            with Form(self._step("d3")) as form:
                form.date_due = agreed
        clock = self._clock("d3")
        self.assertEqual(clock.deadline, agreed)
        self.assertEqual(clock.event_ids[-1].kind, "retarget")
        self.assertEqual(clock.event_ids[-1].actor_id, self.investigator)
        entry = self._journal("d3")[-1]
        self.assertEqual(entry.after["date_due"], "2026-03-20 12:00:00")
        self._assert_proved()

    def test_agreed_date_holds_after_a_round(self):
        with freeze_time("2026-03-13 12:00:00"):
            self._hand_in("d0")
        with freeze_time("2026-03-14 12:00:00"):
            self._send_back("d0")
            self._step("d0").date_due = "2026-03-18 12:00:00"
        self.assertEqual(self._clock("d0").deadline, self._at("2026-03-18 12:00:00"))
        self._assert_proved()

    def test_date_taken_away_and_given_again(self):
        self._step("d3").date_due = False
        self.assertEqual(self._clock("d3").state, "cancelled")
        self.assertFalse(self._step("d3").date_due)
        self._step("d3").date_due = "2026-03-20 12:00:00"
        clock = self._clock("d3").filtered(lambda c: c.state == "running")
        self.assertEqual(clock.deadline, self._at("2026-03-20 12:00:00"))
        self.assertEqual(self._step("d3").date_due, clock.deadline)

    def test_date_of_what_is_handed_in_or_before_the_start_refused(self):
        self._hand_in("d0")
        with self.assertRaises(UserError):
            self._step("d0").date_due = "2026-03-20 12:00:00"
        with self.assertRaises(UserError):
            self._step("d1").date_due = "2026-03-12 12:00:00"
        with self.assertRaises(AccessError):
            self._step("d1").with_user(self.handler).date_due = "2026-03-20 12:00:00"

    def test_account_is_read_by_handler_and_not_by_outsider(self):
        self.team.member_ids -= self.other_handler
        clock = self._clock("d3")
        self.assertTrue(clock.with_user(self.handler).ledger_html)
        with self.assertRaises(AccessError):
            clock.with_user(self.other_handler).read(["deadline"])
        action = self._step("d3").with_user(self.handler).action_open_ledger()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, clock)

    def test_other_start_moves_what_is_open(self):
        self._hand_in("d0")
        stopped = self._clock("d0").deadline
        self.report.started_at = "2026-03-12 06:00:00"
        self.assertEqual(self._step("d3").date_due, self._at("2026-03-13 06:00:00"))
        self.assertLess(self._clock("d0").deadline, stopped)
        self._assert_proved()

    def test_half_business_day_refused(self):
        with self.assertRaises(ValidationError):
            self._preset("short").line_ids[0].target = 1.5

    def test_upgrade_gives_open_disciplines_a_clock(self):
        """As 19.0.1.0.0 left it: a date and no clock."""
        steps = self.report.step_ids
        self._hand_in("d0")
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM complaint_sla_event WHERE clock_id = ANY(%s)",
            [steps.sla_clock_ids.ids],
        )
        self.env.cr.execute(
            "DELETE FROM complaint_sla_clock WHERE id = ANY(%s)",
            [steps.sla_clock_ids.ids],
        )
        self.env.invalidate_all()
        due = {step: step.date_due for step in steps}
        self.env["complaint.eightd.step"]._promise_adopt()
        self.assertFalse(self._clock("d0"))
        for step in steps - self._step("d0"):
            self.assertEqual(step.sla_clock_ids.deadline, due[step])
            self.assertEqual(step.date_due, due[step])
            self.assertEqual(step.sla_status, "running")
        self._assert_proved()
        # Again changes nothing, and what comes back counts from its old date.
        self.env["complaint.eightd.step"]._promise_adopt()
        self.assertEqual(len(steps.sla_clock_ids), 8)
        self._send_back("d0")
        self.assertEqual(self._clock("d0").deadline, due[self._step("d0")])
