from odoo.tests import tagged

from odoo.addons.supplier_quality.tests.common import SECRETS

from .common import PDF, PortalCommon

XSS = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@tagged("post_install", "-at_install")
class TestSupplierPages(PortalCommon):
    def _page(self, scar=None, user=None):
        scar = scar or self.scar
        return self._get(f"/my/scars/{scar.id}", user or self.supplier_user)

    def _secrets(self):
        return [
            *SECRETS,
            self.case.name,
            self.case.subject,
            "4321.98",
            "4,321.98",
            "complaint.case",
            f"/my/complaints/{self.case.id}",
        ]

    def test_no_page_names_customer_case_or_price(self):
        order = self._new_order()
        scar = self._new_sent_scar(
            case_id=self.case.id, purchase_line_ids=[(6, 0, order.order_line.ids)]
        )
        self._answer_as_supplier(scar)
        self.case.message_post(body="Günel İsmayılova called again")
        self._login(self.supplier_user)
        for path in (
            "/my/home",
            "/my/scars",
            f"/my/scars/{self.scar.id}",
            f"/my/scars/{scar.id}",
            "/my/complaints",
        ):
            text = self._get(path).text
            for secret in self._secrets():
                self.assertNotIn(secret, text, (path, secret))
        page = self._page(scar).text
        self.assertIn(order.name, page)
        self.assertIn("Lid melts", page)

    def test_refused_answer_names_no_secret_either(self):
        self._login(self.supplier_user)
        response = self._post(f"/my/scars/{self.scar.id}/answer", {"action": "submit"})
        self.assertEqual(response.status_code, 422)
        for secret in self._secrets():
            self.assertNotIn(secret, response.text)

    def test_list_shows_waiting_requests_first_by_due_time(self):
        later = self._new_sent_scar(date_due="2030-02-01")
        sooner = self._new_sent_scar(date_due="2030-01-01")
        answered = self._new_sent_scar(date_due="2029-01-01")
        self._answer_as_supplier(answered)
        self.scar.date_due = "2031-01-01"
        text = self._get("/my/scars", self.supplier_user).text
        places = [text.index(s.name) for s in (sooner, later, self.scar, answered)]
        self.assertEqual(places, sorted(places))

    def test_pages_of_the_list_lose_and_repeat_nothing(self):
        scars = self.scar
        for number in range(6):
            scar = self._new_sent_scar()
            if number % 2:
                self._answer_as_supplier(scar)
            scars |= scar
        model = self.env["supplier.scar"].sudo()
        domain = model._get_supplier_domain(self.supplier)
        pages = [
            model._search_for_supplier(domain, limit=3, offset=offset)
            for offset in (0, 3, 6)
        ]
        found = [scar.id for page in pages for scar in page]
        self.assertEqual(sorted(found), sorted(scars.ids))
        self.assertEqual(len(found), len(set(found)))

    def test_list_needs_as_many_queries_for_many_requests_as_for_two(self):
        self._new_sent_scar()
        self._get("/my/scars", self.supplier_user)
        counts = []
        for extra in (0, 8):
            for __ in range(extra):
                self._new_sent_scar()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._get("/my/scars")
            counts.append(self.env.cr.sql_log_count - start)
        self.assertGreater(counts[0], 0)
        self.assertLessEqual(counts[1], counts[0])

    def test_released_and_own_files_download_and_no_others(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "photo.pdf",
                "raw": PDF,
                "res_model": "supplier.scar",
                "res_id": self.scar.id,
            }
        )
        hidden = file.copy({"name": "internal.pdf"})
        # Files are released before sending; here the topic is who reads them.
        self.scar.sudo().released_attachment_ids = file
        page = self._page()
        self.assertNotIn("internal.pdf", page.text)
        [link] = self._file_links(page)
        self.assertEqual(self._get(link).content, PDF)
        token = link.rsplit("/", 1)[1]
        bad = (
            link.replace(token, "0" * 40),
            f"/my/scars/{self.scar.id}/files/{hidden.id}/{token}",
            link.replace(f"/{self.scar.id}/", f"/{self.other_scar.id}/"),
        )
        for path in bad:
            self.assertEqual(self._get(path).status_code, 404, path)
        for user in (self.other_supplier_user, self.user_a, self.handler):
            self.assertEqual(self._get(link, user).status_code, 404, user.login)
        self._assert_to_login(self._get(link, None))

    def test_markup_in_every_text_is_shown_as_text(self):
        scar = self._new_sent_scar(subject=XSS, problem=XSS, lot=XSS)
        self._answer_as_supplier(
            scar,
            containment=XSS,
            root_cause=XSS,
            corrective_action=XSS,
            preventive_action=XSS,
        )
        scar.sudo().with_user(self.quality)._reject(XSS)
        self._login(self.supplier_user)
        for path in (f"/my/scars/{scar.id}", "/my/scars"):
            text = self._get(path).text
            for bad in ("<script>alert", "<img src=x"):
                self.assertNotIn(bad, text, (path, bad))
        self.assertIn("We need more from you", self._page(scar).text)
