"""The demo company plays a year by the same rules as everybody: whoever tightens one of
them sees here what the demo has to learn."""

import sys
from pathlib import Path
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

DATA = Path(__file__).resolve().parents[1] / "data"


@tagged("post_install", "-at_install")
class TestDemoCompany(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sys.path.insert(0, str(DATA))
        cls.addClassCleanup(sys.path.remove, str(DATA))
        from demo_company import sections, stories

        cls.sections, cls.stories = sections, stories

    def _choose(self, world):
        """A few of the complaints: of each way the oldest, which go furthest."""
        plans = self.make_plans(world)
        legal = [plan for plan in plans if plan.is_legal]
        reports = [plan for plan in plans if plan.flow == "eightd"]
        plain = [p for p in plans if p.flow != "eightd" and not p.is_legal]
        return sorted(
            legal[:2] + reports[:3] + plain[:6], key=lambda plan: plan.received_at
        )

    @mute_logger("odoo.addons.base.models.ir_module")
    def test_some_of_the_year_plays_to_its_end(self):
        cases = self.env["complaint.case"]
        before = cases.search([])
        self.make_plans = self.stories.make_plans
        with patch.object(self.stories, "make_plans", self._choose):
            self.sections.run(self.env)
        new = cases.search([]) - before
        self.assertEqual(len(new), 11)
        self.assertIn("closed", new.mapped("phase"))
        reports = new.eightd_ids
        self.assertEqual(len(reports), 3)
        self.assertIn("done", reports.mapped("state"))
        self.assertTrue(reports.root_cause_ids and reports.cause_ids)
        legal = new.filtered("is_legal_risk")
        self.assertEqual(len(legal), 2)
        self.assertTrue(legal.filtered("responded_at"))
        outgoing = self.env["mail.mail"].search([("state", "=", "outgoing")])
        self.assertFalse(outgoing)
