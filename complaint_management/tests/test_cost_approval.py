from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .cost_common import CostCommon


@tagged("post_install", "-at_install")
class TestCostApproval(CostCommon):
    """Above the limit a second person decides; it stays (CO-1, JR-1)."""

    def _events(self):
        return self.case.journal_entry_ids.filtered(
            lambda entry: entry.event.startswith("cost_")
        ).sorted("id")

    def _submit(self, line, user=None):
        line.with_user(user or self.handler).action_submit()
        return line[:1].state

    def _asked(self):
        kind = self.env.ref("complaint_management.mail_activity_type_cost_approval")
        return self.case.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        ).user_id

    # -- the limit ----------------------------------------------------------------
    def test_up_to_the_limit_it_counts_at_once(self):
        line = self._new_line(unit_cost=1000)
        self.assertEqual(self.case.cost_net, 0)
        self.assertEqual(self._submit(line), "approved")
        self.assertTrue(line.is_within_limit)
        self.assertFalse(line.decided_by_id)
        self.assertEqual(self.case.cost_net, 1000)
        self.assertEqual(self._events().mapped("event"), ["cost_confirmed"])

    def test_above_the_limit_managers_are_asked(self):
        line = self._new_line(unit_cost=1000.01)
        self.assertEqual(self._submit(line), "to_approve")
        self.assertEqual(self._asked(), self.manager | self.second_manager)
        self.assertEqual(self.case.cost_net, 0)
        self.assertEqual(self.case.cost_waiting, 1000.01)
        line.with_user(self.manager).action_approve()
        self.assertEqual(line.state, "approved")
        self.assertEqual(line.decided_by_id, self.manager)
        self.assertFalse(self._asked(), "nobody needs to look any more")
        self.assertEqual(self.case.cost_net, 1000.01)
        self.assertEqual(
            self._events().mapped("event"), ["cost_approval_asked", "cost_approved"]
        )
        self.assertEqual(self._events()[-1].actor_id, self.manager)

    def test_limit_counts_in_the_company_currency(self):
        self.assertEqual(
            self._submit(self._new_line(currency_id=self.usd.id, unit_cost=600)),
            "to_approve",
        )
        cheap = self._new_line(currency_id=self.irr.id, unit_cost=1000000)
        self.assertEqual(self._submit(cheap), "approved")

    def test_pieces_add_up_to_the_limit(self):
        pieces = self.env["complaint.cost.line"]
        for _number in range(4):
            pieces |= self._new_line(unit_cost=300)
        self.case.with_user(self.handler).action_submit_costs()
        self.assertEqual(
            sorted(pieces.mapped("state")),
            ["approved", "approved", "approved", "to_approve"],
        )
        self.assertEqual(self._submit(self._new_line(unit_cost=200)), "to_approve")
        self.assertEqual(self._submit(self._new_line(unit_cost=100)), "approved")

    def test_limit_of_zero_asks_for_everything(self):
        self.env.company.complaint_cost_limit = 0
        self.assertEqual(self._submit(self._new_line(unit_cost=0.01)), "to_approve")

    def test_plan_needs_no_approval_and_stays_open(self):
        plan = self._new_line(kind="planned", unit_cost=50000)
        with self.assertRaises(UserError):
            self._submit(plan)
        plan.with_user(self.handler).unit_cost = 60000
        self.assertEqual(self.case.cost_planned, 60000)

    # -- who decides ---------------------------------------------------------------
    def test_nobody_approves_what_they_had_a_hand_in(self):
        line = self._new_line(user=self.manager, unit_cost=5000)
        self._submit(line, self.handler)
        self.assertFalse(line.with_user(self.manager).can_decide)
        with self.assertRaises(AccessError):
            line.with_user(self.manager).action_approve()
        other = self._new_line(unit_cost=5000)
        self._submit(other, self.manager)
        with self.assertRaises(AccessError):
            other.with_user(self.manager).action_approve()
        edited = self._new_line(unit_cost=10)
        edited.with_user(self.manager).unit_cost = 5000
        self._submit(edited)
        with self.assertRaises(AccessError):
            edited.with_user(self.manager).action_approve()
        (line | other | edited).with_user(self.second_manager).action_approve()
        self.assertEqual(set((line | other | edited).mapped("state")), {"approved"})

    def test_handler_legal_and_auditor_approve_nothing(self):
        line = self._new_line(unit_cost=5000)
        self._submit(line)
        for user in (self.handler, self.investigator, self.legal, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                line.with_user(user).action_approve()
            with self.subTest(user.login), self.assertRaises(AccessError):
                line.with_user(user).action_reject("No")
        self.assertEqual(line.state, "to_approve")

    def test_manager_whom_it_is_about_does_not_approve(self):
        self.case.sudo().subject_user_ids = [Command.set(self.manager.ids)]
        line = self._new_line(unit_cost=5000)
        self._submit(line)
        self.assertEqual(self._asked(), self.second_manager)
        with self.assertRaises(AccessError):
            line.with_user(self.manager).action_approve()

    def test_without_another_manager_nothing_is_left_hanging(self):
        manager = self.env.ref("complaint_management.complaint_group_manager")
        (manager.all_user_ids - self.manager).active = False
        line = self._new_line(user=self.manager, unit_cost=5000)
        with self.assertRaises(UserError) as refusal:
            self._submit(line, self.manager)
        self.assertIn("no other manager", str(refusal.exception))
        self.assertEqual(line.state, "draft")

    def test_confidential_case_asks_who_may_see_it(self):
        self.case.sudo().write(
            {
                "is_confidential": True,
                "confidential_user_ids": [Command.set(self.second_manager.ids)],
            }
        )
        line = self._new_line(unit_cost=5000)
        self._submit(line)
        self.assertEqual(self._asked(), self.second_manager)
        with self.assertRaises(AccessError):
            line.with_user(self.manager).action_approve()
        found = self.env["complaint.cost.line"].with_user(self.manager).search([])
        self.assertNotIn(line, found)

    # -- refusing, correcting ---------------------------------------------------------
    def test_refusing_asks_for_a_reason_and_leads_back(self):
        line = self._new_line(unit_cost=5000)
        self._submit(line)
        action = line.with_user(self.manager).action_reject()
        self.assertEqual(action["res_model"], "complaint.cost.reject")
        wizard = (
            self.env["complaint.cost.reject"]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"note": "No invoice"})
        )
        wizard.action_reject()
        self.assertEqual((line.state, line.decision_note), ("rejected", "No invoice"))
        self.assertEqual(self.case.cost_net, 0)
        self.assertEqual(self.case.cost_waiting, 0)
        self.assertIn("No invoice", self._events()[-1].note)
        self.assertIn("No invoice", self.case.message_ids[0].body)
        self.assertTrue(self.case.message_ids[0].subtype_id.internal)
        with self.assertRaises(AccessError):
            line.with_user(self.handler).unit_cost = 10
        with self.assertRaises(UserError):
            line.with_user(self.handler).unlink()
        line.with_user(self.handler).action_draft()
        line.with_user(self.handler).unit_cost = 10
        self.assertEqual(self._submit(line), "approved")
        self.assertEqual(self._events()[-2].event, "cost_withdrawn")

    def test_what_waits_does_not_change(self):
        line = self._new_line(unit_cost=5000)
        self._submit(line)
        for env in (line.with_user(self.handler), line.sudo()):
            with self.assertRaises(AccessError):
                env.write({"unit_cost": 9000})
        line.with_user(self.handler).write({"unit_cost": 5000})
        self.assertEqual(line.company_value, 5000, "the same value is no change")

    def test_confirmed_line_is_locked_for_everybody(self):
        line = self._new_line()
        self._submit(line)
        for user in (self.handler, self.manager, self.env.ref("base.user_root")):
            for vals in (
                {"unit_cost": 5},
                {"quantity": 2},
                {"currency_id": self.usd.id},
                {"date": "2026-01-20"},
                {"type_id": self._type("scrap").id},
                {"kind": "planned"},
                {"bearer": "supplier"},
                {"note": "x"},
            ):
                with self.subTest(user=user.login, vals=vals):
                    with self.assertRaises(AccessError):
                        line.with_user(user).write(vals)
        with self.assertRaises(UserError):
            line.sudo().unlink()
        with self.assertRaises(UserError):
            line.with_user(self.handler).action_draft()

    def test_mass_edit_and_import_leave_confirmed_lines(self):
        done, draft = self._new_line(), self._new_line()
        self._submit(done)
        with self.assertRaises(AccessError):
            (draft | done).with_user(self.handler).write({"note": "x"})
        result = done.with_user(self.manager).load(
            [".id", "unit_cost"], [[str(done.id), "7"]]
        )
        self.assertFalse(result["ids"])
        with self.assertRaises(AccessError):
            self.case.with_user(self.handler).write(
                {"cost_line_ids": [Command.update(done.id, {"unit_cost": 7})]}
            )
        with self.assertRaises(UserError):
            self.case.with_user(self.handler).write(
                {"cost_line_ids": [Command.delete(done.id)]}
            )
        self.assertEqual(done.unit_cost, 100)

    # -- taking back ----------------------------------------------------------------
    def test_taking_back_undoes_the_cost_to_the_last_digit(self):
        line = self._new_line(currency_id=self.usd.id, unit_cost=33.33, quantity=3)
        self._submit(line)
        self.env["res.currency.rate"].search([]).write({"rate": 9})
        line.with_user(self.handler).action_reverse()
        counter = line.reversal_ids
        self.assertEqual(counter.company_value, -line.company_value)
        self.assertEqual(counter.state, "approved")
        self.assertTrue(line.is_reversed)
        self.assertEqual(self.case.cost_net, 0)
        self.assertEqual(counter.entered_by_id, self.handler)
        for one in (line, counter):
            with self.assertRaises(UserError):
                one.with_user(self.handler).action_reverse()

    def test_taking_back_frees_the_limit(self):
        line = self._new_line(unit_cost=900)
        self._submit(line)
        line.with_user(self.handler).action_reverse()
        self.assertEqual(self._submit(self._new_line(unit_cost=900)), "approved")

    def test_taking_back_what_was_approved_needs_approval(self):
        line = self._new_line(unit_cost=5000)
        self._submit(line)
        line.with_user(self.manager).action_approve()
        line.with_user(self.handler).action_reverse()
        counter = line.reversal_ids
        self.assertEqual(counter.state, "to_approve")
        self.assertEqual(self.case.cost_net, 5000)
        with self.assertRaises(UserError):
            counter.with_user(self.handler).action_draft()
        counter.with_user(self.manager).action_approve()
        self.assertEqual(self.case.cost_net, 0)

    def test_one_activity_a_manager_for_several_costs(self):
        lines = self._new_line(unit_cost=5000) | self._new_line(unit_cost=6000)
        self._submit(lines[:1] | lines[1:])
        self.assertEqual(len(self._asked()), 2)
        kept = self.case.activity_ids
        lines[0].with_user(self.manager).action_approve()
        self.assertEqual(self.case.activity_ids, kept, "one still waits")
        lines[1].with_user(self.manager).action_approve()
        self.assertFalse(self._asked())
