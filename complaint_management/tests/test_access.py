from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import GROUP, ComplaintCommon


@tagged("post_install", "-at_install")
class TestAccess(ComplaintCommon):
    def _can_read(self, case, user):
        return case.with_user(user).has_access("read")

    def test_team_member_sees_case_others_do_not(self):
        case = self._new_case(user_id=False)
        for user in (self.handler, self.manager, self.legal, self.auditor):
            self.assertTrue(self._can_read(case, user), user.login)
        self.assertFalse(self._can_read(case, self.other_handler))
        case.user_id = self.other_handler
        self.assertTrue(self._can_read(case, self.other_handler))

    def test_confidential_case_is_seen_by_named_people_only(self):
        case = self._new_case(is_confidential=True)
        self.assertTrue(self._can_read(case, self.handler))
        for user in (self.investigator, self.legal, self.auditor):
            self.assertFalse(self._can_read(case, user), user.login)
        case.confidential_user_ids = self.legal
        self.assertTrue(self._can_read(case, self.legal))

    def test_confidential_case_without_owner_is_seen_by_team_leader(self):
        case = self._new_case(is_confidential=True, user_id=False)
        self.assertTrue(self._can_read(case, self.manager))
        self.assertFalse(self._can_read(case, self.handler))

    def test_confidential_case_leaks_nothing_through_its_parts(self):
        case = self._new_case(is_confidential=True)
        case.message_post(body="Secret")
        self.env["complaint.eightd"].create({"case_id": case.id, "subject": "Secret"})
        for model in (
            "complaint.sla.clock",
            "complaint.journal.entry",
            "complaint.eightd",
            "complaint.eightd.step",
            "mail.message",
        ):
            records = self.env[model].with_user(self.auditor)
            if model == "complaint.eightd":
                domain = [("case_id", "=", case.id)]
            elif model == "complaint.eightd.step":
                domain = [("eightd_id.case_id", "=", case.id)]
            elif model == "mail.message":
                domain = [("model", "=", "complaint.case"), ("res_id", "=", case.id)]
            else:
                domain = [
                    ("res_model", "=", "complaint.case"),
                    ("res_id", "=", case.id),
                ]
            self.assertFalse(records.search(domain), model)
            self.assertTrue(records.sudo().search(domain), model)
        clock = case.sla_clock_ids[0]
        with self.assertRaises(AccessError):
            clock.with_user(self.auditor).read(["deadline"])

    def test_other_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other company"})
        stranger = new_test_user(
            self.env,
            "complaint_stranger",
            groups=f"{GROUP}manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        case = self._new_case()
        self.assertFalse(self._can_read(case, stranger))
        self.assertFalse(
            self.env["complaint.sla.clock"]
            .with_user(stranger)
            .search([("res_id", "=", case.id)])
        )

    def test_auditor_and_employee_change_nothing(self):
        employee = new_test_user(self.env, "complaint_employee")
        case = self._new_case()
        with self.assertRaises(AccessError):
            case.with_user(self.auditor).write({"subject": "x"})
        with self.assertRaises(AccessError):
            case.with_user(employee).read(["subject"])
        with self.assertRaises(AccessError):
            self.env["complaint.case"].with_user(employee).intake([])

    def test_configuration_is_changed_by_manager_only(self):
        category = self.category
        with self.assertRaises(AccessError):
            category.with_user(self.investigator).write({"name": "x"})
        category.with_user(self.manager).write({"name": "Defect"})
        self.assertEqual(category.name, "Defect")

    def test_handler_and_auditor_see_actions_with_their_stage(self):
        """mgmtsystem_action 19.0 shows its stages to no viewer."""
        case = self._new_case()
        action = self.env["mgmtsystem.action"].create(
            {
                "name": "Change the cable",
                "type_action": "correction",
                "complaint_case_id": case.id,
            }
        )
        for user in (self.handler, self.auditor):
            seen = action.with_user(user)
            seen.invalidate_recordset()
            self.assertFalse(seen.is_finished)
            self.assertTrue(seen.stage_id.name)
        case.with_user(self.handler)._gate_check_actions_done()

    def test_confidential_case_is_not_in_the_counts_of_others(self):
        company = self.env["res.partner"].create({"name": "Shop", "is_company": True})
        self.customer.parent_id = company
        self._new_case()
        self._new_case(is_confidential=True, user_id=self.manager.id)
        counters = (
            (company, "complaint_case_count"),
            (self.customer, "complaint_case_count"),
            (self.product, "complaint_case_count"),
            (self.product.product_tmpl_id, "complaint_case_count"),
            (self.team, "open_case_count"),
        )
        for user, expected in ((self.handler, 1), (self.manager, 2)):
            for record, field in counters:
                self.env.invalidate_all()
                with self.subTest(user=user.login, record=record._name):
                    self.assertEqual(record.with_user(user)[field], expected)
        cases = self.env["complaint.case"].with_user(self.handler)
        domain = [("partner_id", "=", self.customer.id)]
        self.assertEqual(cases.search_count(domain), 1)
        groups = cases._read_group(domain, ["product_id"], ["__count"])
        self.assertEqual(groups, [(self.product, 1)])
