from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged

from .cost_common import CostCommon

FEW, MANY = 2, 80


@tagged("post_install", "-at_install")
class TestListQueries(CostCommon):
    """A list of 80 rows makes as many queries as one of two, with all of its columns,
    each row of another case, customer, product and owner (RC-1, ED-1, CA-1, CO-1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = cls.investigator | cls.handler | cls.manager
        cls.cases = cls.env["complaint.case"].create(
            [
                {
                    "subject": f"Oven {number}",
                    "team_id": cls.team.id,
                    "user_id": users[number % 3].id,
                    "partner_id": partner.id,
                    "product_id": product.id,
                    "lesson": "Measure",
                }
                for number, (partner, product) in enumerate(
                    zip(
                        cls.env["res.partner"].create(
                            [{"name": f"Customer {n}"} for n in range(MANY)]
                        ),
                        cls.env["product.product"].create(
                            [{"name": f"Oven {n}"} for n in range(MANY)]
                        ),
                        strict=True,
                    )
                )
            ]
        )
        for number, case in enumerate(cls.cases):
            cls._fill(case, users[number % 3], number)
        cls.env.flush_all()

    @classmethod
    def _fill(cls, case, user, number):
        report = cls.env["complaint.eightd"].create(
            {"case_id": case.id, "subject": "Lid", "leader_id": user.id}
        )
        report.root_cause_ids = [
            Command.create({"name": f"Cause {number}", "contribution": 100})
        ]
        cls.env["mgmtsystem.action"].create(
            {
                "name": f"Act {number}",
                "type_action": "correction",
                "complaint_eightd_id": report.id,
                "complaint_root_id": report.root_cause_ids.id,
                "user_id": user.id,
                "verifier_id": cls.auditor.id,
            }
        )
        cls.env["complaint.cost.line"].create(
            {
                "case_id": case.id,
                "type_id": cls._type("replacement").id,
                "unit_cost": 10 + number,
                "currency_id": (cls.usd if number % 2 else cls.azn).id,
            }
        )
        cls.env["complaint.lesson"].create(
            {"name": f"Lesson {number}", "text": "Measure", "case_id": case.id}
        )

    def _get_columns(self, model):
        """Return what the list of a model reads, with names of what it points to."""
        view = model.get_view(view_type="list")
        names = [
            node.get("name") for node in etree.fromstring(view["arch"]).iter("field")
        ]
        return {
            name: {"fields": {"display_name": {}}}
            if model._fields[name].relational
            else {}
            for name in names
        }

    def _count(self, records):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        records.web_read(self._columns)
        return self.env.cr.sql_log_count - before

    def _check_flat(self, records, user):
        records = records.with_user(user)
        self.assertGreaterEqual(len(records), MANY, records._name)
        self._columns = self._get_columns(records)
        self.assertTrue(self._columns)
        self._count(records[:1])
        few, many = self._count(records[:FEW]), self._count(records[:MANY])
        # One more for what only some rows have.
        self.assertLessEqual(many, few + 2, f"{records._name}: {few} → {many}")

    def test_lists_make_a_flat_number_of_queries(self):
        reports = self.cases.eightd_ids
        lists = (
            self.cases,
            reports,
            reports.step_ids,
            reports.action_ids,
            self.cases.cost_line_ids,
            self.env["complaint.cost.report"].search(
                [("case_id", "in", self.cases.ids)]
            ),
            self.cases.lesson_ids,
        )
        for records in lists:
            for user in (self.investigator, self.manager):
                with self.subTest(model=records._name, user=user.login):
                    self._check_flat(records, user)

    def test_list_of_nonconformities_makes_a_flat_number_of_queries(self):
        for case in self.cases:
            case.with_user(self.manager).action_transfer_nonconformity()
        self._check_flat(self.cases.nonconformity_ids, self.manager)
        self._check_flat(self.cases, self.manager)
