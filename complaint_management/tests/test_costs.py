import random
from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .cost_common import CostCommon


@tagged("post_install", "-at_install")
class TestCosts(CostCommon):
    """Lines, their values, totals and who may write them (CO-1)."""

    # -- values --------------------------------------------------------------------
    def test_line_takes_rate_and_currency_of_its_type(self):
        labour = self._type("labour")
        labour.write({"default_rate": 12.5, "currency_id": self.usd.id})
        line = self._new_line(type_id=labour.id, unit_cost=0, quantity=3)
        self.assertEqual(line.unit_cost, 12.5)
        self.assertEqual(line.currency_id, self.usd)
        self.assertEqual(line.amount, 37.5)
        self.assertEqual(line.company_value, 63.75)
        self.assertEqual(line.entered_by_id, self.handler)

    def test_value_follows_the_rate_of_the_day(self):
        early = self._new_line(
            currency_id=self.usd.id, unit_cost=100, date="2026-01-20"
        )
        late = self._new_line(currency_id=self.usd.id, unit_cost=100, date="2026-03-05")
        before = self._new_line(
            currency_id=self.usd.id, unit_cost=100, date="2025-12-01"
        )
        self.assertEqual(early.company_value, 200)
        self.assertEqual(late.company_value, 170)
        self.assertEqual(before.company_value, 200, "the first rate there is")

    def test_later_rates_and_other_company_currency_leave_the_value(self):
        line = self._new_line(currency_id=self.usd.id, unit_cost=100)
        case_total = self.case.cost_waiting
        self.env["res.currency.rate"].search([]).write({"rate": 0.125})
        self.env.invalidate_all()
        self.assertEqual(line.company_value, 170)
        self.assertEqual(self.case.cost_waiting, case_total)
        line.with_user(self.handler).quantity = 2
        self.assertEqual(line.company_value, 340, "its rate stays with the line")
        self.env.company.sudo().currency_id = self.env.ref("base.EUR")
        self.env.flush_all()
        self.assertEqual(line.company_currency_id, self.azn)
        self.assertEqual(line.company_value, 340)

    def test_other_date_means_other_rate(self):
        line = self._new_line(currency_id=self.usd.id, unit_cost=100)
        line.with_user(self.handler).date = "2026-01-20"
        self.assertEqual(line.company_value, 200)

    def test_currency_without_rate_is_refused(self):
        xxx = self.env["res.currency"].create(
            {"name": "XQX", "symbol": "x", "rounding": 0.01}
        )
        self.azn_rates.unlink()
        with self.assertRaisesRegex(UserError, "XQX has no exchange rate"):
            self._new_line(currency_id=xxx.id)

    def test_conversion_is_that_of_core(self):
        dice = random.Random(6)
        currencies = self.env["res.currency"].with_context(active_test=False).search([])
        wanted = currencies.filtered(lambda c: c != self.azn)[:12]
        days = [date(2026, 1, 1) + timedelta(days=dice.randrange(200)) for _ in "x" * 9]
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": currency.id,
                    "company_id": dice.choice([False, self.env.company.id]),
                    "name": fields.Date.to_string(day),
                    "rate": round(dice.uniform(0.001, 40), 6),
                }
                for currency in wanted - self.usd - self.irr
                for day in {*days}
            ]
        )
        keys = {
            (currency, self.env.company, date(2026, 1, 1) + timedelta(days=offset))
            for currency in wanted
            for offset in (0, 40, 41, 120, 199, 400)
        }
        lines = self.env["complaint.cost.line"]
        for key, rate in lines._read_conversion_rates(keys).items():
            currency, company, day = key
            expected = currency._get_conversion_rate(currency, self.azn, company, day)
            self.assertAlmostEqual(rate / expected, 1, places=9, msg=key)

    def test_sum_of_lines_is_the_total_for_any_currencies_and_dates(self):
        dice = random.Random(2026)
        for _round in range(5):
            case = self._new_case()
            lines = self.env["complaint.cost.line"].create(
                [
                    {
                        "case_id": case.id,
                        "type_id": dice.choice(self.types).id,
                        "kind": dice.choice(["planned", "actual", "recovered"]),
                        "bearer": "supplier",
                        "quantity": round(dice.uniform(0.01, 50), 2),
                        "unit_cost": round(dice.uniform(0.5, 900), 4),
                        "currency_id": dice.choice([self.azn, self.usd, self.irr]).id,
                        "date": date(2026, 1, 1) + timedelta(days=dice.randrange(150)),
                    }
                    for _line in range(40)
                ]
            )
            self.env.company.complaint_cost_limit = 10**9
            lines.with_user(self.handler).action_submit()
            self.env["res.currency.rate"].search([]).write({"rate": dice.uniform(1, 9)})
            self.env.flush_all()
            self.env.invalidate_all()
            totals = {
                kind: sum(
                    lines.filtered(lambda line, k=kind: line.kind == k).mapped(
                        "company_value"
                    )
                )
                for kind in ("planned", "actual", "recovered")
            }
            self.assertAlmostEqual(case.cost_planned, totals["planned"], places=2)
            self.assertAlmostEqual(case.cost_actual, totals["actual"], places=2)
            self.assertAlmostEqual(case.cost_recovered, totals["recovered"], places=2)
            net = totals["actual"] - totals["recovered"]
            self.assertAlmostEqual(case.cost_net, net, places=2)
            self.assertAlmostEqual(
                case.cost_internal + case.cost_external,
                sum(
                    -line.company_value
                    if line.kind == "recovered"
                    else line.company_value
                    for line in lines
                    if line.kind != "planned" and line.category.endswith("failure")
                ),
                places=2,
            )
            self.assertEqual(
                lines.mapped("amount"),
                [line.currency_id.round(line.amount) for line in lines],
            )

    # -- what isn't taken ------------------------------------------------------------
    @mute_logger("odoo.sql_db")
    def test_negative_and_empty_costs_are_refused(self):
        for vals in ({"quantity": 0}, {"quantity": -1}, {"unit_cost": -5}):
            with self.subTest(vals), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self._new_line(**vals)
        with self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self._new_line(unit_cost=0, type_id=self._type("legal").id)
        with self.assertRaises(ValidationError):
            self._new_line(unit_cost=0.0004, quantity=1)

    @mute_logger("odoo.sql_db")
    def test_recovered_names_who_paid(self):
        with self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self._new_line(kind="recovered")
        line = self._new_line(kind="recovered", bearer="insurer")
        self.assertEqual(line.state, "draft")

    def test_actual_cost_of_the_future_is_a_plan(self):
        soon = fields.Date.add(fields.Date.today(), days=10)
        with self.assertRaises(ValidationError):
            self._new_line(date=soon)
        self.assertTrue(self._new_line(date=soon, kind="planned"))

    def test_type_of_other_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["complaint.cost.type"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        with self.assertRaises(UserError):
            self._new_line(type_id=foreign.id)

    def test_archived_type_stays_on_lines(self):
        line = self._new_line()
        line.type_id.active = False
        self.env.invalidate_all()
        self.assertEqual(line.with_user(self.handler).type_id.name, "Replacement")
        self.assertTrue(line.with_user(self.handler).display_name)

    def test_type_with_rate_has_a_currency(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self._type("labour").write({"default_rate": 5, "currency_id": False})

    # -- who ------------------------------------------------------------------------
    def test_handler_of_other_team_and_auditor_enter_nothing(self):
        other = self.env["complaint.team"].create({"name": "Other"})
        self.case.sudo().write({"team_id": other.id})
        for user in (self.other_handler, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._new_line(user=user)

    def test_whom_the_complaint_is_about_enters_nothing(self):
        self.case.sudo().write(
            {
                "user_id": self.investigator.id,
                "subject_user_ids": [Command.set(self.handler.ids)],
            }
        )
        with self.assertRaises(AccessError):
            self._new_line()

    def test_auditor_reads_lines_and_totals(self):
        self._new_line()
        case = self.case.with_user(self.auditor)
        self.assertEqual(case.cost_line_ids.company_value, 100)
        self.assertEqual(case.cost_waiting, 100)

    def test_value_is_written_by_no_route(self):
        line = self._new_line().with_user(self.manager)
        for name, value in (
            ("amount", 1),
            ("company_value", 1),
            ("conversion_rate", 5),
            ("company_currency_id", self.usd.id),
            ("state", "approved"),
            ("is_within_limit", True),
            ("entered_by_id", self.handler.id),
            ("case_id", self._new_case().id),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                line.write({name: value})
            if name == "case_id":
                continue
            with self.subTest(name, route="create"), self.assertRaises(AccessError):
                self._new_line(user=self.investigator, **{name: value})
        result = line.load([".id", "company_value"], [[str(line.id), "1"]])
        self.assertFalse(result["ids"])
        result = line.load([".id", "state"], [[str(line.id), "approved"]])
        self.assertFalse(result["ids"])
        self.assertEqual(line.company_value, 100)

    def test_form_shows_the_value_while_typing(self):
        lines = self.env["complaint.cost.line"].with_user(self.handler)
        with Form(lines.with_context(default_case_id=self.case.id)) as form:
            form.type_id = self._type("scrap")
            self.assertEqual(form.currency_id, self.azn)
            form.quantity = 4
            form.unit_cost = 2.5
            self.assertEqual(form.company_value, 10)
            form.currency_id = self.usd
            form.date = "2026-01-20"
            self.assertEqual(form.company_value, 20)
            self.assertEqual(form.conversion_rate, 2)
        self.assertEqual(self.case.cost_line_ids.company_value, 20)
        self.assertEqual(self.case.cost_internal, 0, "not confirmed yet")

    def test_totals_follow_what_is_typed_into_the_case(self):
        line = self._new_line()
        case = self.env["complaint.case"].new(
            {"cost_line_ids": [Command.link(line.id)]}, origin=self.case
        )
        self.assertEqual(case.cost_waiting, 100)
        typed = case.cost_line_ids
        typed.unit_cost = 150
        typed._onchange_value()
        self.assertEqual(case.cost_waiting, 150)
        self.assertEqual(self.case.cost_waiting, 100, "not stored yet")

    def test_lines_are_saved_with_their_case(self):
        self.case.with_user(self.handler).web_save(
            {
                "cost_line_ids": [
                    Command.create({"type_id": self._type("scrap").id, "unit_cost": 30})
                ]
            },
            {},
        )
        self.assertEqual(self.case.cost_waiting, 30)

    def test_import_of_lines_counts_them(self):
        result = (
            self.env["complaint.cost.line"]
            .with_user(self.handler)
            .load(
                ["case_id/.id", "type_id/id", "quantity", "unit_cost", "date"],
                [
                    [
                        str(self.case.id),
                        "complaint_management.complaint_cost_type_rework",
                        "2",
                        "30",
                        "2026-02-01",
                    ],
                    [
                        str(self.case.id),
                        "complaint_management.complaint_cost_type_travel",
                        "1",
                        "15",
                        "2026-02-01",
                    ],
                ],
            )
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self.case.cost_waiting, 75)

    def test_plan_becomes_actual_and_stays(self):
        plan = self._new_line(kind="planned", date="2026-01-20")
        plan.with_user(self.handler).action_book_actual()
        actual = self.case.cost_line_ids - plan
        self.assertEqual(actual.kind, "actual")
        self.assertEqual(actual.date, fields.Date.context_today(actual))
        with self.assertRaises(UserError):
            actual.action_book_actual()
        self.assertEqual(self.case.cost_planned, 100)

    def test_draft_is_deleted_by_who_works_on_the_case_only(self):
        line = self._new_line()
        with self.assertRaises(AccessError):
            line.with_user(self.auditor).unlink()
        line.with_user(self.handler).unlink()
        self.assertFalse(self.case.cost_line_ids)

    def test_files_belong_to_the_line_and_stay(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.handler)
            .create({"name": "invoice.pdf", "raw": b"x"})
        )
        line = self._new_line(attachment_ids=[Command.link(file.id)])
        self.assertEqual((file.res_model, file.res_id), (line._name, line.id))
        line.with_user(self.handler).action_submit()
        more = (
            self.env["ir.attachment"]
            .with_user(self.handler)
            .create({"name": "more.pdf", "raw": b"y"})
        )
        line.with_user(self.handler).attachment_ids = [Command.link(more.id)]
        self.assertEqual(len(line.attachment_ids), 2)
        with self.assertRaises(AccessError):
            line.with_user(self.handler).attachment_ids = [Command.unlink(file.id)]
