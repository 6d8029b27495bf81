"""A complaint that a colleague passes on is that of the customer named inside; the
system offers them, a person decides (IN-2, IN-8)."""

import email
import email.policy
from email.message import EmailMessage

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .mail_common import MailCommon

COLLEAGUE = "Handler <colleague@complaints.example>"
BLOCK = (
    "Please look into this.\n\n---------- Forwarded message ---------\n"
    "From: Leyla Həsənova <leyla@customer.example>\n"
    "Date: Mon, 9 Mar 2026\nSubject: Cold oven\nTo: <info@complaints.example>\n\n"
    "The oven is cold.\n"
)


@tagged("post_install", "-at_install")
class TestMailForward(MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.alias_domain_id = cls.domain

    def _forward(self, text=BLOCK, **headers):
        headers = {"From": COLLEAGUE, "Subject": "Fwd: Cold oven", **headers}
        case, kept = self._process(self._mail(text, **headers))
        self.assertFalse(kept, kept.detail)
        return case

    def _proposed(self, case):
        return case.proposed_name, case.proposed_email

    def test_sender_in_the_block_is_offered_not_taken(self):
        case = self._forward()
        self.assertEqual(
            self._proposed(case), ("Leyla Həsənova", "leyla@customer.example")
        )
        self.assertEqual(case.email_normalized, "colleague@complaints.example")
        self.assertFalse(case.acknowledged_at)
        self.assertEqual(case.acknowledge_state, "none")

    def test_colleague_is_known_as_user_whatever_the_subject(self):
        self.handler.email = "handler@elsewhere.example"
        case = self._forward(From=self.handler.email, Subject="A complaint")
        self.assertEqual(case.proposed_email, "leyla@customer.example")

    def test_customer_who_quotes_is_not_taken_for_somebody_else(self):
        case = self._forward(From="ali@shop.example", Subject="Re: Cold oven")
        self.assertEqual(self._proposed(case), (False, False))
        self.assertEqual(case.acknowledge_state, "queued")

    def test_mail_passed_on_by_customer_is_offered_and_acknowledged(self):
        case = self._forward(From="Ali <ali@shop.example>")
        self.assertEqual(case.proposed_email, "leyla@customer.example")
        self.assertEqual(case.acknowledge_state, "queued")

    def test_company_with_public_mail_address_has_no_own_domain(self):
        self.env.company.email = "ourfirm@gmail.com"
        case = self._forward(From="ali@gmail.com", Subject="Cold oven")
        self.assertEqual(self._proposed(case), (False, False))

    def test_colleagues_inside_are_passed_over(self):
        chain = "From: Boss <boss@complaints.example>\nSent: Monday\nTo: x\n\n" + BLOCK
        self.assertEqual(self._forward(chain).proposed_email, "leyla@customer.example")

    def test_sender_of_attached_mail_is_offered(self):
        inner = EmailMessage()
        inner["From"] = "=?utf-8?q?Leyla_H=C9=99s=C9=99nova?= <Leyla@Customer.example>"
        inner["Subject"] = "Cold oven"
        inner.set_content("The oven is cold.")
        outer = email.message_from_bytes(
            self._mail("See the mail.", From=COLLEAGUE), policy=email.policy.SMTP
        )
        outer.add_attachment(inner)
        case, __ = self._process(outer.as_bytes())
        self.assertEqual(
            self._proposed(case), ("Leyla Həsənova", "leyla@customer.example")
        )

    def test_taking_the_offer_sets_the_customer_and_thanks_them(self):
        case = self._forward()
        case.partner_phone = "+994 12 555 55 55"
        case.with_user(self.handler).action_take_proposed_sender()
        self.assertEqual(case.email_normalized, "leyla@customer.example")
        self.assertEqual(case.partner_name, "Leyla Həsənova")
        self.assertFalse(case.partner_phone or case.partner_id)
        self.assertEqual(self._proposed(case), (False, False))
        self.assertEqual(case.acknowledge_state, "queued")
        entry = case.journal_entry_ids.sudo().filtered(
            lambda entry: entry.event == "sender_changed"
        )
        self.assertIn("Leyla", entry.note)
        self.assertEqual(entry.actor_id, self.handler)

    def test_taking_the_offer_finds_the_known_customer(self):
        text = BLOCK.replace("leyla@customer.example", "Aysel@customer.example")
        case = self._forward(text)
        case.with_user(self.handler).action_take_proposed_sender()
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.partner_name, self.customer.name)

    def test_dismissing_the_offer_thanks_the_sender(self):
        case = self._forward()
        case.with_user(self.handler).action_dismiss_proposed_sender()
        self.assertEqual(self._proposed(case), (False, False))
        self.assertEqual(case.email_normalized, "colleague@complaints.example")
        self.assertEqual(case.acknowledge_state, "queued")

    def test_second_press_is_refused_in_clear_words(self):
        case = self._forward().with_user(self.handler)
        case.action_take_proposed_sender()
        for press in (
            case.action_take_proposed_sender,
            case.action_dismiss_proposed_sender,
        ):
            with self.assertRaisesRegex(UserError, "no other sender"):
                press()

    def test_auditor_and_outsider_may_not_decide(self):
        case = self._forward()
        case.is_confidential = True
        for user in (self.auditor, self.other_handler):
            for name in (
                "action_take_proposed_sender",
                "action_dismiss_proposed_sender",
            ):
                with self.assertRaises(AccessError, msg=(user.login, name)):
                    getattr(case.with_user(user), name)()
        self.assertEqual(case.proposed_email, "leyla@customer.example")

    def test_acknowledgement_after_the_decision_goes_to_the_customer(self):
        case = self._forward()
        case.with_user(self.handler).action_take_proposed_sender()
        case._acknowledge()
        message = case.message_ids[0]
        self.assertEqual(message.outgoing_email_to, "leyla@customer.example")
        self.assertNotIn("colleague@", message.body)
