from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestNotice(ComplaintCommon):
    """The customer is told at each step that concerns them (FL-3)."""

    def _told(self, case):
        return case.message_ids.filtered(lambda m: m.message_type == "auto_comment")

    def _to_investigation(self, **values):
        case = self._new_case(**values)
        case.with_user(self.handler).stage_id = self._stage("investigation")
        return case

    def test_step_is_told_once_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        self.customer.lang = "tr_TR"
        template = self.env.ref("complaint_management.mail_template_taken_over")
        template.with_context(lang="tr_TR").subject = "Şikâyetiniz {{ object.name }}"
        case = self._to_investigation()
        self.assertEqual(case.notice_state, "queued")
        self.assertFalse(self._told(case))
        self._run_cron("ir_cron_notice")
        self._run_cron("ir_cron_notice")
        message = self._told(case)
        self.assertEqual(len(message), 1)
        self.assertEqual(message.subject, f"Şikâyetiniz {case.name}")
        self.assertEqual(message.partner_ids, self.customer)
        self.assertIn(self.handler.name, message.body)
        self.assertIn(case._get_promised_moment("resolve"), message.body)
        self.assertEqual(case.notice_state, "sent")
        self.assertTrue(case.notice_sent_at)
        # Back and forth is told no second time.
        case.stage_id = self._stage("triage")
        case.stage_id = self._stage("investigation")
        self._run_cron("ir_cron_notice")
        self.assertEqual(len(self._told(case)), 1)

    def test_several_steps_at_once_tell_the_last_only(self):
        case = self._to_investigation()
        case.stage_id = self._stage("cancelled")
        self._run_cron("ir_cron_notice")
        self.assertEqual(len(self._told(case)), 1)
        self.assertIn("withdrawn", self._told(case).subject)

    def test_step_back_before_the_mail_tells_nothing(self):
        case = self._to_investigation()
        case.stage_id = self._stage("triage")
        self._run_cron("ir_cron_notice")
        self.assertEqual(case.notice_state, "none")
        self.assertFalse(self._told(case))

    def test_without_address_the_owner_calls(self):
        self.customer.write({"email": False, "phone": "+994 50 765 43 21"})
        case = self._to_investigation()
        self._run_cron("ir_cron_notice")
        self.assertFalse(self._told(case))
        self.assertEqual(case.notice_state, "phone")
        self.assertEqual(case.activity_ids.user_id, self.handler)
        self.assertIn("finding out", case.activity_ids.note)

    def test_without_any_contact_nothing_is_asked_for(self):
        case = self._to_investigation(partner_id=False, is_anonymous=True)
        self._run_cron("ir_cron_notice")
        self.assertEqual(case.notice_state, "none")
        self.assertFalse(case.activity_ids)

    def test_import_tells_nobody(self):
        # As the import screen does it.
        cases = self.env["complaint.case"].with_user(self.handler)
        result = cases.with_context(import_file=True).load(
            ["subject", "email_from", "stage_id", "category_id/.id", "user_id/.id"],
            [
                [
                    "Old",
                    "old@customer.example",
                    "Investigation",
                    str(self.category.id),
                    str(self.handler.id),
                ]
            ],
        )
        self.assertTrue(result["ids"], result["messages"])
        case = cases.browse(result["ids"])
        self.assertEqual((case.phase, case.notice_state), ("investigation", "none"))

    def test_step_that_is_not_told_tells_nothing(self):
        case = self._new_case()
        case.stage_id = self._stage("triage")
        self.assertEqual(case.notice_state, "none")

    def test_one_mail_is_muted_with_reason_and_the_next_is_sent(self):
        case = self._new_case()
        wizard = self.env["complaint.notice.mute"].with_user(self.handler)
        wizard.create({"case_id": case.id, "reason": "We spoke"}).action_mute()
        case.stage_id = self._stage("investigation")
        self.assertEqual(case.notice_state, "muted")
        self._run_cron("ir_cron_notice")
        self.assertFalse(self._told(case))
        notes = case.journal_entry_ids.filtered(lambda e: e.event == "notice_muted")
        self.assertIn("We spoke", notes[-1].note)
        case.stage_id = self._stage("cancelled")
        self._run_cron("ir_cron_notice")
        self.assertEqual(len(self._told(case)), 1)

    def test_waiting_mail_is_muted(self):
        case = self._to_investigation()
        case.with_user(self.handler)._mute_notice("We spoke")
        self._run_cron("ir_cron_notice")
        self.assertFalse(self._told(case))

    def test_mute_without_reason_or_right_refused(self):
        case = self._new_case()
        with self.assertRaises(UserError):
            case.with_user(self.handler)._mute_notice("  ")
        for user in (self.auditor, self.other_handler):
            with self.assertRaises(AccessError):
                case.with_user(user).sudo()._mute_notice("We spoke")
        with self.assertRaises(AccessError):
            case.with_user(self.handler).write({"notice_state": "muted"})

    @mute_logger("odoo.addons.complaint_management.models.complaint_queue_mixin")
    def test_bad_mail_stops_one_only(self):
        bad, good = self._to_investigation(), self._to_investigation()
        post = type(bad)._post_template

        def fail_for_bad(case, template):
            if case == bad:
                raise ValueError("No such field")
            return post(case, template)

        with patch.object(type(bad), "_post_template", fail_for_bad):
            self._run_cron("ir_cron_notice")
        self.assertEqual((bad.notice_state, good.notice_state), ("failed", "sent"))

    def test_hint_says_language_channel_and_address(self):
        self.env["res.lang"]._activate_lang("az_AZ")
        self.customer.lang = "az_AZ"
        channel = self.env.ref("complaint_management.complaint_channel_phone")
        hint = self._new_case(channel_id=channel.id).customer_hint
        for words in ("Aysel", "Azerbaijani", channel.name, "aysel@customer.example"):
            self.assertIn(words, hint)
        self.customer.email = False
        case = self._new_case(email_from=False)
        self.assertFalse(case.has_mail_address)
        self.assertIn("no mail address", case.customer_hint)
