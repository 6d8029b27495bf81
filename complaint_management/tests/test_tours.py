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
