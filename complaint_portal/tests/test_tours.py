from odoo.tests import tagged

from ..controllers import form_data
from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestTours(PortalCommon):
    """The main ways in a real browser."""

    def test_supplier_answers_a_request(self):
        self.start_tour(
            "/my/home",
            "complaint_portal_supplier_answer",
            login=self.supplier_user.login,
        )
        self.assertEqual(self.scar.state, "answered")
        self.assertEqual(self.scar.answer_ids.root_cause, "The dryer was too cold.")
        self.assertTrue(self.scar.acknowledged_at)

    def test_customer_writes_a_message(self):
        self._answer(self.own_case, self.handler)
        self.start_tour(
            "/my/home",
            "complaint_portal_customer_message",
            login=self.user_a.login,
        )
        message = self.own_case.message_ids[:1]
        self.assertIn("The oven is still cold.", message.body)
        self.assertEqual(message.author_id, self.customer)

    def test_visitor_complains_and_follows_the_link(self):
        self.patch(form_data, "MIN_SECONDS", 0)
        self.start_tour("/complaint/new", "complaint_portal_public_form")
        case = self.env["complaint.case"].search([], order="id desc", limit=1)
        self.assertEqual(case.subject, "The oven smokes")
        self.assertEqual(case.channel_id.code, "web_form")
