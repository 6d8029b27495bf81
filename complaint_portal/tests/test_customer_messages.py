from odoo.tests import tagged

from ..controllers import customer
from .common import EXE, PNG, PortalCommon


@tagged("post_install", "-at_install")
class TestCustomerMessages(PortalCommon):
    def _send(self, files=(), user=None, **data):
        path = f"/my/complaints/{self.own_case.id}/message"
        return self._post(path, data, files, user or self.user_a)

    def _last(self):
        return self.own_case.message_ids[:1]

    def test_message_reaches_the_owner_as_the_customers_words(self):
        response = self._send(
            [("leak.png", PNG)], message="It still leaks.\n<b>Now</b>"
        )
        self.assertEqual(response.status_code, 303)
        message = self._last()
        self.assertEqual(message.author_id, self.customer)
        self.assertEqual(message.message_type, "comment")
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertIn("&lt;b&gt;Now", message.body)
        self.assertEqual(message.attachment_ids.name, "leak.png")
        self.assertEqual(message.attachment_ids.raw, PNG)
        self.assertIn(self.handler.partner_id, message.notified_partner_ids)
        page = self._get(self._path(response).partition("#")[0]).text
        self.assertIn("Your message was sent", page)
        self.assertIn("It still leaks.", page)

    def test_message_without_owner_reaches_leader_team_or_managers(self):
        self.own_case.user_id = False
        self._send(message="one")
        self.assertEqual(self._last().partner_ids, self.manager.partner_id)
        self.team.leader_id = False
        self._send(message="two")
        self.assertEqual(self._last().partner_ids, self.team.member_ids.partner_id)
        self.team.member_ids = False
        self._send(message="three")
        self.assertIn(self.manager.partner_id, self._last().partner_ids)

    def test_message_of_the_customer_is_no_answer_of_ours(self):
        self._send(message="Any news?")
        self.assertFalse(self.own_case.responded_at)

    def test_message_is_never_mailed_to_other_customers(self):
        self._send(message="Any news?")
        self.assertFalse(self._last().partner_ids & self.user_b.partner_id)
        staff = self.handler | self.manager | self.investigator
        self.assertFalse(self._last().notified_partner_ids - staff.partner_id)

    def test_colleague_with_access_writes_in_own_name(self):
        self._send(message="I am the boss.", user=self.boss)
        self.assertEqual(self._last().author_id, self.boss.partner_id)

    def test_author_type_and_recipients_from_the_form_are_ignored(self):
        self._send(
            message="hello",
            author_id=str(self.handler.partner_id.id),
            partner_ids=str(self.user_b.partner_id.id),
            message_type="notification",
            subtype_xmlid="mail.mt_note",
        )
        message = self._last()
        self.assertEqual(message.author_id, self.customer)
        self.assertEqual(message.message_type, "comment")
        self.assertNotIn(self.user_b.partner_id, message.partner_ids)

    def test_empty_message_is_refused_at_the_field(self):
        before = self.own_case.message_ids
        response = self._send(message="   ")
        self.assertEqual(response.status_code, 422)
        self.assertIn("Write a message, or choose a file.", response.text)
        self.assertIn('aria-invalid="true"', response.text)
        self.assertEqual(self.own_case.message_ids, before)

    def test_refused_file_loses_no_word(self):
        before = self.own_case.message_ids
        response = self._send([("photo.png", EXE)], message="A long story")
        self.assertEqual(response.status_code, 422)
        self.assertIn("A long story</textarea>", response.text)
        self.assertIn("photo.png", response.text)
        self.assertEqual(self.own_case.message_ids, before)

    def test_flood_of_messages_is_stopped(self):
        self.patch(customer, "MESSAGES_PER_HOUR", 2)
        for number in range(2):
            self.assertEqual(self._send(message=f"m{number}").status_code, 303)
        response = self._send(message="too much")
        self.assertEqual(response.status_code, 422)
        self.assertIn("too much</textarea>", response.text)
