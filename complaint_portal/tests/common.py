import re
import time

from odoo import http
from odoo.tests import HttpCase, new_test_user
from odoo.tools import SQL, hash_sign

from odoo.addons.supplier_quality.tests.common import SupplierCommon

from ..controllers.form_data import KEY_SCOPE
from ..controllers.tracking import WRONG_TOKENS

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06"
PDF = b"%PDF-1.4\n%%EOF"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


class PortalCommon(SupplierCommon, HttpCase):
    """Customers A and B, colleagues of A, two suppliers, and their records.

    ``own_case`` is A's, ``other_case`` is B's; ``scar`` is the first supplier's and
    stands on a third customer's case, ``case``, that no supplier may recognise.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a = cls.env["res.partner"].create(
            {"name": "Kazımova MMC", "is_company": True}
        )
        cls.customer.parent_id = cls.company_a
        cls.user_a = cls._portal_user("portal_a", partner=cls.customer)
        cls.colleague = cls._portal_user("portal_colleague", parent=cls.company_a)
        # Making a login takes its own mail address.
        cls.customer.email = "aysel@customer.example"
        cls.boss = cls._portal_user("portal_boss", parent=cls.company_a)
        cls.boss.partner_id.complaint_portal_company_access = True
        cls.user_b = cls._portal_user("portal_b")
        cls.own_case = cls._new_case()
        cls.other_case = cls._new_case(partner_id=cls.user_b.partner_id.id)
        cls.scar = cls._new_sent_scar(case_id=cls.case.id)
        cls.other_scar = cls._new_sent_scar(partner_id=cls.other_supplier.id)

    @classmethod
    def _portal_user(cls, login, partner=None, parent=None):
        values = {"partner_id": partner.id} if partner else {"name": login.title()}
        user = new_test_user(cls.env, login, groups="base.group_portal", **values)
        if parent:
            user.partner_id.parent_id = parent
        return user

    def setUp(self):
        super().setUp()
        WRONG_TOKENS.clear()
        self.addCleanup(WRONG_TOKENS.clear)

    def _login(self, user):
        login = user.login if user else None
        self.authenticate(login, login)

    def _get(self, path, user=False):
        if user is not False:
            self._login(user)
        return self.url_open(path, allow_redirects=False)

    def _post(self, path, data=None, files=(), user=False, csrf=True):
        """Post as a browser does; ``files`` is [(name, bytes)]."""
        if user is not False:
            self._login(user)
        data = dict(data or {})
        if csrf:
            data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(
            path,
            data=data,
            files=[("files", (name, content)) for name, content in files] or None,
            method="POST",
            allow_redirects=False,
            timeout=60,
        )

    def _form_key(self, age=60, number="0" * 32):
        """Return the signed key of a form that was shown ``age`` seconds ago."""
        values = [number, int(time.time()) - age]
        return hash_sign(self.env(su=True), KEY_SCOPE, values)

    def _form(self, **values):
        return {
            "form_key": self._form_key(),
            "subject": "The oven is cold",
            "description": "It never got warm.",
            "name": "Rəşad Əliyev",
            "email": "rashad@new-customer.example",
            **values,
        }

    def _assert_refused(self, response, msg=None):
        """The one answer for what isn't yours and for what isn't there."""
        self.assertEqual(response.status_code, 303, msg)
        self.assertEqual(self._path(response), "/my", msg)

    def _assert_to_login(self, response, msg=None):
        self.assertEqual(response.status_code, 303, msg)
        self.assertTrue(self._path(response).startswith("/web/login"), msg)

    def _path(self, response):
        return re.sub(r"^https?://[^/]+", "", response.headers.get("Location", ""))

    def _file_links(self, response):
        return re.findall(r'href="(/my/[^"]+/files/[^"]+)"', response.text)

    def _fingerprint(self, tables):
        """Return {table: digest of all rows}."""
        self.env.flush_all()
        digests = {}
        for table in tables:
            # Bundles of scripts are made on the first visit of any page.
            where = ""
            if table == "ir_attachment":
                where = "WHERE url IS NULL OR url NOT LIKE '/web/assets/%%'"
            rows = self.env.execute_query(
                SQL(
                    "SELECT md5(string_agg(t::text, '|' ORDER BY t::text))"
                    " FROM %s t %s",
                    SQL.identifier(table),
                    SQL(where),
                )
            )
            digests[table] = rows[0][0]
        return digests
