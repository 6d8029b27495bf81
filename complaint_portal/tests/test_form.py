from unittest.mock import patch

from odoo.exceptions import AccessDenied
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EXE, PDF, PNG, PortalCommon


@tagged("post_install", "-at_install")
class TestForm(PortalCommon):
    def _cases(self):
        return self.env["complaint.case"].search([])

    def _send(self, files=(), user=None, path="/complaint/new", **values):
        """Send a form; return the response and the new cases."""
        before = self._cases()
        response = self._post(path, self._form(**values), files, user)
        return response, self._cases() - before

    def test_public_form_makes_a_case_and_shows_number_and_link(self):
        response, case = self._send(
            [("leak.png", PNG), ("bill.pdf", PDF)],
            product="KET-500600700",
            lot="L-9",
            quantity="2,5",
            order_ref="S1",
            category="product_defective",
            remedy="repair",
            phone="+994 50 111 22 33",
            company="Yeni MMC",
            on_behalf_of="My mother",
        )
        self.assertEqual(self._path(response), "/complaint/thanks")
        self.assertEqual(case.channel_id.code, "web_form")
        self.assertEqual(case.partner_name, "Rəşad Əliyev")
        self.assertEqual(case.email_normalized, "rashad@new-customer.example")
        self.assertEqual(case.product_id, self.kettle)
        self.assertEqual((case.lot, case.quantity), ("L-9", 2.5))
        self.assertEqual((case.remedy, case.on_behalf_of), ("repair", "My mother"))
        self.assertEqual(case.category_id, self.category)
        self.assertEqual(case.acknowledge_state, "queued")
        self.assertEqual(len(case.file_ids), 2)
        self.assertTrue(all(case.file_ids.mapped("is_customer_visible")))
        thanks = self._get("/complaint/thanks").text
        self.assertIn(case.name, thanks)
        self.assertIn(case._get_tracking_url(), thanks)

    def test_thanks_without_a_complaint_names_no_case(self):
        text = self._get("/complaint/thanks", None).text
        self.assertNotIn("CMP/", text)

    def test_unknown_product_goes_along_with_the_text(self):
        __, case = self._send(product="the red one")
        self.assertFalse(case.product_id)
        self.assertIn("the red one", case.description)
        self.assertIn("It never got warm.", case.description)

    def test_missing_fields_are_said_at_the_field_and_nothing_is_lost(self):
        response, cases = self._send(
            subject="", email="no-mail", name="Kept name", lot="Kept lot", quantity="x"
        )
        self.assertFalse(cases)
        self.assertEqual(response.status_code, 422)
        for text in (
            "Say in a few words what it is about.",
            "This isn&#39;t a mail address.",
            "Write a number",
            'value="Kept name"',
            'value="Kept lot"',
            'value="no-mail"',
            "It never got warm.",
            'role="alert"',
        ):
            self.assertIn(text, response.text)

    def test_too_long_text_is_refused_with_the_limit(self):
        response, cases = self._send(description="x" * 50_001, subject="y" * 201)
        self.assertFalse(cases)
        self.assertIn("at most 50000 characters", response.text)
        self.assertIn("at most 200 characters", response.text)

    def test_anonymous_complaint_stores_nothing_personal(self):
        response, case = self._send(anonymous="1", phone="123", company="C")
        self.assertEqual(self._path(response), "/complaint/thanks")
        self.assertTrue(case.is_anonymous)
        for name in ("partner_id", "partner_name", "email_from", "partner_phone"):
            self.assertFalse(case[name], name)
        self.assertFalse(case.partner_company)

    def test_confidential_complaint_has_somebody_who_reads_it(self):
        __, case = self._send(confidential="1")
        self.assertTrue(case.is_confidential)
        self.assertTrue(case.confidential_user_ids)

    def test_honeypot_and_haste_are_stopped_without_losing_text(self):
        for values in (
            {"homepage": "http://spam.example"},
            {"form_key": self._form_key(age=-60)},
            {"form_key": self._form_key(age=100_000)},
            {"form_key": "forged"},
            {"form_key": ""},
            {"form_key": "ü" * 80},
        ):
            response, cases = self._send(**values)
            with self.subTest(values):
                self.assertFalse(cases)
                self.assertEqual(response.status_code, 422)
                self.assertIn("It never got warm.", response.text)

    def test_same_form_sent_twice_makes_one_case(self):
        __, first = self._send()
        response, second = self._send()
        self.assertTrue(first)
        self.assertFalse(second)
        self.assertIn(first.name, self._get(self._path(response)).text)

    def test_rate_limit_stops_one_network_and_keeps_the_text(self):
        self.env.company.complaint_form_hourly_limit = 2
        for number in range(2):
            self._send(form_key=self._form_key(number=f"{number:032}"))
        response, cases = self._send(form_key=self._form_key(number="9" * 32))
        self.assertFalse(cases)
        self.assertIn("Too many complaints came from your network", response.text)
        self.assertIn("It never got warm.", response.text)

    def test_throttle_names_nobody_and_forgets(self):
        throttle = self.env["complaint.portal.throttle"]
        self.assertTrue(throttle._allows("t", "10.1.2.3", 1))
        self.assertFalse(throttle._allows("t", "10.1.2.3", 1))
        self.assertTrue(throttle._allows("t", "10.1.2.4", 1))
        self.assertTrue(throttle._allows("u", "10.1.2.3", 1))
        rows = throttle.search([])
        self.assertFalse(rows.filtered(lambda row: "10." in row.key))
        self.env.cr.execute(
            "UPDATE complaint_portal_throttle SET window_start = '2020-01-01'"
            " WHERE id = %s",
            rows[:1].ids,
        )
        throttle._gc_old_windows()
        self.assertEqual(throttle.search_count([]), len(rows) - 1)

    def test_one_household_is_one_network(self):
        network = self.env["complaint.portal.throttle"]._get_network
        self.assertEqual(network("2001:db8::1"), network("2001:db8::ffff"))
        self.assertNotEqual(network("2001:db8::1"), network("2001:db8:1::1"))
        self.assertEqual(network("::ffff:10.0.0.1"), network("10.0.0.1"))
        self.assertEqual(network(None), network("garbage"))

    def test_captcha_is_asked_for_when_it_is_set_up(self):
        def refuse(self, action):
            assert action == "complaint_form"
            raise AccessDenied()

        IrHttp = type(self.env["ir.http"])
        with (
            patch.object(IrHttp, "_verify_request_recaptcha_token", refuse),
            mute_logger("odoo.http"),
        ):
            __, cases = self._send()
        self.assertFalse(cases)

    def test_bad_files_are_refused_and_the_text_stays(self):
        response, cases = self._send([("invoice.pdf", EXE)])
        self.assertFalse(cases)
        self.assertIn("invoice.pdf", response.text)
        self.assertIn("It never got warm.", response.text)

    def test_codes_that_the_form_doesnt_offer_are_refused(self):
        response, cases = self._send(category="nonsense", remedy="nonsense")
        self.assertFalse(cases)
        self.assertEqual(response.status_code, 422)

    def test_internal_values_in_the_form_are_ignored(self):
        __, case = self._send(
            partner_id=str(self.customer.id),
            priority="3",
            user_id=str(self.manager.id),
            channel="phone",
            external_ref="X",
        )
        self.assertEqual(case.channel_id.code, "web_form")
        self.assertNotEqual(case.partner_id, self.customer)
        self.assertFalse(case.external_ref)

    def test_portal_user_complains_in_own_name_whatever_the_form_says(self):
        response, case = self._send(
            path="/my/complaints/new",
            user=self.user_a,
            name="Somebody else",
            email=self.user_b.email,
            anonymous="1",
        )
        self.assertEqual(self._path(response), f"/my/complaints/{case.id}?done=new")
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.email_normalized, "aysel@customer.example")
        self.assertEqual(case.channel_id.code, "portal")
        self.assertFalse(case.is_anonymous)
        self.assertIn(case.name, self._get(self._path(response)).text)

    def test_portal_user_with_a_shared_mail_address_keeps_the_case(self):
        self.env["res.partner"].create(
            {"name": "Older twin", "email": self.customer.email}
        )
        __, case = self._send(path="/my/complaints/new", user=self.user_a)
        self.assertEqual(case.partner_id, self.customer)

    def test_portal_user_on_the_public_form_goes_to_their_own(self):
        response = self._get("/complaint/new", self.user_a)
        self.assertEqual(self._path(response), "/my/complaints/new")

    def test_form_follows_the_language_of_the_browser(self):
        for code in ("az_AZ", "tr_TR", "fa_IR"):
            self.env["res.lang"]._activate_lang(code)
        for lang, code in (
            ("az", "az_AZ"),
            ("az-AZ,az;q=0.9,en;q=0.8", "az_AZ"),
            ("ku,tr;q=0.9,en;q=0.8", "tr_TR"),
            ("fa-AF,fa;q=0.5", "fa_IR"),
            ("de", "en_US"),
        ):
            self.opener.cookies.clear()
            page = self.url_open("/complaint/new", headers={"Accept-Language": lang})
            self.assertIn(f'<html lang="{code.replace("_", "-")}"', page.text)
