from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_actions import ActionCommon

LOGGER = "odoo.addons.complaint_management.models.complaint_action_remind_mixin"


@tagged("post_install", "-at_install")
class TestActionReminders(ActionCommon):
    """Who hears of an action before and after it is due, and how often (CA-1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.env["mgmtsystem.action"].search([]).active = False
        cls.company = cls.env.company
        cls.company.complaint_action_remind_before = 7
        cls.company.complaint_action_remind_every = 7

    def _due(self, days, **values):
        return self._new_action(
            date_deadline=self.today + timedelta(days=days), **values
        )

    def _mails(self, user=None):
        domain = [("subject", "like", "Actions that wait for you")]
        mails = self.env["mail.mail"].search(domain)
        if user:
            mails = mails.filtered(lambda mail: user.email_formatted == mail.email_to)
        return mails

    def _remind(self):
        """Run the cron; return how many mails each user got."""
        before = self._mails()
        self._run_cron("ir_cron_action_remind")
        new = self._mails() - before
        return {
            user: len(
                new.filtered(lambda mail, u=user: u.email_formatted == mail.email_to)
            )
            for user in (self.investigator, self.handler, self.manager, self.legal)
        }

    def test_each_level_is_told_once(self):
        action = self._due(8)
        nobody = dict.fromkeys(self._remind(), 0)
        self.assertEqual(self._remind(), nobody)
        for days, owner, manager in (
            (7, 1, 0),
            (1, 0, 0),
            (0, 0, 0),
            (-1, 1, 0),
            (-7, 0, 0),
            (-8, 1, 1),
            (-14, 0, 0),
            (-15, 1, 1),
        ):
            with self.subTest(days):
                # time goes by: the deadline itself doesn't change
                self.env.cr.execute(
                    "UPDATE mgmtsystem_action SET date_deadline = %(day)s,"
                    " next_due = %(day)s WHERE id = %(id)s",
                    {"day": self.today + timedelta(days=days), "id": action.id},
                )
                action.invalidate_recordset()
                expected = {
                    **nobody,
                    self.investigator: owner,
                    self.handler: manager,
                }
                self.assertEqual(self._remind(), expected)
                self.assertEqual(self._remind(), nobody)
        activities = action.activity_ids
        self.assertEqual(activities.user_id, self.investigator | self.handler)
        self.assertEqual(len(activities), 2)

    def test_long_sleep_tells_the_highest_level_only(self):
        action = self._due(-100)
        told = self._remind()
        self.assertEqual((told[self.investigator], told[self.handler]), (1, 1))
        self.assertEqual(action.remind_owner_level, action.remind_manager_level)
        self.assertFalse(any(self._remind().values()))

    def test_one_mail_a_person_however_many_actions(self):
        for number in range(30):
            self._due(-1, name=f"Action {number}")
        self._due(3, name="Soon", user_id=self.handler.id)
        told = self._remind()
        self.assertEqual((told[self.investigator], told[self.handler]), (1, 1))
        mail = self._mails(self.investigator)
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.body_html.count("<li"), 30)
        self.assertIn("(30)", mail.subject)
        self.assertNotIn("Soon", mail.body_html)

    def test_finished_and_cancelled_actions_are_quiet(self):
        self._due(-1, stage_id=self.closed.id)
        self._due(-1, stage_id=self.cancelled.id)
        self._due(-1).active = False
        self.assertFalse(any(self._remind().values()))

    def test_new_deadline_begins_anew(self):
        action = self._due(-1)
        self._remind()
        self.assertEqual(action.remind_owner_level, 2)
        action.with_user(self.investigator).date_deadline = self.today + timedelta(20)
        self.assertEqual(action.remind_owner_level, 0)
        self.assertFalse(any(self._remind().values()))
        action.date_deadline = self.today
        self.assertEqual(self._remind()[self.investigator], 1)

    def test_new_owner_hears_of_it(self):
        action = self._due(-1)
        self._remind()
        action.user_id = self.legal
        told = self._remind()
        self.assertEqual((told[self.legal], told[self.investigator]), (1, 0))

    def test_level_is_written_by_the_system_only(self):
        action = self._due(-1)
        with self.assertRaises(AccessError):
            action.with_user(self.manager).remind_owner_level = 9

    def test_verifier_and_checker_are_told(self):
        self._new_action(
            stage_id=self.closed.id,
            verifier_id=self.manager.id,
            date_closed=fields.Datetime.now() - timedelta(days=2),
        )
        self._new_action(
            stage_id=self.closed.id,
            effectiveness_checker_id=self.legal.id,
            effectiveness_check_date=self.today,
        )
        self._new_action(
            stage_id=self.closed.id,
            effectiveness_checker_id=self.legal.id,
            effectiveness_check_date=self.today + timedelta(days=1),
        )
        # nobody is named: who answers for the complaint finds somebody
        self._new_action(stage_id=self.closed.id, effectiveness_check_date=self.today)
        told = self._remind()
        self.assertEqual(
            told,
            {self.manager: 1, self.legal: 1, self.handler: 1, self.investigator: 0},
        )
        self.assertEqual(self._mails(self.legal).body_html.count("<li"), 1)
        self.assertFalse(any(self._remind().values()))

    def test_owner_of_what_did_not_work_is_told_until_something_follows(self):
        action = self._new_action(stage_id=self.closed.id)
        action.write(
            {"effectiveness_result": "not_effective", "effectiveness_note": "No"}
        )
        self.assertEqual(action.next_due, self.today)
        self.assertEqual(self._remind()[self.investigator], 1)
        self.assertFalse(any(self._remind().values()))
        self._new_action(follows_id=action.id)
        self.assertFalse(action.next_due)

    def test_reminders_after_can_be_switched_off(self):
        self.company.complaint_action_remind_every = 0
        self._due(-50)
        told = self._remind()
        self.assertEqual((told[self.investigator], told[self.handler]), (1, 0))
        self.assertFalse(any(self._remind().values()))

    def test_owner_who_left_is_replaced_by_who_answers(self):
        self._due(-1)
        self.investigator.active = False
        self.assertEqual(self._remind()[self.handler], 1)

    def test_confidential_action_is_not_told_to_who_may_not_see_it(self):
        self.case.is_confidential = True
        action = self._due(-1, user_id=self.legal.id)
        self._remind()
        self.assertEqual(action.activity_ids.user_id, self.legal)

    def test_other_company_has_its_own_days(self):
        other = self.env["res.company"].create(
            {"name": "Other", "complaint_action_remind_before": 30}
        )
        self.investigator.company_ids = [Command.link(other.id)]
        self._due(20, complaint_case_id=False, company_id=other.id)
        self._due(20)
        self._remind()
        self.assertEqual(self._mails(self.investigator).body_html.count("<li"), 1)

    def test_mail_is_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.investigator.lang = "fa_IR"
        self._due(-1, name="پیچ را ببندید")
        before = self.env["mail.mail"].search([])
        self._run_cron("ir_cron_action_remind")
        mail = self.env["mail.mail"].search([]) - before
        self.assertIn('dir="rtl"', mail.body_html)
        self.assertIn("پیچ را ببندید", mail.body_html)

    def test_one_bad_person_does_not_stop_the_rest(self):
        self._due(-1)
        self._due(-1, user_id=self.legal.id)
        model = self.env.registry["mgmtsystem.action"]
        prepare, bad = model._prepare_remind_mail, self.legal

        def fail_for_one(records, user, reminders):
            if user == bad:
                raise ValueError("No such language")
            return prepare(records, user, reminders)

        with (
            patch.object(model, "_prepare_remind_mail", fail_for_one),
            mute_logger(LOGGER),
        ):
            told = self._remind()
        self.assertEqual((told[self.investigator], told[self.legal]), (1, 0))
        # tried again the next time, and nobody else hears twice
        told = self._remind()
        self.assertEqual((told[self.investigator], told[self.legal]), (0, 1))

    def test_reminder_of_the_other_module_does_not_double(self):
        self._due(10)
        before = self.env["mail.mail"].search_count([])
        self.assertFalse(self.env["mgmtsystem.action"].process_reminder_queue())
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_queries_do_not_grow_with_the_actions_of_a_person(self):
        counts = []
        for number in (2, 40):
            self.env["mgmtsystem.action"].search([]).active = False
            for n in range(number):
                self._due(-1, name=f"{n}")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with patch.object(
                self.env.registry["ir.cron"],
                "_commit_progress",
                lambda cron, *args, **kw: 1,
            ):
                self.env["mgmtsystem.action"]._cron_remind()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 10)

    def test_queries_grow_little_with_the_number_of_people(self):
        """Rules are personal and asked for each person; everything else is for all."""
        model, counts = self.env["mgmtsystem.action"], []
        for number in (2, 12):
            people = [
                self._new_user("handler", f"p{number}_{n}") for n in range(number)
            ]
            actions = model.concat(*(self._due(-1, user_id=user.id) for user in people))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            reminders = actions._get_reminders_by_user(self.today)
            model._remind(reminders, self.today)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            for user, action in zip(people, actions, strict=True):
                self.assertEqual(action.activity_ids.user_id, user)
                self.assertIn(user.partner_id, action.message_partner_ids)
        self.assertLessEqual((counts[1] - counts[0]) / 10, 6)
