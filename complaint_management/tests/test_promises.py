from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-13 06:00:00")  # Friday, 10:00 in Baku
class TestPromises(ComplaintCommon):
    """What lets the clocks of a case stand, and what starts them again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._promise_business_hours(resolve=16, update_every=8)
        cls.reason = cls._pause_reason()

    def setUp(self):
        super().setUp()
        self.case = self._new_case(received_at="2026-03-13 06:00:00")
        self.case.stage_id = self._stage("triage")
        self.case.stage_id.can_pause = True

    def _clock(self, kind):
        return self.case.sla_clock_ids.filtered(lambda c: c.kind == kind)

    def _pause(self, user=None):
        wizard = self.env["complaint.pause"].with_user(user or self.handler)
        wizard.create(
            {"case_ids": [(6, 0, self.case.ids)], "reason_id": self.reason.id}
        ).action_pause()

    def _customer_writes(self, text="Here is the photo."):
        self.case.message_post(
            body=text,
            author_id=self.customer.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )

    def test_pause_stands_all_but_acknowledgement_and_is_in_journal(self):
        self._pause()
        self.assertEqual(self._clock("resolve").state, "paused")
        self.assertEqual(self._clock("respond").state, "paused")
        self.assertEqual(self.case.sla_status, "paused")
        entry = self.case.journal_entry_ids.sorted("id")[-1]
        self.assertIn("pause_reason_id", entry.after)

    def test_pause_in_step_without_pauses_is_refused(self):
        self.case.stage_id.can_pause = False
        with self.assertRaises(UserError):
            self._pause()
        self.assertFalse(self.case.pause_reason_id)

    def test_pause_by_auditor_or_by_writing_is_refused(self):
        with self.assertRaises(AccessError):
            self._pause(self.auditor)
        with self.assertRaises(AccessError):
            self.case.with_user(self.handler).write({"pause_reason_id": self.reason.id})

    def test_message_of_customer_ends_the_wait(self):
        self._pause()
        with freeze_time("2026-03-13 08:00:00"):
            self._customer_writes()
        self.assertFalse(self.case.pause_reason_id)
        self.assertEqual(self._clock("resolve").state, "running")
        self.assertAlmostEqual(self._clock("resolve").paused_hours, 2)

    def test_message_of_customer_leaves_other_pauses_alone(self):
        self.reason = self.env.ref(
            "complaint_management.complaint_sla_pause_reason_goods"
        )
        self._pause()
        self._customer_writes()
        self.assertEqual(self._clock("resolve").state, "paused")

    def test_automatic_message_and_note_end_nothing(self):
        self._pause()
        self.case.message_post(body="A note", author_id=self.handler.partner_id.id)
        self.case.message_post(
            body="Out of office",
            author_id=self.customer.id,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self._clock("resolve").state, "paused")

    def test_update_clock_starts_with_first_unanswered_message(self):
        self._answer(self.case, self.handler)
        self.assertFalse(self._clock("update"))
        with freeze_time("2026-03-13 07:00:00"):
            self._customer_writes()
        with freeze_time("2026-03-13 08:00:00"):
            self._customer_writes("And?")
        update = self._clock("update")
        self.assertEqual(len(update), 1)
        self.assertEqual(update.started_at, self._at("2026-03-13 07:00:00"))
        with freeze_time("2026-03-13 10:00:00"):
            self._answer(self.case, self.handler)
        self.assertEqual(update.state, "met")
        with freeze_time("2026-03-16 07:00:00"):
            self._customer_writes("Thank you. One more thing.")
        self.assertEqual(len(self._clock("update")), 2)

    def test_first_message_has_respond_clock_and_no_update_clock(self):
        self._customer_writes()
        self.assertFalse(self._clock("update"))

    def test_step_with_reason_pauses_and_next_step_resumes(self):
        self._stage("investigation").pause_reason_id = self.reason
        self.case.stage_id = self._stage("investigation")
        self.assertEqual(self.case.pause_reason_id, self.reason)
        self.assertEqual(self._clock("resolve").state, "paused")
        self._stage("action").can_pause = False
        self.case.root_cause = "A loose wire"
        self.case.why_ids = [(0, 0, {"question": "?", "answer": "x", "is_root": True})]
        self.case.stage_id = self._stage("action")
        self.assertFalse(self.case.pause_reason_id)
        self.assertEqual(self._clock("resolve").state, "running")

    def test_step_of_the_same_phase_pauses_and_ends_the_pause_too(self):
        waiting = self._stage("triage").copy(
            {"name": "Waiting for goods", "pause_reason_id": self.reason.id}
        )
        self.case.flow_id.stage_ids |= waiting
        self.case.stage_id = waiting
        self.assertEqual(self.case.pause_reason_id, self.reason)
        self.assertEqual(self._clock("resolve").state, "paused")
        self.case.stage_id = self._stage("triage")
        self._stage("triage").can_pause = False
        self.case.stage_id = waiting
        self.case.stage_id = self._stage("triage")
        self.assertFalse(self.case.pause_reason_id)
        self.assertEqual(self._clock("resolve").state, "running")

    def test_case_that_arrives_in_a_waiting_step_stands_from_the_start(self):
        self.case.flow_id._first_stage().pause_reason_id = self.reason
        case = self._new_case(received_at="2026-03-13 06:00:00")
        self.assertEqual(case.pause_reason_id, self.reason)
        self.assertEqual(case.sla_status, "paused")
        resolve = case.sla_clock_ids.filtered(lambda c: c.kind == "resolve")
        self.assertFalse(resolve.used_hours)

    def test_automatic_message_and_note_answer_nothing(self):
        self._answer(self.case, self.handler)
        self._customer_writes()
        self.case.with_user(self.handler).message_post(body="A note")
        self.case.message_post(
            body="We have received your message.",
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self._clock("update").state, "running")
        # A colleague who answers from the mail program.
        self.case.message_post(
            body="It is on its way.",
            author_id=self.handler.partner_id.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self._clock("update").state, "met")

    def test_end_of_longest_pause_is_told_to_owner(self):
        self.reason.cap_hours = 2
        self._pause()
        with freeze_time("2026-03-13 13:00:00"):
            self._run_cron("ir_cron_sla_sweep")
        self.assertFalse(self.case.pause_reason_id)
        self.assertEqual(self._clock("resolve").state, "running")
        told = self.case.activity_ids.filtered(
            lambda a: "The clock runs again" in (a.summary or "")
        )
        self.assertEqual(told.user_id, self.handler)

    def test_account_names_pause_and_holiday(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Novruz",
                "calendar_id": self.calendar.id,
                "date_from": "2026-03-15 20:00:00",
                "date_to": "2026-03-16 20:00:00",
            }
        )
        self._run_cron("ir_cron_sla_replan")
        self._pause()
        with freeze_time("2026-03-13 08:00:00"):
            self.case.with_user(self.handler).action_resume()
        with freeze_time("2026-03-17 06:00:00"):
            clock = self._clock("resolve").with_user(self.handler)
            text = str(clock.ledger_html)
            account = clock._get_ledger()
        for words in ("Novruz", "Waiting for the customer", self.handler.name):
            self.assertIn(words, text)
        self.assertEqual(account.elapsed.total_seconds(), 4 * 86400)

    def test_levels_are_told_in_the_language_of_the_reader(self):
        level = self.env.ref("complaint_management.complaint_sla_escalation_missed")
        with freeze_time("2026-03-17 13:00:00"):
            self._run_cron("ir_cron_sla_sweep")
        summaries = self.case.activity_ids.mapped("summary")
        self.assertIn(f"{level.name}: Resolution", summaries)
        events = self.case.journal_entry_ids.mapped("event")
        self.assertIn("escalated", events)
