"""The printed 8D report: an internal version and one for the customer (ED-3)."""

import io
import re

from pdfminer.high_level import extract_text

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.text_fold import base_letters
from .eightd_common import EightdCommon

LANGS = ("az_AZ", "tr_TR", "fa_IR", "en_US")
INTERNAL = "complaint_management.complaint_eightd_action_pdf"
CUSTOMER = "complaint_management.complaint_eightd_action_customer_pdf"
OF_CASE = "complaint_management.complaint_case_action_eightd_pdf"
# What points to the two other customers, as it is written in the texts of the report.
PERSON, COMPANY = "Fərid Hüseynov", "Xəzər Yel MMC"
PERSIAN = "نیلوفر تهرانی"
SECRETS = (
    "Fərid",
    "Hüseynov",
    "HÜSEYNOV",
    "ferid@other.example",
    "555 12 34",
    "5551234",
    "Xəzər Yel",
    "PO-7788",
    "نیلوفر",
    "تهرانی",
)
INTERNAL_WORDS = ("Which of the two shifts", "Quality:", "hurry")


def letters(text):
    """Return a text as one word of plain letters, since printing breaks lines."""
    return re.sub(r"[\W_]+", "", base_letters(text)[0].replace("\u00ad", ""))


@tagged("post_install", "-at_install")
class TestEightdPrint(EightdCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in LANGS:
            cls.env["res.lang"]._activate_lang(lang)
        company = cls.env["res.partner"].create(
            {"name": COMPANY, "is_company": True, "vat": "1400057421"}
        )
        cls.stranger = cls.env["res.partner"].create(
            {
                "name": PERSON,
                "parent_id": company.id,
                "email": "ferid@other.example",
                "phone": "+994 50 555 12 34",
            }
        )
        cls.persian = cls.env["res.partner"].create({"name": PERSIAN})
        cls._fill_report()
        cls.other = cls._new_case(
            subject="My kettle melts as well",
            partner_id=cls.stranger.id,
            order_ref="PO-7788",
        )
        cls.third = cls._new_case(subject="Mine too", partner_id=cls.persian.id)
        for case in cls.other | cls.third:
            case.with_user(cls.manager).write(
                {
                    "eightd_reference_id": cls.report.id,
                    "eightd_reference_reason": "Same lot",
                }
            )

    @classmethod
    def _fill_report(cls):
        report = cls.report
        report.subject = f"Lid melts ({COMPANY})"
        told = f"{PERSON} of Xəzər Yel and {PERSIAN} reported it first"
        step = cls._step(report, "d0")
        step.content = f"<p>{told}, 050 555 12 34.</p>"
        step.action_submit()
        cls._send_back(report, "d0", f"Which of the two shifts? Ask {PERSON}.")
        step.content = (
            f"<p>{told}, 050 555 12 34, FERİD@other.example, order PO-7788;"
            " <b>Xəzər</b> <i>Yel</i> has 12 more.</p>"
        )
        step.action_submit()
        cls._sign(report, "d0")
        report.why_ids = [
            Command.create({"question": f"Why at {COMPANY}?", "answer": "Wrong resin"})
        ]
        report.cause_ids = [
            Command.create(
                {
                    "name": f"Resin of the lot that Xəzər Yel got, says {PERSON}",
                    "branch_id": cls.env["complaint.ishikawa.branch"]
                    .search([], limit=1)
                    .id,
                }
            )
        ]
        for code in ("d1", "d2", "d3", "d4", "d5"):
            cls._provide(report, code)
            if code == "d3":
                report.containment_ids.note = f"Store of {COMPANY}"
            if code == "d5":
                report.action_ids[0].name = f"Sensor, shown to {PERSON}"
            cls._hand_in(report, code)
            cls._sign(report, code)
        cls._step(report, "d6").content = "<p>We are in a hurry with this draft.</p>"
        report.with_user(cls.manager).override_reason = "We are in a hurry"

    # Builds of wkhtmltopdf without headers say so.
    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def _print(self, xmlid, record, user=None, lang=None):
        """Return the text of the printed pages, after the PDF."""
        reports = self.env["ir.actions.report"].with_user(user or self.investigator)
        reports = reports.with_context(
            force_report_rendering=True, lang=lang or "en_US"
        )
        content, kind = reports._render_qweb_pdf(xmlid, record.ids)
        self.assertEqual(kind, "pdf")
        return extract_text(io.BytesIO(content))

    def _assert_nobody_else(self, text, secrets=SECRETS):
        printed = letters(text)
        # no tag is printed as a word
        self.assertNotIn(
            "</bdi>", text.replace("\n", "") if "<html" not in text else ""
        )
        for secret in secrets:
            for way in (letters(secret), letters(secret)[::-1]):
                self.assertNotIn(way, printed, secret)

    def _html(self, xmlid, record, user=None, lang="en_US"):
        reports = self.env["ir.actions.report"].with_user(user or self.investigator)
        html, __ = reports.with_context(lang=lang)._render_qweb_html(xmlid, record.ids)
        return html.decode()

    # -- what stands in it -----------------------------------------------------------
    def test_internal_version_has_all_of_it(self):
        text = self._print(INTERNAL, self.report)
        printed = letters(text)
        for words in (
            self.report.name,
            self.case.name,
            "D3 Containment",
            "Blocked and sorted",
            "Cause detection_systemic",
            "Wrong resin",
            "Which of the two shifts",
            "We are in a hurry with this draft",
            PERSON,
            "Member",
        ):
            self.assertIn(letters(words), printed, words)

    def test_customer_version_shows_what_is_signed_and_nobody_else(self):
        text = self._print(CUSTOMER, self.report)
        printed = letters(text)
        for words in (
            self.report.name,
            self.case.name,
            self.customer.name,
            self.case.subject,
            "Blocked and sorted",
            "Cause detection_systemic",
            "Wrong resin",
            "Member",
        ):
            self.assertIn(letters(words), printed, words)
        self._assert_nobody_else(text)
        for words in (*INTERNAL_WORDS, self.other.name, self.third.name):
            self.assertNotIn(letters(words), printed, words)

    def test_customer_version_in_four_languages(self):
        for lang in LANGS:
            with self.subTest(lang=lang):
                self.case.lang = lang
                text = self._print(CUSTOMER, self.report)
                self.assertIn(letters("result of d3"), letters(text))
                self._assert_nobody_else(text)
                html = self._html(CUSTOMER, self.report)
                self._assert_nobody_else(html)
                is_rtl = 'class="page" dir="rtl"' in html
                self.assertEqual(is_rtl, lang == "fa_IR")
                if is_rtl:
                    self.assertRegex(html, "[۰-۹]{4}")

    def test_internal_version_in_four_languages(self):
        for lang in LANGS:
            with self.subTest(lang=lang):
                text = self._print(INTERNAL, self.report, lang=lang)
                self.assertIn(letters("result of d3"), letters(text))
                html = self._html(INTERNAL, self.report, lang=lang)
                self.assertEqual('dir="rtl"' in html, lang == "fa_IR")

    def test_customer_of_another_complaint_reads_nothing_of_the_first(self):
        """The report is Aysel's; Fərid gets it without her, and with his own words."""
        step = self._step(self.report, "d5")
        self.assertEqual(step.state, "accepted")
        self.report.sudo().subject = f"Lid melts ({self.customer.name})"
        self._send_back(self.report, "d0", "Again")
        self._step(
            self.report, "d0"
        ).content = "<p>Aysel Kazımova and Fərid called.</p>"
        self._step(self.report, "d0").action_submit()
        self._sign(self.report, "d0")
        text = self._print(OF_CASE, self.other)
        printed = letters(text)
        self._assert_nobody_else(
            text,
            ("Aysel", "Kazımova", "aysel@customer.example", self.case.name, "نیلوفر"),
        )
        for words in (self.other.name, "Fərid", "Blocked and sorted"):
            self.assertIn(letters(words), printed, words)

    def test_anonymous_customer_is_not_named(self):
        self.case.is_anonymous = True
        text = self._print(CUSTOMER, self.report)
        self.assertNotIn(letters("Kazımova"), letters(text))

    def test_costs_are_in_neither_version(self):
        fields_ = self.env["complaint.case"]._fields
        for xmlid in (INTERNAL, CUSTOMER):
            html = self._html(xmlid, self.report)
            for name in fields_:
                if "cost" in name:
                    self.assertNotIn(f'"{name}"', html)

    # -- who prints ------------------------------------------------------------------
    def test_handler_of_the_case_prints_outsider_doesnt(self):
        self.assertTrue(self._html(CUSTOMER, self.report, self.handler))
        outsider = self._new_user("handler", "nobody")
        with self.assertRaises(AccessError):
            self._html(CUSTOMER, self.report, outsider)

    def test_who_may_not_read_the_report_prints_it_for_no_other_complaint(self):
        far_team = self.env["complaint.team"].create(
            {"name": "Far", "member_ids": [(6, 0, self.other_handler.ids)]}
        )
        self.other.write({"team_id": far_team.id, "user_id": self.other_handler.id})
        with self.assertRaises(AccessError):
            self._html(OF_CASE, self.other, self.other_handler)

    def test_case_without_report_says_so(self):
        with self.assertRaises(UserError):
            self._new_case()._get_printed_eightds()

    def test_texts_stay_where_there_is_no_other_customer(self):
        (self.other | self.third).with_user(self.manager).eightd_reference_id = False
        html = self._html(CUSTOMER, self.report)
        self.assertIn("<b>Xəzər</b>", html)
        self.assertIn("555 12 34", html)
