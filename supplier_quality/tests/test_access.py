from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import SUPPLIER_QUALITY, SupplierCommon

MODELS = (
    "supplier.scar",
    "supplier.scar.answer",
    "supplier.scorecard",
    "supplier.scorecard.line",
    "supplier.scorecard.band",
    "supplier.scar.create",
    "supplier.scar.reject",
    "supplier.scorecard.compute",
    "supplier.scorecard.reopen",
)
# role → operations on (request, answer, scorecard, evidence, grade)
MATRIX = {
    "handler": ("crw", "r", "", "", ""),
    "quality": ("crw", "crw", "r", "r", "r"),
    "manager": ("crw", "crw", "r", "r", "crwu"),
    "legal": ("crw", "r", "", "", ""),
    "auditor": ("r", "r", "r", "r", "r"),
    "buyer": ("", "", "r", "r", ""),
    "supplier_user": ("", "", "", "", ""),
}
OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccess(SupplierCommon):
    def test_matrix_of_roles_and_operations(self):
        for role, rights in MATRIX.items():
            user = getattr(self, role)
            for model, allowed in zip(MODELS, rights, strict=False):
                for letter, operation in OPERATIONS.items():
                    self.assertEqual(
                        self.env[model].with_user(user).has_access(operation),
                        letter in allowed,
                        f"{role} {operation} {model}",
                    )

    def test_portal_and_integration_users_reach_no_model(self):
        integration = new_test_user(
            self.env,
            "integration",
            groups="base.group_portal,complaint_management.complaint_group_integration",
        )
        scar = self._new_sent_scar()
        for user in (self.supplier_user, integration):
            for model in MODELS:
                records = self.env[model].with_user(user)
                with self.assertRaises(AccessError, msg=model):
                    records.search([])
                with self.assertRaises(AccessError, msg=model):
                    records.create({})
            with self.assertRaises(AccessError):
                scar.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                scar.with_user(user).action_send()
            with self.assertRaises(AccessError):
                scar.with_user(user).action_accept()

    def test_handler_sees_own_requests_and_those_of_visible_cases(self):
        of_case = self._new_scar(case_id=self.case.id)
        own = self._new_scar(user_id=self.other_handler.id)
        other = self._new_scar()
        scars = of_case | own | other
        self.assertEqual(
            scars.with_user(self.handler)._filtered_access("read"), of_case
        )
        self.assertEqual(
            scars.with_user(self.other_handler)._filtered_access("read"), own
        )
        for user in (self.quality, self.manager, self.legal, self.auditor):
            self.assertEqual(scars.with_user(user)._filtered_access("read"), scars)

    def test_answers_are_seen_with_their_request_only(self):
        scar = self._new_sent_scar(case_id=self.case.id)
        answer = self._answer_as_supplier(scar).sudo(False)
        self.assertTrue(answer.with_user(self.handler).has_access("read"))
        self.assertFalse(answer.with_user(self.other_handler).has_access("read"))
        self.assertTrue(answer.with_user(self.quality).has_access("read"))

    def test_confidential_case_is_not_leaked_by_its_request(self):
        self.case.is_confidential = True
        scar = self._new_sent_scar(case_id=self.case.id)
        self.assertFalse(self.case.with_user(self.quality).has_access("read"))
        seen = scar.with_user(self.quality)
        data = seen.web_read({"case_id": {"fields": {"display_name": {}}}})
        data += seen.read(["case_id"])
        grouped = seen.web_read_group([("id", "=", scar.id)], ["case_id"], ["__count"])
        for leak in ("My kettle burnt", "Günel", "furious"):
            self.assertNotIn(leak, f"{data} {grouped}")
        for domain in (
            [("case_id.subject", "ilike", "kettle")],
            [("case_id", "ilike", "kettle")],
        ):
            self.assertNotIn(scar, seen.search(domain))
        with self.assertRaises(AccessError):
            seen.case_id.read(["subject"])
        with self.assertRaises(AccessError):
            seen.web_read({"case_id": {"fields": {"subject": {}}}})
        self.assertIn(
            "My kettle burnt", str(scar.with_user(self.handler).read(["case_id"]))
        )
        self.assertFalse(scar.with_user(self.investigator).has_access("read"))

    def test_second_company_sees_nothing_of_the_first(self):
        company = self.env["res.company"].create({"name": "Ankara"})
        foreigner = new_test_user(
            self.env,
            "ankara",
            groups=f"{SUPPLIER_QUALITY},complaint_management.complaint_group_manager",
            company_id=company.id,
            company_ids=company.ids,
        )
        scar = self._new_sent_scar()
        self._answer_as_supplier(scar)
        card = self.env["supplier.scorecard"].create(
            {
                "partner_id": self.supplier.id,
                "company_id": self.env.company.id,
                "period_start": "2026-03-01",
            }
        )
        for records in (scar, scar.answer_ids, card):
            seen = records.with_user(foreigner)
            self.assertFalse(seen.search([("id", "in", records.ids)]))
            self.assertFalse(seen.has_access("read"))
        partner = self.supplier.with_user(foreigner)
        self.assertFalse(partner.supplier_scar_count)
        self.assertFalse(partner.supplier_scorecard_count)

    def test_order_of_other_company_can_not_be_named(self):
        company = self.env["res.company"].create({"name": "Ankara"})
        order = (
            self.env["purchase.order"]
            .with_company(company)
            .create({"partner_id": self.supplier.id, "company_id": company.id})
        )
        with self.assertRaises(Exception) as caught:
            self._new_scar(purchase_order_id=order.id)
        self.assertIn("compan", str(caught.exception))
