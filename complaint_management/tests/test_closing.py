from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.complaint_management.exceptions import GateError

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestClosing(ComplaintCommon):
    """The decision is told, accepted or disputed; nothing ends silently (FL-5)."""

    def _decided(self, **values):
        """A case in response, decided but not told."""
        case = self._new_case(
            validity="justified",
            validity_reason="Seen",
            root_cause="Loose cable",
            **values,
        ).with_user(self.handler)
        case.stage_id = self._stage("response")
        case.decision = "You get a new oven."
        return case

    def _told(self, **values):
        case = self._decided(**values)
        self._tell_decision(case)
        return case

    def _closed(self):
        case = self._told()
        case.lesson = "Test the cable"
        case.stage_id = self._stage("closed")
        return case

    def _verdict(self, case, **values):
        wizard = self.env["complaint.verdict"].with_user(self.handler)
        return wizard.create({"case_id": case.id, **values}).action_confirm()

    # -- telling -----------------------------------------------------------------------
    def test_letter_is_made_in_the_language_and_sent_by_a_person(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        template = self.env.ref("complaint_management.mail_template_decision")
        template.with_context(lang="tr_TR").subject = "Yanıtımız {{ object.name }}"
        case = self._decided(lang="tr_TR")
        form = Form(
            self.env["complaint.answer"]
            .with_user(self.handler)
            .with_context(default_case_id=case.id)
        )
        self.assertEqual(form.lang, "tr_TR")
        self.assertEqual(form.subject, f"Yanıtımız {case.name}")
        form.next_step = "We collect the oven on Friday."
        self.assertIn("You get a new oven.", form.body)
        self.assertIn("We collect the oven on Friday.", form.body)
        form.lang = "en_US"
        self.assertIn("Our answer", form.subject)
        form.save().action_send()
        message = case.message_ids[0]
        self.assertEqual(message.author_id, self.handler.partner_id)
        self.assertEqual(message.partner_ids, self.customer)
        self.assertTrue(case.responded_at)
        self.assertTrue(case.decision_sent_at)
        self.assertEqual(case.decision_told_way, "message")

    def test_letter_without_decision_refused(self):
        case = self._decided()
        case.decision = "  "
        with self.assertRaises(UserError):
            case.action_answer()
        with self.assertRaises(UserError):
            self._tell_decision(case)

    def test_letter_to_nobody_refused_told_by_phone_counts(self):
        case = self._decided(partner_id=False, partner_phone="+994507654321")
        wizard = self.env["complaint.answer"].with_user(self.handler)
        form = wizard.create({"case_id": case.id})
        self.assertEqual(form.way, "phone")
        with self.assertRaises(UserError):
            form.action_send()
        with self.assertRaises(UserError):
            wizard.create({"case_id": case.id, "way": "message"}).action_send()
        form.note = "Spoke with Aysel at 10"
        form.action_send()
        self.assertEqual(case.decision_told_way, "phone")
        self.assertTrue(case.responded_at)
        clock = case.sla_clock_ids.filtered(lambda c: c.kind == "respond")
        self.assertTrue(clock.stopped_at)

    def test_telling_by_who_may_not_change_the_case_refused(self):
        case = self._decided()
        for user in (self.auditor, self.other_handler):
            with self.assertRaises(AccessError):
                case.with_user(user).sudo()._note_decision_told("phone")
        with self.assertRaises(AccessError):
            case.write({"decision_sent_at": "2026-01-01"})

    def test_whom_the_complaint_is_about_ends_nothing(self):
        case = self._decided()
        done = self._new_case()
        done.stage_id = self._stage("cancelled")
        (case.sudo() | done).subject_user_ids = self.investigator
        as_subject = case.with_user(self.investigator)
        for attempt in (
            lambda: as_subject._note_decision_told("phone"),
            lambda: as_subject.sudo()._mute_notice("We spoke"),
            lambda: done.with_user(self.investigator).sudo()._reopen("Because"),
            lambda: (
                self.env["complaint.evidence"]
                .with_user(self.investigator)
                ._add(as_subject, [("a.txt", b"a")])
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_gate_asks_whether_the_customer_knows(self):
        case = self._decided()
        with self.assertRaises(GateError) as refusal, self.env.cr.savepoint():
            case.stage_id = self._stage("monitoring")
        self.assertIn("told the decision", str(refusal.exception))
        self._tell_decision(case)
        case.stage_id = self._stage("monitoring")
        with self.assertRaises(GateError) as refusal, self.env.cr.savepoint():
            case.stage_id = self._stage("closed")
        self.assertIn("lesson", str(refusal.exception))

    def test_who_can_not_be_told_can_still_be_closed(self):
        case = self._decided(partner_id=False, is_anonymous=True)
        self.env["complaint.answer"].with_user(self.handler).create(
            {"case_id": case.id, "way": "unreachable", "note": "Anonymous letter"}
        ).action_send()
        case.lesson = "Test the cable"
        case.stage_id = self._stage("closed")
        self.assertFalse(case.responded_at)
        self.assertEqual(case.phase, "closed")

    # -- what the customer says --------------------------------------------------------
    def test_accepted_is_noted(self):
        case = self._told()
        self._verdict(case, verdict="accepted", words="Thank you")
        self.assertEqual(case.customer_verdict, "accepted")
        self.assertEqual(
            (case.verdict_words, case.verdict_source), ("Thank you", "staff")
        )
        self.assertIn(
            "decision_accepted", case.sudo().journal_entry_ids.mapped("event")
        )

    def test_verdict_before_the_decision_is_told_refused(self):
        case = self._decided()
        with self.assertRaises(UserError):
            self._verdict(case, verdict="accepted")
        with self.assertRaises(UserError):
            case.action_enter_verdict()

    def test_verdict_by_write_refused(self):
        case = self._told()
        with self.assertRaises(AccessError):
            case.with_user(self.manager).write({"customer_verdict": "accepted"})

    def test_dispute_reopens_with_its_words(self):
        case = self._closed()
        with self.assertRaises(UserError):
            self._verdict(case, verdict="disputed", words=" ")
        self._verdict(case, verdict="disputed", words="It still smokes", way="reopen")
        self.assertEqual((case.phase, case.reopen_count), ("investigation", 1))
        self.assertEqual(case.customer_verdict, "disputed")
        self.assertFalse(case.decision_sent_at)
        self.assertFalse(case.closed_at)
        note = case.sudo().journal_entry_ids.filtered(lambda e: e.event == "reopened")
        self.assertEqual(note.note, "It still smokes")

    def test_dispute_outside_waits_for_its_outcome(self):
        case = self._told()
        case.lesson = "Test the cable"
        with self.assertRaises(UserError):
            self._verdict(case, verdict="disputed", words="No", way="external")
        self._verdict(
            case,
            verdict="disputed",
            words="No",
            way="external",
            external_body="Consumer arbitration board",
            external_reference="T-77",
        )
        self.assertEqual(case.external_body, "Consumer arbitration board")
        with self.assertRaises(GateError) as refusal, self.env.cr.savepoint():
            case.stage_id = self._stage("closed")
        self.assertIn("external resolution", str(refusal.exception))
        case.external_outcome = "In our favour"
        case.stage_id = self._stage("closed")
        self.assertEqual(case.phase, "closed")

    def test_dispute_from_the_portal_asks_the_owner(self):
        case = self._closed()
        case.sudo()._register_verdict("disputed", "Not fair", "portal")
        self.assertEqual(case.customer_verdict, "disputed")
        self.assertEqual(case.phase, "closed")
        activity = case.activity_ids
        self.assertEqual(activity.user_id, self.handler)
        self.assertIn("Not fair", activity.note)

    # -- re-opening --------------------------------------------------------------------
    def test_ended_case_is_left_with_a_reason_only(self):
        case = self._closed()
        for user in (self.handler, self.manager):
            for phase in ("response", "monitoring", "cancelled"):
                with self.subTest(phase), self.assertRaises(UserError):
                    case.with_user(user).write({"stage_id": self._stage(phase).id})
        with self.assertRaises(UserError):
            case.sudo().with_context(complaint_reopen=True).stage_id = self._stage(
                "response"
            )
        with self.assertRaises(UserError):
            case._reopen("")
        with self.assertRaises(AccessError):
            case.with_user(self.auditor).sudo()._reopen("Because")
        self.env["complaint.reopen"].with_user(self.handler).create(
            {"case_id": case.id, "reason": "New facts"}
        ).action_reopen()
        self.assertTrue(case.is_open)
        with self.assertRaises(UserError):
            case._reopen("Twice")

    def test_reopened_case_counts_on_with_the_time_used(self):
        case = self._closed()
        clock = case.sla_clock_ids.filtered(lambda c: c.kind == "resolve")
        self.assertEqual(clock.state, "met")
        deadline = clock.deadline
        case._reopen("New facts")
        self.assertEqual(clock.state, "running")
        self.assertFalse(clock.stopped_at)
        self.assertGreaterEqual(clock.deadline, deadline)
        self.assertEqual(clock.event_ids.sorted("id")[-1].kind, "reopen")
        self.assertFalse(case.resolved_at)

    def test_customer_is_told_of_reopening_and_again_of_the_end(self):
        case = self._closed()
        self._run_cron("ir_cron_notice")
        self.assertIn("closed", case.message_ids[0].subject)
        case._reopen("New facts")
        self._run_cron("ir_cron_notice")
        subjects = case.message_ids.filtered("subject").mapped("subject")
        self.assertIn("again", subjects[0])
        case.stage_id = self._stage("response")
        self._tell_decision(case)
        case.stage_id = self._stage("closed")
        self._run_cron("ir_cron_notice")
        closed = [s for s in case.message_ids.mapped("subject") if s and "closed" in s]
        self.assertEqual(len(closed), 2)
