from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestLinks(PortalCommon):
    """Where buttons in mails lead."""

    def _mail_view(self, record, user):
        path = f"/mail/view?model={record._name}&res_id={record.id}"
        return self._path(self._get(path, user))

    def test_mail_button_leads_people_from_outside_to_their_page(self):
        self.assertEqual(
            self._mail_view(self.own_case, self.user_a),
            f"/my/complaints/{self.own_case.id}",
        )
        self.assertEqual(
            self._mail_view(self.scar, self.supplier_user), f"/my/scars/{self.scar.id}"
        )

    def test_mail_button_leads_staff_to_the_record(self):
        path = self._mail_view(self.own_case, self.handler)
        self.assertIn(f"/odoo/complaint.case/{self.own_case.id}", path)

    def test_mail_button_asks_strangers_to_sign_in(self):
        self.assertIn("/web/login", self._mail_view(self.own_case, None))

    def test_mail_button_tells_nothing_about_foreign_records(self):
        foreign = self._mail_view(self.other_case, self.user_a)
        self._assert_refused(self._get(foreign))

    def _groups(self, record):
        groups = record._notify_get_recipients_groups(
            self.env["mail.message"], "Case", {}
        )
        return {name: (test, data) for name, test, data in groups}

    def test_notification_button_for_customer_with_and_without_login(self):
        groups = self._groups(self.own_case)
        url = groups["portal"][1]["button_access"]["url"]
        self.assertTrue(url.endswith(f"/my/complaints/{self.own_case.id}"))
        test, data = groups["complaint_customer"]
        self.assertEqual(
            data["button_access"]["url"], self.own_case._get_tracking_url()
        )
        self.assertTrue(test({"type": "customer", "id": self.customer.id}))
        self.assertFalse(test({"type": "customer", "id": self.user_b.partner_id.id}))
        self.assertFalse(test({"type": "portal", "id": self.customer.id}))

    def test_supplier_link_exists_for_suppliers_with_a_login(self):
        self.assertTrue(
            self.scar._get_supplier_url().endswith(f"/my/scars/{self.scar.id}")
        )
        lonely = self.env["res.partner"].create(
            {"name": "No login", "email": "no@login.example", "is_company": True}
        )
        scar = self._new_sent_scar(partner_id=lonely.id)
        self.assertFalse(scar._get_supplier_url())

    def test_acknowledgement_carries_the_tracking_link(self):
        self.own_case._acknowledge()
        body = self.own_case.message_ids[0].body
        self.assertIn(self.own_case._get_tracking_url(), body)
