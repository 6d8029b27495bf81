from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .eightd_common import CODES, EightdCommon


@tagged("post_install", "-at_install")
class TestEightdTour(EightdCommon, HttpCase):
    def _tour(self, name, user):
        self.start_tour(
            f"/odoo/action-complaint_management.complaint_eightd_action/{self.report.id}",
            f"complaint_management_eightd_{name}",
            login=user.login,
        )
        self.env.invalidate_all()

    # The tour is refused a step on purpose; the server writes refusals down.
    @mute_logger("odoo.http")
    def test_report_from_d0_to_its_end_in_the_browser(self):
        step = self._step(self.report, "d0")
        self._tour("submit", self.investigator)
        self.assertEqual(step.state, "submitted")
        self._tour("reject", self.reviewer)
        self.assertEqual((step.state, step.round), ("rejected", 1))
        self._tour("again", self.investigator)
        self.assertIn("12 buyers", step.content)
        self._tour("accept", self.reviewer)
        self.assertEqual((step.state, step.signed_by_id), ("accepted", self.reviewer))
        for code in CODES[1:]:
            self._provide(self.report, code)
            self._hand_in(self.report, code)
            self._sign(self.report, code)
        self._tour("close", self.investigator)
        self.assertEqual(self.report.state, "done")
