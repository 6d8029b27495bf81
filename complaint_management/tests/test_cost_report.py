from odoo.fields import Command
from odoo.tests import tagged

from .cost_common import CostCommon


@tagged("post_install", "-at_install")
class TestCostReport(CostCommon):
    """Cost of poor quality, and totals on what complaints are about (CO-1, IN-7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls.env["res.partner"].create({"name": "Firm", "is_company": True})
        cls.person = cls.env["res.partner"].create(
            {"name": "Person", "parent_id": cls.firm.id}
        )
        cls.errors = cls.env["complaint.error.type"].create({"name": "Heats badly"})
        cls.error = cls.errors.create({"name": "Coil", "parent_id": cls.errors.id})
        cls.case.write({"partner_id": cls.person.id, "error_type_id": cls.error.id})
        cls.secret = cls._new_case(
            partner_id=cls.firm.id,
            error_type_id=cls.errors.id,
            is_confidential=True,
            user_id=cls.manager.id,
        )

    def setUp(self):
        super().setUp()
        self._new_line(unit_cost=100)
        self._new_line(type_id=self._type("compensation").id, unit_cost=50)
        self._new_line(type_id=self._type("scrap").id, unit_cost=30)
        self._new_line(kind="recovered", bearer="supplier", unit_cost=20)
        self.case.with_user(self.handler).action_submit_costs()
        self._new_line(kind="planned", unit_cost=400)
        self._new_line(unit_cost=7)
        refused = self._new_line(unit_cost=9000)
        refused.with_user(self.handler).action_submit()
        refused.with_user(self.manager).action_reject("No")
        hidden = self._new_line(
            user=self.manager,
            case_id=self.secret.id,
            type_id=self._type("compensation").id,
            unit_cost=500,
        )
        hidden.with_user(self.manager).action_submit()
        self.env.flush_all()
        self.env.invalidate_all()

    def _figures(self, user, domain=()):
        [figures] = (
            self.env["complaint.cost.report"]
            .with_user(user)
            ._read_group(
                [("case_id", "in", (self.case | self.secret).ids), *domain],
                [],
                [
                    f"{name}_value:sum"
                    for name in (
                        *("net", "actual", "recovered", "planned", "waiting"),
                        "compensation",
                    )
                ],
            )
        )
        return figures

    def test_report_sums_what_counts(self):
        self.assertEqual(self._figures(self.handler), (160, 180, 20, 400, 7, 50))

    def test_confidential_costs_are_in_no_figure_of_others(self):
        for user in (self.handler, self.legal, self.auditor, self.second_manager):
            with self.subTest(user.login):
                self.assertEqual(self._figures(user)[0], 160)
        self.assertEqual(self._figures(self.manager)[0], 660)

    def test_internal_and_external_failure(self):
        groups = dict(
            self.env["complaint.cost.report"]
            .with_user(self.handler)
            ._read_group(
                [("case_id", "=", self.case.id)],
                ["cost_category"],
                ["net_value:sum"],
            )
        )
        self.assertEqual(groups, {"internal_failure": 30, "external_failure": 130})
        case = self.case.with_user(self.handler)
        self.assertEqual((case.cost_internal, case.cost_external), (30, 130))
        self.assertEqual(case.cost_planned, 400)

    def test_totals_of_product_error_type_and_category(self):
        def net(record, user):
            return record.with_user(user).complaint_cost_net

        self.assertEqual(net(self.product, self.handler), 160)
        self.assertEqual(net(self.product, self.manager), 660)
        self.assertEqual(net(self.product.product_tmpl_id, self.handler), 160)
        self.assertEqual(net(self.error, self.manager), 160)
        self.assertEqual(net(self.errors, self.manager), 660, "what is below counts")
        self.assertEqual(net(self.category, self.handler), 160)
        self.assertEqual(net(self.category.parent_id, self.handler), 160)
        self.assertEqual(self.errors.new({"name": "x"}).complaint_cost_net, 0)

    def test_customer_sees_compensation_of_the_whole_tree(self):
        def figures(partner, user):
            partner = partner.with_user(user)
            return partner.complaint_compensation, partner.complaint_cost_net

        self.assertEqual(figures(self.person, self.handler), (50, 160))
        self.assertEqual(figures(self.firm, self.handler), (50, 160))
        self.assertEqual(figures(self.firm, self.manager), (550, 660))
        clerk = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "cost_clerk",
                "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
            }
        )
        self.assertEqual(figures(self.firm, clerk), (0, 0))

    def test_other_company_and_currency(self):
        company = self.env["res.company"].create(
            {"name": "Daughter", "currency_id": self.usd.id}
        )
        self.handler.company_ids = [Command.link(company.id)]
        handler = self.handler
        case = (
            self.env["complaint.case"]
            .with_company(company)
            .create(
                {
                    "subject": "Abroad",
                    "partner_id": self.firm.id,
                    "company_id": company.id,
                    "user_id": handler.id,
                }
            )
        )
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": self.azn.id,
                    "company_id": company.id,
                    "name": "2026-01-01",
                    "rate": 2,
                }
            ]
        )
        lines = self.env["complaint.cost.line"].with_user(handler)
        line = lines.with_context(allowed_company_ids=company.ids).create(
            {
                "case_id": case.id,
                "type_id": self._type("legal").id,
                "currency_id": self.azn.id,
                "unit_cost": 100,
            }
        )
        self.assertEqual(line.company_currency_id, self.usd)
        self.assertEqual(line.company_value, 50)
        line.action_submit()
        self.env.invalidate_all()
        both = (company | self.env.company).ids
        firm = self.firm.with_user(handler)
        mine = firm.with_context(allowed_company_ids=self.env.company.ids)
        self.assertEqual(mine.complaint_cost_net, 160)
        together = firm.with_context(allowed_company_ids=both[::-1])
        self.env.invalidate_all()
        first = together.env.company
        rate = self.usd._convert(50, first.currency_id, first)
        self.assertAlmostEqual(
            together.complaint_cost_net,
            (rate if first != company else 50)
            + self.azn._convert(160, first.currency_id, first),
            places=2,
        )
        stranger = self.second_manager
        found = self.env["complaint.cost.line"].with_user(stranger).search([])
        self.assertNotIn(line, found)

    def test_figures_of_many_make_as_many_queries_as_of_one(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}"} for number in range(79)]
        )
        for partner in partners[:5]:
            self._new_case(partner_id=partner.id)
        partners |= self.firm
        products = self.env["product.product"].create(
            [{"name": f"Product {number}"} for number in range(79)]
        )
        products |= self.product

        def count(records, name):
            self.env.flush_all()
            self.env.invalidate_all()
            records = records.with_user(self.handler)
            self.env.company.with_user(self.handler).currency_id.mapped("name")
            records.mapped("display_name")
            before = self.env.cr.sql_log_count
            records.mapped(name)
            return self.env.cr.sql_log_count - before

        for records, name in (
            (partners, "complaint_compensation"),
            (partners, "complaint_nps"),
            (partners, "complaint_last_nps"),
            (products, "complaint_cost_net"),
        ):
            with self.subTest(name):
                count(records, name)
                few = count(records[-1:], name)
                self.assertLessEqual(count(records, name), few)
                self.assertLessEqual(few, 6)
