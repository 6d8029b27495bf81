from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .legal_common import THREAT, LegalCommon


@tagged("post_install", "-at_install")
class TestLegalJudging(LegalCommon):
    """Who decides about a legal risk, and who hears of it (LG-2)."""

    # -- by hand ---------------------------------------------------------------
    def test_handler_raises_and_only_legal_takes_back(self):
        case = self._new_case()
        case.with_user(self.handler).is_legal_risk = True
        self.assertTrue(case.is_legal_risk_by_hand)
        for user in (self.handler, self.investigator, self.manager):
            with self.assertRaises(AccessError):
                case.with_user(user).is_legal_risk = False
        case.with_user(self.legal).is_legal_risk = False
        self.assertFalse(case.is_legal_risk or case.is_legal_risk_by_hand)

    def test_words_are_dismissed_before_a_risk_is_taken_back(self):
        case = self._new_case(description=THREAT)
        with self.assertRaises(UserError):
            case.with_user(self.legal).is_legal_risk = False
        self.assertTrue(case.is_legal_risk)

    def test_context_of_a_caller_says_nothing(self):
        case = self._new_case(is_legal_risk=True)
        for forged in (True, "BY_SEARCH", 1):
            as_handler = case.with_user(self.handler).with_context(
                complaint_legal_by_search=forged
            )
            with self.assertRaises(AccessError):
                as_handler.is_legal_risk = False

    def test_fields_of_the_system_are_refused(self):
        case = self._new_case(description=THREAT)
        hit = case.legal_hit_ids[0]
        for user in (self.handler, self.manager, self.legal):
            for vals in ({"legal_score": 0}, {"is_legal_risk_by_hand": True}):
                with self.assertRaises(AccessError):
                    case.with_user(user).write(vals)
            with self.assertRaises(AccessError):
                hit.with_user(user).write({"dismissed_at": "2026-01-01 00:00:00"})
            with self.assertRaises(AccessError):
                hit.with_user(user).unlink()
            with self.assertRaises(AccessError):
                hit.with_user(user).create(
                    {"case_id": case.id, "term": "x", "match": "x", "source": "subject"}
                )
        with self.assertRaises(UserError):
            hit.unlink()

    # -- dismissing ------------------------------------------------------------
    def test_dismissing_the_last_word_takes_the_risk_back(self):
        case = self._new_case(description=THREAT)
        first, last = case.legal_hit_ids
        self._dismiss(first, self.legal)
        self.assertTrue(case.is_legal_risk)
        self.assertEqual(case.legal_score, 10)
        self._dismiss(last, self.legal, "A play on words")
        self.assertFalse(case.is_legal_risk)
        self.assertEqual((case.legal_score, case.legal_words), (0, ""))
        self.assertEqual(last.dismissed_by_id, self.legal)
        entry = case.journal_entry_ids.filtered(
            lambda e: e.event == "legal_hit_dismissed"
        )
        self.assertIn("A play on words", "".join(entry.mapped("note")))
        self.assertIn(last.match, "".join(entry.mapped("note")))
        self.assertFalse(self._alerts(case), "nobody needs to look any more")
        # The priority is a person's to lower.
        self.assertEqual(case.priority, "3")

    def test_restored_word_counts_and_alerts_again(self):
        case = self._new_case(description="See you in court")
        self._dismiss(case.legal_hit_ids, self.legal)
        case.legal_hit_ids.with_user(self.legal).action_restore()
        self.assertTrue(case.is_legal_risk)
        self.assertTrue(self._alerts(case))

    def test_risk_set_by_hand_stays_when_words_are_dismissed(self):
        case = self._new_case(description=THREAT)
        case.with_user(self.legal).action_confirm_legal_risk()
        self.assertFalse(self._alerts(case))
        self._dismiss(case.legal_hit_ids, self.legal)
        self.assertTrue(case.is_legal_risk)

    def test_dismissing_needs_legal_and_a_reason(self):
        case = self._new_case(description=THREAT)
        for user in (self.handler, self.investigator, self.manager, self.auditor):
            with self.assertRaises(AccessError):
                case.legal_hit_ids.with_user(user).action_dismiss()
            with self.assertRaises(AccessError):
                case.legal_hit_ids.with_user(user)._dismiss("because")
            with self.assertRaises(AccessError):
                case.with_user(user).action_confirm_legal_risk()
        with self.assertRaises(UserError):
            case.legal_hit_ids.with_user(self.legal)._dismiss("  ")

    def test_legal_can_not_dismiss_in_a_case_they_may_not_read(self):
        case = self._new_case(
            description=THREAT, is_confidential=True, user_id=self.handler.id
        )
        hits = case.legal_hit_ids
        with self.assertRaises(AccessError):
            hits.with_user(self.legal)._dismiss("because")
        found = self.env["complaint.legal.hit"].with_user(self.legal).search([])
        self.assertFalse(found & hits)

    # -- alert -----------------------------------------------------------------
    def test_legal_gets_one_activity_and_one_queued_mail(self):
        case = self._new_case(description=THREAT)
        self.assertIn(self.legal, self._alerts(case).user_id)
        self.assertIn("məhkəməyə", self._alerts(case)[0].summary)
        mail = self._mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.state, "outgoing", "queued, not sent in the transaction")
        self.assertIn(case.name, mail.body_html)
        before = len(self._alerts(case))
        self._write(case, "Prokurorluğa da yazdım")
        self.assertEqual((len(self._alerts(case)), len(self._mails())), (before, 1))
        self.assertIn("legal_alert", case.journal_entry_ids.mapped("event"))

    def test_batch_makes_one_mail_a_person(self):
        cases = self.env["complaint.case"].create(
            [{"subject": f"Lawsuit {number}"} for number in range(5)]
        )
        self.assertTrue(all(cases.mapped("is_legal_risk")))
        mail = self._mails()
        self.assertEqual(len(mail), 1)
        for case in cases:
            self.assertIn(case.name, mail.body_html)

    def test_confidential_case_alerts_only_who_may_read_it(self):
        case = self._new_case(description=THREAT, is_confidential=True)
        self.assertEqual(self._alerts(case).user_id, self.handler)
        self.assertFalse(self._mails())
        named = self._new_case(
            description=THREAT,
            is_confidential=True,
            confidential_user_ids=[(6, 0, self.legal.ids)],
        )
        self.assertEqual(self._alerts(named).user_id, self.legal)

    def test_case_about_somebody_of_legal_is_not_told_to_them(self):
        case = self._new_case(
            description=THREAT, subject_user_ids=[(6, 0, self.legal.ids)]
        )
        self.assertNotIn(self.legal, self._alerts(case).user_id)
        self.assertFalse(self._mails())

    def test_handler_who_raises_alerts_legal(self):
        case = self._new_case()
        case.with_user(self.handler).is_legal_risk = True
        self.assertIn(self.legal, self._alerts(case).user_id)
        self.assertIn("Handler", self._alerts(case)[0].summary)
