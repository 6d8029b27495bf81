from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .cost_common import CostCommon


@tagged("post_install", "-at_install")
class TestCostTotals(CostCommon):
    """Totals of cases, and what becomes of costs when cases merge, end or are held
    (CO-1, LG-3)."""

    # -- totals --------------------------------------------------------------------
    def test_totals_of_many_cases_make_as_many_queries_as_of_one(self):
        cases = self.case
        for number in range(79):
            cases |= self._new_case(subject=f"Oven {number}")
        self.env["complaint.cost.line"].create(
            [
                {"case_id": case.id, "type_id": self.types[0].id, "unit_cost": 10}
                for case in cases
            ]
        ).with_user(self.handler).action_submit()

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            records.mapped("company_id.currency_id")
            before = self.env.cr.sql_log_count
            self.assertEqual(sum(records.mapped("cost_net")), 10 * len(records))
            records.mapped("cost_internal")
            return self.env.cr.sql_log_count - before

        count(cases.with_user(self.handler))
        one = count(cases[:1].with_user(self.handler))
        self.assertEqual(count(cases.with_user(self.handler)), one)
        self.assertLessEqual(one, 4)

    def test_case_without_costs_shows_zero(self):
        case = self._new_case().with_user(self.handler)
        self.assertEqual(case.cost_net, 0)
        self.assertFalse(case.has_cost_draft)
        with self.assertRaises(UserError):
            case.action_submit_costs()

    def test_cancelled_case_keeps_its_costs(self):
        line = self._new_line()
        line.with_user(self.handler).action_submit()
        self.case.stage_id = self._stage("cancelled")
        self.assertEqual(self.case.cost_net, 100)

    def test_gate_asks_for_confirmed_costs(self):
        line = self._new_line()
        self._new_line(kind="planned")
        self.assertFalse(self.case._gate_check_costs_confirmed())
        line.with_user(self.handler).action_submit()
        self.assertTrue(self.case._gate_check_costs_confirmed())

    # -- merge, hold -----------------------------------------------------------------
    def test_merge_moves_lines_with_their_value(self):
        survivor = self._new_case()
        line = self._new_line(currency_id=self.usd.id, unit_cost=100)
        done = self._new_line()
        done.with_user(self.handler).action_submit()
        self.env["res.currency.rate"].search([]).write({"rate": 0.1})
        self.case.with_user(self.handler)._merge(survivor.with_user(self.handler))
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(survivor.cost_line_ids, line | done)
        self.assertEqual(line.company_value, 170)
        self.assertEqual(survivor.cost_net, 100)
        with self.assertRaisesRegex(UserError, "merged"):
            self._new_line()

    @mute_logger("odoo.sql_db")
    def test_hold_locks_lines_and_lets_new_ones_in(self):
        draft, waiting = self._new_line(), self._new_line(unit_cost=5000)
        waiting.with_user(self.handler).action_submit()
        self._hold(self.case)
        for user in (self.handler, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                draft.with_user(user).write({"unit_cost": 1})
        with self.assertRaises(AccessError):
            draft.sudo().write({"note": "x"})
        with self.assertRaises(AccessError):
            draft.with_user(self.handler).unlink()
        for column in ("amount", "company_value", "unit_cost"):
            with self.subTest(column), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.env.cr.execute(
                        SQL(
                            "UPDATE complaint_cost_line SET %s = 1 WHERE id = %s",
                            SQL.identifier(column),
                            draft.id,
                        )
                    )
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(
                "DELETE FROM complaint_cost_line WHERE id = %s", [draft.id]
            )
        new = self._new_line(currency_id=self.usd.id)
        self.assertEqual(new.company_value, 170)
        new.with_user(self.handler).action_submit()
        waiting.with_user(self.manager).action_approve()
        self.env.flush_all()
        self.assertEqual(waiting.state, "approved")

    def test_message_of_held_case_reaches_colleagues_by_mail(self):
        self.manager.notification_type = "email"
        self._hold(self.case)
        message = self.case.with_user(self.handler).message_post(
            body="Look at this", partner_ids=self.manager.partner_id.ids
        )
        self.assertEqual(message.subject, self.case.display_name)
        with self.assertRaises(AccessError):
            message.sudo().write({"subject": "Another"})
