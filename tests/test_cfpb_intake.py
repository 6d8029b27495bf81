"""A thousand real complaints of a public register come in over the intake, twice."""

import csv
import time
from itertools import islice
from pathlib import Path
from unittest import SkipTest

from odoo.tests import TransactionCase, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

REGISTER = (
    Path(__file__).resolve().parents[2] / "shared" / "data" / "cfpb" / "complaints.csv"
)
ROWS = 1000
BATCH = 250
GROUP = "complaint_management.complaint_group_integration"
CHANNELS = {
    "Web": "web_form",
    "Web Referral": "web_form",
    "Referral": "letter",
    "Phone": "phone",
    "Postal mail": "letter",
    "Fax": "fax",
    "Email": "email",
}


@tagged("post_install", "-at_install")
class TestCfpbIntake(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not REGISTER.is_file():
            raise SkipTest("the public register isn't here: ../shared/data/cfpb")
        with open(REGISTER, encoding="utf-8", newline="") as stream:
            cls.rows = list(islice(csv.DictReader(stream), ROWS))
        cls._create_products()
        cls._create_error_types()
        user = mail_new_test_user(
            cls.env, login="register", groups=f"base.group_portal,{GROUP}"
        )
        cls.intake = cls.env["complaint.case"].with_user(user)

    @classmethod
    def _create_products(cls):
        cls.products = {
            name: f"CFPB-{number}"
            for number, name in enumerate(sorted({row["product"] for row in cls.rows}))
        }
        cls.env["product.product"].create(
            [
                {"name": name, "default_code": code, "type": "service"}
                for name, code in cls.products.items()
            ]
        )

    @classmethod
    def _create_error_types(cls):
        cls.issues = {
            name: f"cfpb_{number}"
            for number, name in enumerate(sorted({row["issue"] for row in cls.rows}))
        }
        cls.env["complaint.error.type"].create(
            [{"name": name, "code": code} for name, code in cls.issues.items()]
        )

    def _payload(self, row):
        return {
            "channel": CHANNELS[row["submitted_via"]],
            "idempotency_key": f"cfpb-{row['complaint_id']}",
            "external_ref": row["complaint_id"],
            "received_at": f"{row['date_received']}T12:00:00-05:00",
            "subject": row["sub_issue"] or row["issue"],
            "description": row["consumer_complaint_narrative"] or row["issue"],
            "product": self.products[row["product"]],
            "error_type": self.issues[row["issue"]],
            "anonymous": True,
        }

    def _send(self):
        """Send all rows; return the answers."""
        self.env.flush_all()
        self.env.invalidate_all()
        begin, queries = time.monotonic(), self.env.cr.sql_log_count
        answers = []
        for start in range(0, ROWS, BATCH):
            batch = self.rows[start : start + BATCH]
            answers += self.intake.intake([self._payload(row) for row in batch])
        self.env.flush_all()
        seconds = time.monotonic() - begin
        queries = self.env.cr.sql_log_count - queries
        print(f"\n{ROWS} rows in {seconds:.1f} s with {queries} queries")
        return answers, queries

    def _counts(self):
        models = ("complaint.case", "complaint.sla.clock", "complaint.journal.entry")
        return [self.env[model].search_count([]) for model in models]

    def test_register_sent_twice_creates_each_complaint_once(self):
        before = self._counts()
        first, queries = self._send()
        self.assertEqual({answer["status"] for answer in first}, {"created"})
        self.assertEqual(len({answer["id"] for answer in first}), ROWS)
        self.assertEqual(self._counts()[0], before[0] + ROWS)
        self.assertLess(queries, ROWS / 2)
        self._check_mapping(first)

        created = self._counts()
        second, queries = self._send()
        self.assertEqual({answer["status"] for answer in second}, {"existing"})
        self.assertEqual(
            [answer["id"] for answer in second], [answer["id"] for answer in first]
        )
        self.assertEqual(self._counts(), created)
        self.assertLess(queries, 20 * ROWS // BATCH)

    def _check_mapping(self, answers):
        cases = self.env["complaint.case"].browse([item["id"] for item in answers])
        for row, case in zip(self.rows, cases, strict=True):
            self.assertEqual(case.external_ref, row["complaint_id"])
            self.assertEqual(case.product_id.name, row["product"])
            self.assertEqual(case.error_type_id.name, row["issue"])
            self.assertEqual(case.channel_id.code, CHANNELS[row["submitted_via"]])
            self.assertEqual(str(case.received_at.date()), row["date_received"])
            year = row["date_received"][:4]
            self.assertRegex(case.name, rf"^CMP/{year}/\d{{5}}$")
            text = row["consumer_complaint_narrative"]
            if text:
                self.assertEqual(case.description, text.strip())
        self.assertEqual(len(set(cases.mapped("name"))), ROWS)
        self.assertTrue(all(case.is_anonymous for case in cases))
        # Received years ago, so every promise of theirs has a start in that year.
        clocks = cases[0].sla_clock_ids
        self.assertTrue(clocks)
        self.assertEqual(set(clocks.mapped("started_at")), {cases[0].received_at})
