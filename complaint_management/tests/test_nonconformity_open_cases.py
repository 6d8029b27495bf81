from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .nonconformity_common import NonconformityCommon

OPEN_BATCH = "odoo.addons.complaint_management.models.complaint_nonconformity_rule"


@tagged("post_install", "-at_install")
class TestNonconformityOpenCases(NonconformityCommon):
    """A rule that is applied to the open cases nobody touches (NC-1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["complaint.nonconformity.rule"]
        cls.rules.search([]).active = False
        cls.cases = cls._new_case(lot="L7") | cls._new_case(lot="L7")
        cls.cases |= cls._new_case(lot="L7", is_confidential=True)
        cls.other = cls._new_case(lot="L8")
        cls.done = cls._new_case(lot="L7")
        cls.done.stage_id = cls._stage("cancelled")
        cls.rule = cls.rules.create({"name": "L7", "domain": "[('lot', '=', 'L7')]"})

    def _run(self):
        self._run_cron("ir_cron_nonconformity")

    def test_form_counts_open_cases_that_fit_and_wait_for_nothing(self):
        rule = self.rule.with_user(self.manager)
        self.assertEqual(rule.open_count, 3)
        self.assertFalse(self.cases.filtered("nonconformity_move"))
        draft = self.rules.new({"name": "x", "domain": "[('lot', '=', 'L8')]"})
        self.assertEqual(draft.open_count, 1)
        self.assertEqual(self.rules.new({"name": "x"}).open_count, 0)
        self.cases[:1].with_user(self.manager).action_transfer_nonconformity()
        rule.invalidate_recordset(["open_count"])
        self.assertEqual(rule.open_count, 2)

    def test_domain_and_decision_say_the_same(self):
        self.rules.search([]).active = False
        error_type = self.env["complaint.error.type"].create({"name": "Melts"})
        below = error_type.create({"name": "Lid", "parent_id": error_type.id})
        cases = self.cases | self.other | self.done
        cases[0].write({"priority": "3", "error_type_id": below.id})
        cases[1].write({"priority": "1", "category_id": self.category.id})
        cases[1].with_user(self.handler).write(
            {"validity": "partly", "validity_reason": "Seen"}
        )
        cases[2].write({"is_legal_risk": True})
        self.other.stage_id = self._stage("investigation")
        for vals in (
            {"priority": "2"},
            {"validity": "any"},
            {"validity": "justified"},
            {"phase": "investigation"},
            {"is_legal_risk": True},
            {"error_type_ids": [Command.set(error_type.ids)]},
            {"category_ids": [Command.set(self.category.parent_id.ids)]},
            {"priority": "1", "company_id": self.env.company.id},
            {"priority": "0", "domain": "[('lot', '=', 'L8')]"},
        ):
            self.rules.search([]).active = False
            rule = self.rules.create({"name": "x", **vals})
            by_domain = cases.search(rule._get_open_domain()) & cases
            by_rule = self.rules._match_all(cases.filtered("is_open")).keys()
            self.assertEqual(set(by_domain), set(by_rule), vals)
            self.assertLess(len(by_domain), 5)

    def test_applied_in_batches_once_and_twice(self):
        rule = self.rule.with_user(self.manager)
        rule.action_apply_to_open()
        rule.action_apply_to_open()
        self.assertFalse(self.cases.filtered("nonconformity_move"), "not in the click")
        with patch(f"{OPEN_BATCH}.OPEN_BATCH", 2):
            self.assertTrue(self.rules._apply_to_open())
            self.assertEqual(
                self.cases.mapped("nonconformity_move")[:2], ["queued"] * 2
            )
            self.assertFalse(self.cases[2].nonconformity_move)
            self.assertFalse(self.rules._apply_to_open())
        self.assertEqual(set(self.cases.mapped("nonconformity_move")), {"queued"})
        self.assertFalse(rule.is_applying)
        self._run()
        made = self.cases.nonconformity_ids
        self.assertEqual(len(made), 3)
        rule.action_apply_to_open()
        self._run()
        self.assertEqual(self.cases.nonconformity_ids, made)
        self.assertFalse((self.other | self.done).nonconformity_ids)
        self.assertFalse(rule.is_applying)

    def test_scheduled_action_goes_on_until_none_is_left(self):
        self.rule.with_user(self.manager).action_apply_to_open()
        self._run()
        self.assertEqual(set(self.cases.mapped("nonconformity_move")), {"done"})

    def test_rule_that_is_off_or_broken_moves_nothing(self):
        self.rule.active = False
        with self.assertRaises(UserError):
            self.rule.with_user(self.manager).action_apply_to_open()
        self.rule.active = True
        self.rule.sudo().is_applying = True
        self.env.cr.execute(
            "UPDATE complaint_nonconformity_rule SET domain = %s WHERE id = %s",
            ("[('gone', '=', 1)]", self.rule.id),
        )
        self.rule.invalidate_recordset()
        self.assertEqual(self.rule.open_count, 0)
        self.assertFalse(self.rules._apply_to_open())
        self.assertFalse(self.cases.filtered("nonconformity_move"))

    def test_wrong_user_and_wrong_route_refused(self):
        for user in (self.handler, self.investigator, self.auditor):
            with self.assertRaises(AccessError, msg=user.login):
                self.rule.with_user(user).action_apply_to_open()
        with self.assertRaises(AccessError):
            self.rule.with_user(self.manager).is_applying = True
        self.assertFalse(self.rule.is_applying)

    # -- actions that come later -----------------------------------------------------
    def test_action_whose_case_is_set_later_joins(self):
        action = self._new_action(self.second, complaint_case_id=False)
        self.assertFalse(action.nonconformity_ids)
        action.with_user(self.handler).complaint_case_id = self.case
        self.assertEqual(action.nonconformity_ids, self.nonconformity)
        action.with_user(self.handler).complaint_case_id = self.case
        self.assertEqual(self.nonconformity.action_ids, action)
        action.with_user(self.manager).complaint_case_id = self.second
        self.assertEqual(action.nonconformity_ids, self.nonconformity, "it stays")

    def test_action_that_comes_by_a_report_joins_and_ended_ones_take_none(self):
        report = self.env["complaint.eightd"].create(
            {"case_id": self.case.id, "subject": "Oven"}
        )
        action = self._new_action(self.second, complaint_case_id=False)
        action.complaint_step_id = report.step_ids[3]
        self.assertEqual(action.nonconformity_ids, self.nonconformity)
        self._cancel_nonconformity()
        late = self._new_action(self.second, complaint_case_id=False)
        late.complaint_case_id = self.case
        self.assertFalse(late.nonconformity_ids)
