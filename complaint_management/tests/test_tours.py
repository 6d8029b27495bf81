from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestTours(ComplaintCommon, HttpCase):
    """The main way of a handler in a real browser."""

    # The tour is refused a step on purpose; the server writes refusals down.
    @mute_logger("odoo.http")
    def test_handler_takes_in_and_classifies_a_case(self):
        self.start_tour(
            "/odoo", "complaint_management_handler", login=self.handler.login
        )
        case = self.env["complaint.case"].search(
            [("subject", "=", "The oven smokes")], limit=1
        )
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.user_id, self.handler)
        self.assertEqual(case.phase, "investigation")
        self.assertEqual(case.priority, "3")
        self.assertEqual(case.sla_policy_id.priority, "3")

    # The tour is refused steps on purpose; the server writes refusals down.
    @mute_logger("odoo.http")
    def test_handler_answers_and_closes_a_case(self):
        case = self._new_case(
            validity="justified", validity_reason="Seen", root_cause="Loose cable"
        )
        case.stage_id = self._stage("response")
        self.start_tour(
            f"/odoo/complaints/{case.id}",
            "complaint_management_close",
            login=self.handler.login,
        )
        self.assertEqual(case.phase, "closed")
        self.assertEqual(case.customer_verdict, "accepted")
        self.assertTrue(case.decision_sent_at)
        self.assertEqual(case.lesson, "Test the cable at the end of the line.")
