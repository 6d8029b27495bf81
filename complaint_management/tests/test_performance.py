from odoo.tests import tagged

from .common import ComplaintCommon

# What a case may cost in a batch; and one alone in a process that has cached nothing:
# rules, terms and holds are read once a process (a second case makes about 20).
QUERIES_IN_BATCH = 0.5
QUERIES_ALONE = 40


@tagged("post_install", "-at_install")
class TestPerformance(ComplaintCommon):
    """Numbers of queries; times are measured beside the peer (``make bench``)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The first case of a year makes the range of its numbers.
        cls._count(cls.env["complaint.case"].create, cls._values(1, "warm"))

    @classmethod
    def _values(cls, count, mark):
        return [
            {
                "subject": f"Cold oven {number}",
                "description": "It never got warm. " * 20,
                "partner_name": f"Customer {number}",
                "email_from": f"{mark}{number}@customer.example",
                "channel_id": cls.env.ref(
                    "complaint_management.complaint_channel_email"
                ).id,
                "category_id": cls.category.id,
                "product_id": cls.product.id,
            }
            for number in range(count)
        ]

    @classmethod
    def _count(cls, function, *args):
        """Return how many queries a call makes with a cold cache."""
        cls.env.flush_all()
        cls.env.invalidate_all()
        before = cls.env.cr.sql_log_count
        function(*args)
        cls.env.flush_all()
        return cls.env.cr.sql_log_count - before

    def _check_flat(self, function, few, many):
        one, lot = self._count(function, few), self._count(function, many)
        each = lot / len(many)
        self.assertLessEqual(each, QUERIES_IN_BATCH, f"{lot} for {len(many)}")
        self.assertLessEqual(one, QUERIES_ALONE)
        # What a batch adds are larger statements in several parts, not one a record.
        self.assertLess((lot - one) / len(many), 0.2)

    def test_create_cases_in_batch_makes_flat_number_of_queries(self):
        create = self.env["complaint.case"].create
        self._check_flat(create, self._values(1, "a"), self._values(200, "b"))

    def test_create_cases_as_handler_makes_flat_number_of_queries(self):
        create = self.env["complaint.case"].with_user(self.handler).create
        one = self._count(create, self._values(1, "h"))
        lot = self._count(create, self._values(200, "i"))
        self.assertLessEqual(lot / 200, QUERIES_IN_BATCH, f"{lot} after {one}")

    def test_create_for_known_customers_makes_flat_number_of_queries(self):
        self.env["res.partner"].create(
            [
                {"name": f"P {number}", "email": f"k{number}@customer.example"}
                for number in range(200)
            ]
        )
        create = self.env["complaint.case"].create
        values = self._values(200, "k")
        lot = self._count(create, values)
        self.assertLessEqual(lot / 200, QUERIES_IN_BATCH, lot)
        linked = self.env["complaint.case"].search_count(
            [
                ("email_normalized", "like", "k%@customer.example"),
                ("partner_id", "!=", False),
            ]
        )
        self.assertEqual(linked, 200)

    def test_intake_in_batch_makes_flat_number_of_queries(self):
        def payloads(count, mark):
            return [
                {
                    "channel": "api",
                    "subject": f"Kettle {number}",
                    "partner": {"name": "x", "email": f"{mark}{number}@c.example"},
                    "idempotency_key": f"{mark}-{number}",
                    "product": self.product.default_code,
                }
                for number in range(count)
            ]

        intake = self.env["complaint.case"].intake
        one = self._count(intake, payloads(1, "o"))
        lot = self._count(intake, payloads(200, "p"))
        self.assertLessEqual(lot / 200, QUERIES_IN_BATCH, f"{lot} after {one}")
        again = self._count(intake, payloads(200, "p"))
        self.assertLessEqual(again, 15)

    def test_write_priority_in_batch_does_not_search_policy_for_each(self):
        cases = self.env["complaint.case"].create(self._values(50, "w"))
        few = self._count(
            cases[:5].write, {"validity": "justified", "validity_reason": "x"}
        )
        lot = self._count(cases.write, {"validity": "partly", "validity_reason": "x"})
        self.assertLess(lot, few + 10)

    def test_new_case_has_all_that_it_is_born_with(self):
        """Fast, but nothing left out."""
        case, other = self.env["complaint.case"].create(self._values(2, "all"))
        self.assertEqual(
            set(case.sla_clock_ids.mapped("kind")),
            {"acknowledge", "respond", "resolve"},
        )
        self.assertEqual(len(case.sla_clock_ids.event_ids), 3)
        self.assertEqual(case.sla_clock_ids.event_ids.mapped("kind"), ["start"] * 3)
        self.assertEqual(case.sla_status, "running")
        self.assertEqual(case.sla_deadline, min(case.sla_clock_ids.mapped("deadline")))
        self.assertTrue(case.sla_policy_id)
        self.assertEqual(case.journal_entry_ids.mapped("event"), ["created"])
        self.assertEqual(case.acknowledge_state, "queued")
        self.assertEqual(case.email_normalized, "all0@customer.example")
        self.assertEqual((case.phase, case.is_open), ("received", True))
        self.assertNotEqual(case.name, other.name)
