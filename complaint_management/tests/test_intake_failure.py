import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .mail_common import MailCommon


@tagged("post_install", "-at_install")
class TestIntakeFailure(MailCommon):
    def test_failure_while_creating_keeps_mail_and_transaction(self):
        cases = self.env.registry["complaint.case"]
        before = self.env["complaint.case"].search_count([])
        with patch.object(cases, "_wake_acknowledgement", side_effect=KeyError("x")):
            case, kept = self._process(self._mail())
        self.assertFalse(case)
        self.assertEqual((kept.kind, kept.reason), ("quarantine", "error"))
        self.assertEqual(base64.b64decode(kept.raw), self._mail())
        self.assertEqual(self.env["complaint.case"].search_count([]), before)
        self.assertEqual(kept.subject, "Cold oven")
        self.assertEqual(self.team.alias_id.alias_status, "not_tested")
        kept.with_user(self.handler).action_retry()
        self.assertEqual(kept.case_id.subject, "Cold oven")
        self.assertEqual(kept.state, "done")

    def test_loop_of_one_sender_is_kept_without_answer(self):
        mails = self.env["mail.mail"].search_count([])
        for number in range(25):
            self._process(self._mail(f"No. {number}", Message_Id=f"<{number}@loop>"))
        refused = self.failures.search([("reason", "=", "storm")])
        cases = self.env["complaint.case"].search(
            [("email_normalized", "=", "aysel@customer.example")]
        )
        self.assertEqual(len(cases), 20)
        self.assertEqual(len(refused), 5)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        refused[:1].with_user(self.handler).action_retry()
        self.assertTrue(refused[:1].case_id)

    def test_case_made_of_kept_mail_has_its_words_and_source(self):
        __, kept = self._process(self._mail(Auto_Submitted="auto-generated"))
        kept.with_user(self.handler).action_make_case()
        case = kept.case_id
        self.assertIn("The oven is cold.", case.description)
        self.assertEqual(case.email_normalized, "aysel@customer.example")
        files = self.env["ir.attachment"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id)]
        )
        self.assertEqual(files.mimetype, "message/rfc822")

    def test_retry_of_delivery_report_is_refused_in_clear_words(self):
        __, kept = self._process(self._mail(From="MAILER-DAEMON@relay.example"))
        with self.assertRaisesRegex(UserError, "delivery report"):
            kept.with_user(self.handler).action_retry()
        self.assertEqual(kept.state, "open")

    # -- a storm ----------------------------------------------------------------------
    def test_storm_of_one_sender_opens_few_cases_and_loses_none(self):
        for number in range(200):
            self._process(self._mail(f"No. {number}", Message_Id=f"<{number}@storm>"))
        cases = self._find_cases("Cold oven")
        kept = self.failures.search([("reason", "=", "storm")])
        self.assertLessEqual(len(cases), 20)
        self.assertEqual(len(cases) + len(kept), 200)
        self.assertEqual(set(kept.mapped("sender")), {"aysel@customer.example"})
        self.assertEqual(set(kept.mapped("kind")), {"quarantine"})
        words = {case.description.strip() for case in cases}
        words |= {failure.preview for failure in kept}
        self.assertEqual(words, {f"No. {number}" for number in range(200)})
        # Somebody else is heard meanwhile.
        case, __ = self._process(
            self._mail(From="calm@customer.example", Message_Id="<calm@test>")
        )
        self.assertTrue(case)
        chosen = kept[:3].with_user(self.handler)
        chosen.action_retry()
        self.assertEqual(len(chosen.case_id), 3)
        self.assertEqual(set(chosen.mapped("state")), {"done"})

    def _keep_several(self, count=3):
        """Return mails that wait, the newest first."""
        for number in range(count):
            self._process(
                self._mail(
                    f"No. {number}",
                    Message_Id=f"<{number}@list>",
                    Precedence="bulk",
                )
            )
        return self.failures.search([("reason", "=", "bulk")])

    def test_several_mails_become_one_case_with_the_oldest_first(self):
        kept = self._keep_several().with_user(self.handler)
        action = kept.action_make_one_case()
        case = kept.case_id
        self.assertEqual(len(case), 1)
        self.assertEqual(action["res_id"], case.id)
        self.assertEqual(case.description.strip(), "No. 0")
        bodies = " ".join(case.message_ids.sorted("id").mapped("body"))
        self.assertLess(bodies.index("No. 0"), bodies.index("No. 1"))
        self.assertLess(bodies.index("No. 1"), bodies.index("No. 2"))
        self.assertEqual(set(kept.mapped("state")), {"done"})

    def test_context_of_a_caller_puts_no_mail_into_a_case(self):
        case = self._new_case()
        known = case.message_ids
        gateway = self.env["mail.thread"].with_user(self.other_handler)
        gateway.with_context(
            complaint_mail_case=[True, case.id], complaint_mail_wanted=True
        ).message_process(False, self._mail())
        self.assertEqual(case.message_ids, known)

    # -- what a person does -----------------------------------------------------------
    def test_several_mails_are_handled_at_once_and_one_bad_stops_none(self):
        kept = self._keep_several()
        self._process(self._mail(From="MAILER-DAEMON@relay.example"))
        report = self.failures.search([("reason", "=", "bounce")])
        both = (kept | report).with_user(self.handler)
        answer = both.action_retry()
        self.assertIn("3 of 4", answer["params"]["message"])
        self.assertEqual(set(kept.mapped("state")), {"done"})
        self.assertEqual(len(kept.case_id), 3)
        self.assertEqual(report.state, "open")

    def test_nothing_to_do_can_be_taken_back(self):
        kept = self._keep_several()
        as_handler = kept.with_user(self.handler)
        as_handler.action_ignore()
        self.assertEqual(set(kept.mapped("state")), {"ignored"})
        self.assertEqual(kept.handled_by_id, self.handler)
        self.assertTrue(all(kept.mapped("handled_at")))
        as_handler.action_reopen()
        self.assertEqual(set(kept.mapped("state")), {"open"})
        self.assertFalse(kept.handled_by_id)

    def test_mail_that_is_a_case_is_not_taken_back(self):
        kept = self._keep_several(1).with_user(self.handler)
        kept.action_retry()
        case = kept.case_id
        with self.assertRaisesRegex(UserError, case.name):
            kept.action_reopen()
        # Pressed again it makes no second case, nor is it ignored after all.
        kept.action_retry()
        kept.action_make_case()
        kept.action_ignore()
        self.assertEqual((kept.case_id, kept.state), (case, "done"))

    def test_every_reason_is_explained(self):
        reasons = dict(self.failures._fields["reason"].selection)
        self.assertEqual(set(self.failures._get_explanations()), set(reasons))

    def test_words_of_kept_mail_are_shown_as_text(self):
        __, kept = self._process(
            self._mail("<script>alert(1)</script> cold", Precedence="bulk")
        )
        self.assertIn("cold", kept.preview)
        broken = self.failures.create({"kind": "quarantine", "reason": "error"})
        self.assertEqual(broken.preview, "")

    # -- rights -----------------------------------------------------------------------
    def test_states_are_written_by_the_buttons_only(self):
        kept = self._keep_several(1)
        case = self._new_case()
        for vals in ({"state": "done"}, {"case_id": case.id}, {"kind": "automatic"}):
            with self.assertRaises(AccessError, msg=vals):
                kept.with_user(self.handler).write(vals)
        fields = ["id", "state"]
        result = kept.with_user(self.handler).load(fields, [[str(kept.id), "done"]])
        self.assertFalse(result["ids"])

    def test_auditor_reads_and_decides_nothing(self):
        kept = self._keep_several(1)
        as_auditor = kept.with_user(self.auditor)
        self.assertEqual(as_auditor.subject, "Cold oven")
        for name in (
            "action_retry",
            "action_make_case",
            "action_make_one_case",
            "action_ignore",
            "action_reopen",
        ):
            with self.assertRaises(AccessError, msg=name):
                getattr(as_auditor, name)()
        self.assertEqual((kept.state, kept.case_id.ids), ("open", []))

    def test_counter_asks_once_and_counts_what_waits(self):
        waiting = [("state", "=", "open"), ("kind", "=", "quarantine")]
        before = self.failures.with_user(self.handler).search_count(waiting)
        kept = self._keep_several(2)
        self._process(self._mail(From="MAILER-DAEMON@relay.example"))
        failures = self.failures.with_user(self.handler)
        self.env.flush_all()
        with self.assertQueryCount(1):
            count = failures.search_count(waiting)
        self.assertEqual(count, before + 2)
        kept[0].with_user(self.handler).action_ignore()
        self.assertEqual(failures.search_count(waiting), before + 1)


@tagged("post_install", "-at_install")
class TestWaitingMails(MailCommon, HttpCase):
    def test_counter_leads_to_the_mails_and_goes_when_none_waits(self):
        self.failures.search([]).sudo().state = "done"
        for number in range(3):
            self._process(
                self._mail(
                    f"No. {number}", Message_Id=f"<{number}@tour>", Precedence="bulk"
                )
            )
        self.start_tour(
            "/odoo", "complaint_management_waiting_mails", login=self.handler.login
        )
        kept = self.failures.search([("reason", "=", "bulk"), ("case_id", "!=", False)])
        self.assertEqual(len(kept), 3)
        self.assertEqual(len(kept.case_id), 1)
