from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestFeedback(ComplaintCommon):
    """What customers say about how their case was handled (IN-7, VO-1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._solve(cls._new_case())

    @classmethod
    def _solve(cls, case):
        # The way there is tested elsewhere.
        case.sudo().with_context(tracking_disable=True).flush_recordset()
        cls.env.cr.execute(
            "UPDATE complaint_case SET stage_id = %s, phase = 'closed' WHERE id = %s",
            [cls._stage("closed").id, case.id],
        )
        case.invalidate_recordset()
        return case

    def _answer_by_phone(self, case, score, user=None, **values):
        user = user or self.handler
        action = case.with_user(user).action_enter_feedback()
        wizard = self.env["complaint.feedback.enter"].with_user(user)
        wizard = wizard.with_context(**action["context"])
        with Form(wizard) as form:
            form.score = str(score)
            for name, value in values.items():
                form[name] = value
        form.record.action_save()
        return case.feedback_ids.filtered("is_current")[:1]

    # -- typing in -----------------------------------------------------------------
    def test_answer_by_phone_is_kept(self):
        answer = self._answer_by_phone(
            self.case, 9, satisfaction="4", effort="6", comment="Sürətli cavab. خوب"
        )
        self.assertEqual(answer.nps_score, 9)
        self.assertEqual(answer.nps_group, "promoter")
        self.assertEqual(answer.partner_id, self.customer)
        self.assertEqual(answer.commercial_partner_id, self.customer)
        self.assertEqual(answer.entered_by_id, self.handler)
        self.assertEqual(answer.way, "phone")
        self.assertIn("خوب", answer.comment)
        entry = self.case.journal_entry_ids.filtered(
            lambda entry: entry.event == "feedback_given"
        )
        self.assertEqual(entry.actor_id, self.handler)

    def test_groups_have_their_borders(self):
        for score, group in (
            *((0, "detractor"), (6, "detractor"), (7, "passive"), (8, "passive")),
            *((9, "promoter"), (10, "promoter")),
        ):
            answer = self._answer_by_phone(self.case, score)
            self.assertEqual(answer.nps_group, group)
        self.assertEqual(len(self.case.feedback_ids), 6)
        self.assertEqual(len(self.case.feedback_ids.filtered("is_current")), 1)

    def test_score_is_chosen_not_taken_for_zero(self):
        wizard = self.env["complaint.feedback.enter"].with_user(self.handler)
        with self.assertRaises(AssertionError):
            Form(wizard.with_context(default_case_id=self.case.id)).save()
        for vals in ({}, {"nps_score": False}, {"nps_score": None}):
            with self.assertRaises(ValidationError):
                self.case._register_feedback({"comment": "Hm", **vals})

    @mute_logger("odoo.sql_db")
    def test_score_outside_of_the_scale_is_refused(self):
        for score in (-1, 11):
            with self.subTest(score):
                with self.assertRaises(IntegrityError):
                    with self.env.cr.savepoint():
                        self.case._register_feedback({"nps_score": score})

    def test_open_case_asks_later(self):
        case = self._new_case()
        self.assertFalse(case.can_give_feedback)
        with self.assertRaises(UserError):
            case.with_user(self.handler).action_enter_feedback()

    def test_answer_of_the_future_is_refused(self):
        with self.assertRaises(ValidationError):
            self._answer_by_phone(
                self.case,
                5,
                answered_at=fields.Datetime.now() + timedelta(hours=1),
            )

    # -- one counts ----------------------------------------------------------------
    def test_correction_keeps_the_old_answer(self):
        first = self._answer_by_phone(self.case, 3, comment="Slow")
        second = self._answer_by_phone(self.case, 8)
        self.assertEqual(second.replaces_id, first)
        self.assertFalse(first.is_current)
        self.assertEqual(first.nps_score, 3)
        entry = self.case.journal_entry_ids.filtered(
            lambda entry: entry.event == "feedback_corrected"
        )
        self.assertIn("NPS 3", entry.note)
        self.assertIn("NPS 8", entry.note)

    def test_other_person_of_the_case_has_an_own_answer(self):
        colleague = self.env["res.partner"].create({"name": "Colleague"})
        self._answer_by_phone(self.case, 3)
        self._answer_by_phone(self.case, 9, partner_id=colleague)
        current = self.case.feedback_ids.filtered("is_current")
        self.assertEqual(sorted(current.mapped("nps_score")), [3, 9])

    def test_anonymous_case_has_one_answer(self):
        case = self._solve(self._new_case(partner_id=False, is_anonymous=True))
        first = self._answer_by_phone(case, 3)
        second = self._answer_by_phone(case, 4)
        self.assertFalse(second.partner_id)
        self.assertEqual(second.replaces_id, first)

    @mute_logger("odoo.sql_db")
    def test_two_first_answers_at_once_leave_one(self):
        self._answer_by_phone(self.case, 3)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["complaint.feedback"].sudo().create(
                {
                    "case_id": self.case.id,
                    "partner_id": self.customer.id,
                    "nps_score": 9,
                    "answered_at": "2026-01-01",
                }
            )

    # -- who -----------------------------------------------------------------------
    def test_nobody_writes_or_deletes_answers(self):
        answer = self._answer_by_phone(self.case, 3)
        for user in (self.handler, self.manager, self.auditor):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    answer.with_user(user).write({"nps_score": 10})
                with self.assertRaises(AccessError):
                    answer.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    answer.with_user(user).create(
                        {"case_id": self.case.id, "nps_score": 10}
                    )
        with self.assertRaises(UserError):
            answer.sudo().write({"nps_score": 10})
        with self.assertRaises(UserError):
            answer.sudo().unlink()

    def test_auditor_and_other_team_enter_nothing(self):
        team = self.env["complaint.team"].create({"name": "Another"})
        self.case.sudo().write({"team_id": team.id})
        for user in (self.auditor, self.other_handler):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.case.with_user(user).action_enter_feedback()

    def test_whom_the_complaint_is_about_enters_nothing(self):
        self.case.sudo().write(
            {
                "user_id": self.investigator.id,
                "subject_user_ids": [Command.set(self.handler.ids)],
            }
        )
        with self.assertRaises(AccessError):
            self.case.with_user(self.handler).action_enter_feedback()
        wizard = self.env["complaint.feedback.enter"].with_user(self.handler)
        with self.assertRaises(AccessError):
            wizard.create({"case_id": self.case.id, "score": "10"}).action_save()

    def test_confidential_answer_is_seen_by_named_people(self):
        case = self._solve(
            self._new_case(is_confidential=True, user_id=self.manager.id)
        )
        answer = self._answer_by_phone(case, 2, user=self.manager)
        for user in (self.handler, self.legal, self.auditor):
            with self.subTest(user.login):
                seen = self.env["complaint.feedback"].with_user(user)
                self.assertFalse(seen.search([("id", "=", answer.id)]))
                self.assertEqual(
                    self.customer.with_user(user).complaint_feedback_count, 0
                )
        customer = self.customer.with_user(self.manager)
        self.assertEqual(customer.complaint_feedback_count, 1)

    # -- the customer view ---------------------------------------------------------
    def test_customer_view_of_the_whole_tree(self):
        partners = self.env["res.partner"]
        firm = partners.create({"name": "Firm", "is_company": True})
        people = partners.create(
            [{"name": f"Person {n}", "parent_id": firm.id} for n in range(3)]
        )
        for number, (person, score) in enumerate(zip(people, (10, 9, 2), strict=True)):
            case = self._solve(self._new_case(partner_id=person.id))
            moment = fields.Datetime.now() - timedelta(days=number)
            self._answer_by_phone(case, 0, answered_at=moment)
            self._answer_by_phone(case, score, answered_at=moment)
        view = firm.with_user(self.handler)
        self.assertEqual(view.complaint_feedback_count, 3)
        self.assertEqual(view.complaint_nps, 33)
        self.assertGreater(view.complaint_nps_margin, 0)
        self.assertEqual(view.complaint_last_nps, 10)
        self.assertEqual(view.complaint_last_nps_group, "promoter")
        self.assertTrue(view.complaint_last_nps_at)
        last = people[2].with_user(self.handler)
        self.assertEqual(last.complaint_last_nps, 2)
        self.assertEqual(last.complaint_last_nps_group, "detractor")
        nobody = partners.create({"name": "Nobody"}).with_user(self.handler)
        self.assertFalse(nobody.complaint_last_nps_group)
        self.assertFalse(partners.new({"name": "x"}).complaint_feedback_count)

    # -- merge, hold ---------------------------------------------------------------
    def test_merge_of_reopened_cases_counts_the_latest(self):
        one, two = self._new_case(), self._new_case()
        early = fields.Datetime.now() - timedelta(days=2)
        one._register_feedback({"nps_score": 1, "answered_at": early})
        two._register_feedback({"nps_score": 5})
        two._register_feedback({"nps_score": 9})
        two.with_user(self.handler)._merge(one.with_user(self.handler))
        self.assertEqual(len(one.feedback_ids), 3)
        self.assertEqual(one.feedback_ids.filtered("is_current").nps_score, 9)

    @mute_logger("odoo.sql_db")
    def test_hold_keeps_answers_and_takes_corrections(self):
        answer = self._answer_by_phone(self.case, 3)
        self.env["complaint.legal.hold"].with_user(self.legal).create(
            {
                "name": "Court",
                "reason": "Lawsuit",
                "case_ids": [Command.set(self.case.ids)],
            }
        )
        self.env.flush_all()
        for query in (
            "UPDATE complaint_feedback SET nps_score = 10 WHERE id = %s",
            "UPDATE complaint_feedback SET comment = 'x' WHERE id = %s",
            "DELETE FROM complaint_feedback WHERE id = %s",
        ):
            with self.subTest(query), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.env.cr.execute(query, [answer.id])
        better = self._answer_by_phone(self.case, 7)
        self.env.flush_all()
        self.assertEqual(better.replaces_id, answer)
        self.assertFalse(answer.is_current)
