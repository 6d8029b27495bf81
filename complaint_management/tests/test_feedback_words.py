from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .legal_common import THREAT, LegalCommon


@tagged("post_install", "-at_install")
class TestFeedbackWords(LegalCommon):
    """What a customer answers afterwards is searched like everything else that they
    say (LG-1, LG-2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._new_case(user_id=cls.handler.id)

    def _answer(self, comment, **values):
        vals = {"nps_score": 2, "comment": comment, **values}
        return self.case.with_user(self.handler)._register_feedback(vals)

    def test_threat_in_an_answer_alerts_legal_at_once(self):
        self.assertFalse(self.case.is_legal_risk)
        answer = self._answer(THREAT)
        hits = self.case.legal_hit_ids
        self.assertEqual(set(hits.mapped("source")), {"feedback"})
        self.assertEqual(hits.feedback_id, answer)
        self.assertTrue(self.case.is_legal_risk)
        self.assertEqual(self._alerts(self.case).user_id, self.legal)
        self.assertTrue(self._mails())
        self.assertIn("legal_alert", self.case.journal_entry_ids.mapped("event"))
        shown = str(self.case.with_user(self.legal).legal_text_html)
        self.assertIn("Feedback", shown)
        self.assertIn("<mark", shown)

    def test_harmless_and_empty_answers_find_nothing(self):
        self._answer("Thank you, all is well")
        self._answer("  ", partner_id=self.env.company.partner_id.id)
        self.assertFalse(self.case.legal_hit_ids)
        self.assertFalse(self._alerts(self.case))

    def test_false_alarm_is_dismissed_and_restored(self):
        self._answer(THREAT)
        hits = self.case.legal_hit_ids
        with self.assertRaises(UserError):
            hits.with_user(self.handler)._dismiss("x")
        self._dismiss(hits, self.legal)
        self.assertFalse(self.case.is_legal_risk)
        self.assertFalse(self._alerts(self.case))
        entry = self.case.journal_entry_ids.filtered(
            lambda found: found.event == "legal_hit_dismissed"
        )
        self.assertIn("Feedback", entry.note)
        hits.with_user(self.legal).action_restore()
        self.assertTrue(self.case.is_legal_risk)

    def test_searching_again_finds_the_same_once_and_older_answers(self):
        self._answer(THREAT)
        known = self._hits(self.case)
        new, gone = self.case.sudo()._legal_search_again()
        self.assertFalse(new | gone)
        self.assertEqual(self._hits(self.case), known)
        # One that came before answers were searched.
        self.env["complaint.feedback"].sudo().create(
            {
                "case_id": self.case.id,
                "nps_score": 1,
                "comment": THREAT,
                "answered_at": "2026-01-01 10:00:00",
            }
        )
        new, gone = self.case.sudo()._legal_search_again()
        self.assertEqual(sorted((h.source, h.match) for h in new), known)
        self.assertFalse(gone)

    def test_corrected_answer_leaves_what_was_said(self):
        first = self._answer(THREAT)
        second = self._answer("It was meant in another way")
        self.assertEqual(second.replaces_id, first)
        self.assertEqual(self.case.legal_hit_ids.feedback_id, first)
        self.assertTrue(self.case.is_legal_risk)
        __, gone = self.case.sudo()._legal_search_again()
        self.assertFalse(gone)

    def test_term_that_leaves_the_list_takes_its_hits_along(self):
        self._answer(THREAT)
        hits = self.case.legal_hit_ids
        hits.term_id.with_user(self.legal).active = False
        __, gone = self.case.sudo()._legal_search_again()
        self.assertEqual(gone, hits)

    def test_merge_takes_words_and_answers_along(self):
        answer = self._answer(THREAT)
        twin = self._new_case()
        (self.case | twin).with_user(self.manager)._merge(
            twin.with_user(self.manager), True
        )
        self.assertEqual(twin.legal_hit_ids.feedback_id, answer)
        self.assertEqual(answer.case_id, twin)

    def test_held_case_takes_answers_and_finds_words(self):
        self.env["complaint.legal.hold"].with_user(self.legal).create(
            {
                "name": "Court 1/2026",
                "reason": "The customer sues",
                "case_ids": [Command.set(self.case.ids)],
            }
        )
        self._answer(THREAT)
        self.assertTrue(self.case.legal_hit_ids)

    # -- contacts that are merged --------------------------------------------------
    def _merge_contacts(self, contacts, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(contacts.ids, target)
        self.env.invalidate_all()

    def _new_contacts(self):
        return self.env["res.partner"].create(
            [{"name": "Aysel"}, {"name": "Aysel K."}, {"name": "A. Kazımova"}]
        )

    def test_merged_contacts_keep_all_their_answers_and_the_latest_counts(self):
        one, two, three = self._new_contacts()
        first = self._answer("a", partner_id=one.id, answered_at="2026-01-01 10:00:00")
        corrected = self._answer(
            "b", partner_id=one.id, answered_at="2026-01-04 10:00:00"
        )
        other = self._answer("c", partner_id=two.id, answered_at="2026-01-03 10:00:00")
        third = self._answer(
            "d", partner_id=three.id, answered_at="2026-01-02 10:00:00"
        )
        elsewhere = (
            self._new_case()
            .with_user(self.handler)
            ._register_feedback({"nps_score": 9, "partner_id": two.id})
        )
        answers = first | corrected | other | third
        self._merge_contacts(one | two | three, one)
        self.assertEqual(answers.exists(), answers)
        self.assertEqual(answers.partner_id, one)
        self.assertEqual(answers.filtered("is_current"), corrected)
        self.assertEqual(answers.mapped("comment"), ["a", "b", "c", "d"])
        self.assertEqual(elsewhere.partner_id, one)
        self.assertTrue(elsewhere.is_current)
        events = self.case.journal_entry_ids.mapped("event")
        self.assertIn("feedback_joined", events)
        # And it goes on: one person, one answer that counts.
        last = self._answer("e", partner_id=one.id)
        self.assertEqual((answers | last).filtered("is_current"), last)

    def test_merged_contacts_with_one_answer_leave_no_trace(self):
        one, two, three = self._new_contacts()
        answer = self._answer("a", partner_id=two.id)
        self._merge_contacts(one | two | three, one)
        self.assertEqual(answer.partner_id, one)
        events = self.case.journal_entry_ids.mapped("event")
        self.assertNotIn("feedback_joined", events)
