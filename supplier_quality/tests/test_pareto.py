from odoo.tests import tagged

from .common import SupplierCommon


@tagged("post_install", "-at_install")
class TestPareto(SupplierCommon):
    def test_supplier_is_a_dimension_with_cases_behind_it(self):
        """Asked in a request or named by the complaint; one complaint counts once."""
        asked, named, other = (
            self._new_case(received_at="2020-03-10 10:00:00") for __ in range(3)
        )
        self._new_scar(case_id=asked.id)
        asked.subject_partner_id = self.supplier
        named.subject_partner_id = self.env["res.partner"].create(
            {"name": "Sales", "parent_id": self.supplier.commercial_partner_id.id}
        )
        wizard = (
            self.env["complaint.pareto"]
            .with_user(self.manager)
            .create(
                {
                    "dimension": "supplier",
                    "date_from": "2020-03-01",
                    "date_to": "2020-03-31",
                }
            )
        )
        supplier, rest = wizard.line_ids
        self.assertEqual(
            supplier.name, self.supplier.commercial_partner_id.display_name
        )
        self.assertEqual((supplier.value, rest.value), (2, 1))
        cases = self.env["complaint.case"]
        opened = cases.search(supplier.action_open_cases()["domain"])
        self.assertEqual(opened, asked | named)
        self.assertEqual(cases.search(rest.action_open_cases()["domain"]), other)

    def test_withdrawn_request_does_not_count(self):
        case = self._new_case(received_at="2020-03-10 10:00:00")
        scar = self._new_scar(case_id=case.id)
        scar.action_cancel()
        wizard = self.env["complaint.pareto"].create(
            {
                "dimension": "supplier",
                "measure": "cases",
                "date_from": "2020-03-01",
                "date_to": "2020-03-31",
                "company_id": case.company_id.id,
            }
        )
        self.assertEqual(wizard.line_ids.mapped("keys"), [[False]])
