"""The templates in ``data/templates`` work in Odoo's import screen (IN-5).

Each file goes the way of the screen, as a person without technical rights: the header
is recognised without choosing anything, a first import creates, a second one updates.
"""

import csv
import io
from pathlib import Path
from unittest.mock import patch

from odoo.tests import TransactionCase, new_test_user

TEMPLATES = Path(__file__).resolve().parents[1] / "data" / "templates"
OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "separator": ",",
    "encoding": "utf-8",
    "date_format": "",
    "datetime_format": "",
    "float_thousand_separator": "",
    "float_decimal_separator": ".",
    "advanced": True,
    "keep_matches": False,
}
# Odoo's import of people below a company reads their credit limit, which only
# accounting may (res.partner._load_records_create in 19.0).
GROUPS = (
    "base.group_user,base.group_partner_manager,account.group_account_readonly,"
    "complaint_management.complaint_group_manager"
)


class TestImportTemplates(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "import_manager", groups=GROUPS)

    def _read(self, name):
        return (TEMPLATES / name).read_text(encoding="utf-8")

    def _run_screen(self, model, text):
        """Import a text as the screen does; return ``{"ids", "messages", …}``."""
        wizard = (
            self.env["base_import.import"]
            .with_user(self.manager)
            .create(
                {
                    "res_model": model,
                    "file": text.encode(),
                    "file_name": "template.csv",
                    "file_type": "text/csv",
                }
            )
        )
        preview = wizard.parse_preview(dict(OPTIONS))
        self.assertNotIn("error", preview)
        header = next(csv.reader(io.StringIO(text)))
        found = ["/".join(preview["matches"].get(i, ())) for i in range(len(header))]
        self.assertEqual(found, header, "the screen finds each column by itself")
        return wizard.execute_import(header, header, dict(preview["options"]))

    def _import(self, model, text):
        result = self._run_screen(model, text)
        self.assertFalse(result["messages"], result["messages"])
        return result["ids"]

    def _check_twice(self, model, name, field, value):
        """Import, import again with a changed value, and return the records."""
        text = self._read(name)
        rows = list(csv.DictReader(io.StringIO(text)))
        records = self.env[model].with_context(active_test=False)
        before = records.search_count([])
        first = self._import(model, text)
        self.assertEqual(len(first), len(rows))
        self.assertEqual(records.search_count([]), before + len(rows))

        changed = io.StringIO()
        writer = csv.DictWriter(changed, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows([{**rows[0], field: value}, *rows[1:]])
        second = self._import(model, changed.getvalue())
        self.assertEqual(second, first, "the same external ids mean the same records")
        self.assertEqual(records.search_count([]), before + len(rows))
        self.assertEqual(str(records.browse(first[0])[field]), value)
        return records.browse(first)

    def test_import_error_types_twice_updates(self):
        types = self._check_twice(
            "complaint.error.type", "error_types.csv", "name", "Cools badly"
        )
        self.assertEqual(types[1].parent_id, types[0])
        self.assertEqual(types[1].display_name, f"Cools badly / {types[1].name}")

    def test_import_sla_lines_twice_updates(self):
        lines = self._check_twice(
            "complaint.sla.policy", "sla_lines.csv", "resolve", "20.0"
        )
        safety = self.env.ref("complaint_management.complaint_category_product_safety")
        self.assertEqual(lines[0].category_id, safety)
        found = lines._match(self.env.company, safety, "3", lines.segment_id[:1])
        self.assertEqual(found, lines[0], "an imported line counts as any other")

    def test_import_legal_terms_twice_updates(self):
        self.manager.group_ids += self.env.ref(
            "complaint_management.complaint_group_legal"
        )
        terms = self._check_twice(
            "complaint.legal.term", "legal_terms.csv", "weight", "7"
        )
        case = self.env["complaint.case"].create(
            {"subject": "Yarın 1 Numaralı Tüketici Bürosuna başvuruyorum"}
        )
        self.assertEqual(case.legal_hit_ids.term_id, terms[0])

    def test_import_cost_types_twice_updates(self):
        types = self._check_twice(
            "complaint.cost.type", "cost_types.csv", "name", "Technician on site"
        )
        self.assertEqual(types[0].currency_id.name, "USD")
        self.assertTrue(types[1].is_compensation)

    def test_import_costs_twice_updates(self):
        case = self.env["complaint.case"].create({"subject": "Leaks"})
        self.env.company.currency_id = self.env.ref("base.USD")
        text = self._read("cost_lines.csv").replace("CASE_NUMBER", case.name)
        with patch.object(type(self), "_read", return_value=text):
            lines = self._check_twice(
                "complaint.cost.line", "cost_lines.csv", "note", "New one"
            )
        self.assertEqual(lines.case_id, case)
        self.assertEqual(lines.mapped("company_value"), [420.0, 60.0, 80.0])
        self.assertEqual(set(lines.mapped("state")), {"draft"})

    def test_import_contacts_twice_updates(self):
        contacts = self._check_twice(
            "res.partner", "contacts.csv", "name", "Sample Dealer Ltd"
        )
        self.assertEqual(contacts[1].commercial_partner_id, contacts[0])
        self.assertEqual(contacts[0].complaint_segment_id.code, "b2b")

    def test_import_cases_twice_updates(self):
        cases = self._check_twice(
            "complaint.case", "cases.csv", "subject", "Machine leaks"
        )
        self.assertTrue(
            all(name.startswith("CMP/2025/") for name in cases.mapped("name"))
        )
        self.assertEqual(cases[0].priority, "2")
        self.assertTrue(cases[0].sla_clock_ids)
        self.assertEqual(str(cases[1].received_at), "2025-03-05 11:00:00")

    def test_import_cases_of_the_past_sends_no_acknowledgement(self):
        cases = self.env["complaint.case"].browse(
            self._import("complaint.case", self._read("cases.csv"))
        )
        self.assertEqual(set(cases.mapped("acknowledge_state")), {"none"})

    def test_import_case_with_unknown_channel_names_row_and_column(self):
        text = self._read("cases.csv").replace("complaint_channel_letter", "no_channel")
        before = self.env["complaint.case"].search_count([])
        result = self._run_screen("complaint.case", text)
        [message] = result["messages"]
        self.assertIn("no_channel", message["message"])
        self.assertEqual(message["rows"], {"from": 1, "to": 1})
        self.assertEqual(message["field"], "channel_id")
        self.assertEqual(self.env["complaint.case"].search_count([]), before)
