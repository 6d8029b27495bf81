from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .rca_common import RcaCommon


@tagged("post_install", "-at_install")
class TestRootCauses(RcaCommon):
    def _set_roots(self, *shares, host=None):
        host = host or self.case
        host.write(
            {
                "root_cause_ids": [
                    Command.create({"name": f"Cause {n}", "contribution": share})
                    for n, share in enumerate(shares)
                ]
            }
        )
        return host.root_cause_ids

    def test_contributions_below_hundred_are_told_not_refused(self):
        self._set_roots(60, 30)
        self.assertEqual(self.case.contribution_total, 90)
        self.assertIn("10 %", self.case.contribution_note)
        self.case.root_cause_ids[1].contribution = 40
        self.assertIn("whole problem", self.case.contribution_note)

    def test_contributions_above_hundred_refused_by_every_route(self):
        roots = self._set_roots(60, 40)
        with self.assertRaises(ValidationError) as caught:
            roots[0].contribution = 60.01
        self.assertIn("100.01", str(caught.exception))
        with self.assertRaises(ValidationError):
            self._set_roots(1)
        with self.assertRaises(ValidationError):
            roots.sudo().write({"contribution": 51})
        result = (
            self.env["complaint.rca.root"]
            .with_user(self.investigator)
            .load([".id", "contribution"], [[str(roots[1].id), "41"]])
        )
        self.assertFalse(result["ids"])

    def test_three_thirds_make_a_whole(self):
        self._set_roots(33.33, 33.33, 33.34)
        self.assertIn("whole problem", self.case.contribution_note)

    def test_shares_can_be_exchanged_in_one_save(self):
        roots = self._set_roots(60, 40)
        self.case.write(
            {
                "root_cause_ids": [
                    Command.update(roots[1].id, {"contribution": 55}),
                    Command.create({"name": "Third", "contribution": 5}),
                    Command.update(roots[0].id, {"contribution": 40}),
                ]
            }
        )
        self.assertEqual(self.case.contribution_total, 100)
        self.case.write(
            {
                "root_cause_ids": [
                    Command.create({"name": "Fourth", "contribution": 40}),
                    Command.delete(roots[0].id),
                ]
            }
        )
        self.assertEqual(self.case.contribution_total, 100)

    @mute_logger("odoo.sql_db")
    def test_negative_contribution_refused(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._set_roots(-1)

    def test_each_host_counts_for_itself(self):
        self._set_roots(100)
        self._set_roots(100, host=self.report)
        self.assertEqual(self.report.contribution_total, 100)

    def test_root_with_action_is_not_deleted(self):
        root = self._set_roots(100)
        action = self.env["mgmtsystem.action"].create(
            {
                "name": "New crimp tool",
                "type_action": "correction",
                "complaint_case_id": self.case.id,
                "complaint_root_id": root.id,
            }
        )
        for route in (
            root.unlink,
            lambda: self.case.write({"root_cause_ids": [Command.delete(root.id)]}),
            root.sudo().unlink,
        ):
            with self.assertRaises(UserError) as caught:
                route()
            self.assertIn(action.reference, str(caught.exception))
        action.complaint_root_id = False
        root.unlink()
        self.assertFalse(self.case.root_cause_ids)

    def test_proof_of_another_host_refused(self):
        root = self._set_roots(100)
        why = self._add_whys("Cable loose")
        root.why_id = why
        stranger = self._add_whys("Other", host=self.report)
        with self.assertRaises(ValidationError):
            root.why_id = stranger


@tagged("post_install", "-at_install")
class TestFailureCategory(RcaCommon):
    def test_tree_has_three_levels_at_most(self):
        categories = self.env["complaint.failure.category"].with_user(self.manager)
        top, middle, leaf = (categories.create({"name": name}) for name in "ABC")
        leaf.parent_id = middle
        middle.parent_id = top
        self.assertEqual(leaf.display_name, "A / B / C")
        with self.assertRaises(ValidationError):
            categories.create({"name": "D", "parent_id": leaf.id})
        above = categories.create({"name": "Z"})
        with self.assertRaises(ValidationError) as caught:
            top.parent_id = above
        self.assertIn("“C” would stand on level 4", str(caught.exception))
        with self.assertRaises(UserError):
            top.parent_id = leaf

    def test_seeds_fill_three_levels(self):
        seeds = self.env["complaint.failure.category"].search([("code", "!=", False)])
        levels = {seed.parent_path.count("/") for seed in seeds}
        self.assertEqual(levels, {1, 2, 3})

    def test_handler_may_not_change_the_tree(self):
        seed = self.env.ref("complaint_management.complaint_failure_category_design")
        with self.assertRaises(AccessError):
            seed.with_user(self.investigator).write({"name": "x"})
