from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestCustomerView(ComplaintCommon):
    """Figures on partners and products, of what the user may see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.firm = partners.create({"name": "Firm", "is_company": True})
        cls.branch = partners.create({"name": "Branch", "parent_id": cls.firm.id})
        cls.person = partners.create({"name": "Person", "parent_id": cls.branch.id})
        cls.former = partners.create(
            {"name": "Former", "parent_id": cls.firm.id, "active": False}
        )
        early = fields.Datetime.now() - timedelta(days=400)
        cls.first = cls._new_case(partner_id=cls.person.id, received_at=early)
        cls.second = cls._new_case(partner_id=cls.branch.id, repeat_of_id=cls.first.id)
        cls.third = cls._new_case(partner_id=cls.former.id)
        cls.third.stage_id = cls._stage("cancelled")
        cls.secret = cls._new_case(
            partner_id=cls.firm.id, is_confidential=True, user_id=cls.manager.id
        )
        cls.first.sla_clock_ids.write({"state": "missed"})

    def _figures(self, partner, user):
        partner = partner.with_user(user)
        return (
            partner.complaint_case_count,
            partner.complaint_open_count,
            partner.complaint_late_count,
            partner.complaint_repeat_count,
        )

    def test_figures_count_whole_tree_that_user_may_see(self):
        self.assertEqual(self._figures(self.firm, self.handler), (3, 2, 1, 1))
        self.assertEqual(self._figures(self.firm, self.manager), (4, 3, 1, 1))
        self.assertEqual(self._figures(self.branch, self.handler), (2, 2, 1, 1))
        self.assertEqual(self._figures(self.person, self.handler), (1, 1, 1, 0))
        rate = self.firm.with_user(self.handler).complaint_repeat_rate
        self.assertAlmostEqual(rate, 1 / 3)

    def test_figures_for_user_without_complaints_are_zero(self):
        clerk = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "clerk",
                "group_ids": [(6, 0, self.env.ref("base.group_user").ids)],
            }
        )
        self.assertEqual(self._figures(self.firm, clerk), (0, 0, 0, 0))
        with self.assertRaises(AccessError):
            self.firm.with_user(clerk).read(["complaint_case_ids"])
        self.assertEqual(self.product.with_user(clerk).complaint_case_count, 0)

    def test_cases_of_tree_open_ones_first(self):
        cases = self.firm.with_user(self.handler).complaint_case_ids
        self.assertEqual(set(cases), set(self.first | self.second | self.third))
        self.assertEqual(cases[-1], self.third)

    def test_figures_of_many_partners_make_few_queries(self):
        lot = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(50)])
        for partner in lot[:3]:
            self._new_case(partner_id=partner.id)
        self.env.flush_all()
        self.env.invalidate_all()
        partners = lot.with_user(self.handler)
        self.firm.with_user(self.handler).read(["complaint_case_count"])
        before = self.env.cr.sql_log_count
        partners.mapped("complaint_open_count")
        partners.mapped("complaint_repeat_rate")
        self.assertLessEqual(self.env.cr.sql_log_count - before, 3)
        self.assertEqual(sum(partners.mapped("complaint_case_count")), 3)

    def test_new_partner_has_no_figures(self):
        partner = self.env["res.partner"].new({"name": "x"})
        self.assertEqual(partner.complaint_case_count, 0)
        self.assertFalse(partner.complaint_case_ids)

    def test_figures_of_product_and_template(self):
        product = self.product.with_user(self.handler)
        self.assertEqual(product.complaint_case_count, 3)
        self.assertEqual(product.complaint_open_count, 2)
        self.assertEqual(product.complaint_late_count, 1)
        template = product.product_tmpl_id
        self.assertEqual(template.complaint_case_count, 3)
        self.assertEqual(template.complaint_late_count, 1)
        manager = template.with_user(self.manager)
        self.assertEqual(manager.complaint_case_count, 4)
