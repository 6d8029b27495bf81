from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import email_normalize, mute_logger

from odoo.addons.complaint_management.models.complaint_customer_mixin import (
    BARE_ADDRESS,
)

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestCase(ComplaintCommon):
    def test_number_new_cases_rise_per_company_and_year(self):
        cases = self.env["complaint.case"].create(
            [{"subject": f"Case {n}", "received_at": "2025-05-05"} for n in range(3)]
        )
        numbers = [int(name.rpartition("/")[2]) for name in cases.mapped("name")]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 3)))
        self.assertTrue(all(n.startswith("CMP/2025/") for n in cases.mapped("name")))
        other = self.env["res.company"].create({"name": "Second company"})
        case = self.env["complaint.case"].create(
            {
                "subject": "First of the second",
                "company_id": other.id,
                "team_id": False,
                "received_at": "2025-05-05",
            }
        )
        self.assertEqual(case.name, "CMP/2025/00001")

    def test_number_same_twice_refused_by_database(self):
        case = self._new_case()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._new_case(name=case.name)
            self.env.flush_all()

    def test_create_by_form_as_handler_takes_defaults(self):
        form = Form(self.env["complaint.case"].with_user(self.handler))
        form.subject = "Door is scratched"
        form.partner_id = self.customer
        case = form.save()
        self.assertEqual(case.phase, "received")
        self.assertEqual(case.email_normalized, "aysel@customer.example")
        self.assertTrue(case.is_open)
        self.assertTrue(case.name.startswith("CMP/"))

    def test_bare_addresses_are_read_like_odoo_reads_them(self):
        for address in (
            *("aysel@customer.example", "AYSEL@Customer.Example", "a.b+c_d-e@x-y.co"),
            *("..@a.b", "1@2.3", "-@-.-", "A+B@C.D.E.F"),
        ):
            self.assertTrue(BARE_ADDRESS.fullmatch(address), address)
            wanted = email_normalize(address, strict=False)
            self.assertEqual(address.lower(), wanted)
        for address in ("A <a@b.example>", "a@b", "x y@b.example", "ə@b.example", ""):
            self.assertFalse(BARE_ADDRESS.fullmatch(address), address)

    def test_create_known_mail_address_links_customer(self):
        case = self.env["complaint.case"].create(
            {"subject": "By mail", "email_from": '"A. K." <AYSEL@customer.example>'}
        )
        self.assertEqual(case.partner_id, self.customer)

    def test_create_unknown_mail_address_keeps_contact_data(self):
        case = self.env["complaint.case"].create(
            {
                "subject": "By mail",
                "email_from": "new@customer.example",
                "partner_name": "New",
            }
        )
        self.assertFalse(case.partner_id)
        self.assertEqual(case.partner_name, "New")
        case.action_create_partner()
        self.assertEqual(case.partner_id.email, "new@customer.example")

    def test_received_at_in_future_refused(self):
        tomorrow = fields.Datetime.add(fields.Datetime.now(), days=1)
        with self.assertRaises(ValidationError):
            self._new_case(received_at=tomorrow)

    def test_unlink_numbered_case_refused_also_for_superuser(self):
        with self.assertRaises(UserError):
            self._new_case().unlink()

    def test_next_stage_follows_flow_and_stops_at_end(self):
        simple = self.env.ref("complaint_management.complaint_flow_simple")
        case = self._new_case(flow_id=simple.id).with_user(self.handler)
        case.action_next_stage()
        self.assertEqual(case.phase, "triage")
        case.write({"validity": "justified", "validity_reason": "Seen on the bench"})
        case.action_next_stage()
        self.assertEqual(case.phase, "response")
        self._answer(case, self.handler)
        case.decision = "You get a new oven."
        self._tell_decision(case)
        case.action_next_stage()
        self.assertEqual(case.phase, "closed")
        self.assertTrue(case.closed_at)
        self.assertFalse(case.is_open)
        with self.assertRaises(UserError):
            case.action_next_stage()

    def test_reopen_closed_case_forgets_closing_date(self):
        case = self._new_case()
        case.stage_id = self._stage("cancelled")
        self.assertTrue(case.closed_at)
        case._reopen("Cancelled by mistake")
        self.assertEqual(case.phase, "triage")
        self.assertFalse(case.closed_at)
        self.assertTrue(case.is_open)

    def test_partner_counts_cases_of_company_and_contacts(self):
        company = self.env["res.partner"].create(
            {"name": "Hotel", "is_company": True, "child_ids": [(0, 0, {"name": "C"})]}
        )
        self._new_case(partner_id=company.child_ids.id)
        self._new_case(partner_id=company.id)
        partners = (company | company.child_ids).with_user(self.handler)
        self.assertEqual(partners.mapped("complaint_case_count"), [2, 1])

    def test_product_counts_cases(self):
        self._new_case()
        self.assertEqual(self.product.complaint_case_count, 1)
        self.assertEqual(self.product.product_tmpl_id.complaint_case_count, 1)
