from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCommon

GREETINGS = {
    "en_US": ("Dear Aysel", "Dear customer", "ltr"),
    "az_AZ": ("Hörmətli Aysel", "Hörmətli müştərimiz", "ltr"),
    "tr_TR": ("Sayın Aysel", "Sayın müşterimiz", "ltr"),
    "fa_IR": ("Aysel", "مشتری گرامی", "rtl"),
}


@tagged("post_install", "-at_install")
class TestTemplates(ComplaintCommon):
    """Each mail is rendered in each language: a wrong field fails only then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in GREETINGS:
            cls.env["res.lang"]._activate_lang(code)
        # Of all that is installed, these alone have words in our mails and prints.
        cls.env["ir.module.module"]._load_module_terms(
            ["web", "mail", "complaint_management"], list(GREETINGS), overwrite=True
        )

    def _acknowledge(self, **values):
        case = self._new_case(partner_id=False, **values)
        return case, case._post_template(
            self.env.ref("complaint_management.mail_template_acknowledgement")
        )

    def test_acknowledgement_in_each_language_speaks_it(self):
        for code, (greeting, __, direction) in GREETINGS.items():
            with self.subTest(code):
                case, message = self._acknowledge(
                    lang=code,
                    partner_name="Aysel",
                    email_from="a@customer.example",
                )
                self.assertIn(greeting, message.body)
                self.assertIn(f'dir="{direction}"', message.body)
                self.assertIn(case.name, message.subject)
                self.assertNotIn("t-out", message.body)

    def test_acknowledgement_without_name_greets_politely(self):
        for code, (__, greeting, __) in GREETINGS.items():
            with self.subTest(code):
                __, message = self._acknowledge(
                    lang=code, email_from="nobody@customer.example"
                )
                self.assertIn(greeting, message.body)

    def test_each_mail_renders_in_each_language(self):
        templates = self.env["mail.template"].search([("model", "=", "complaint.case")])
        self.assertGreaterEqual(len(templates), 7)
        for template in templates:
            for code, (__, __, direction) in GREETINGS.items():
                with self.subTest(template=template.name, lang=code):
                    case = self._new_case(lang=code, decision="DECISION")
                    message = case._post_template(template)
                    self.assertIn(f'dir="{direction}"', message.body)
                    self.assertIn(case.name, message.subject + message.body)
                    self.assertNotIn("t-out", message.body)

    # -- initial report --------------------------------------------------------------
    def _render_initial_report(self, code, **context):
        case = self._new_case(lang=code, lot="Q7")
        report = (
            self.env["complaint.initial.report"]
            .with_user(self.handler)
            .with_context(**context)
            .create(
                {
                    "case_id": case.id,
                    "found": "Kabel boşdur\nvə istidir",
                    "done": "Yeni kabel",
                    "next_step": "Sabah zəng",
                }
            )
        )
        return case, report, report._render_pdf()

    def test_initial_report_in_each_language_has_all_and_its_direction(self):
        for code, (__, __, direction) in GREETINGS.items():
            with self.subTest(code):
                case, report, (name, content) = self._render_initial_report(code)
                html = content.decode()
                self.assertEqual(name.rpartition(".")[2], "html")
                for text in (case.name, "Kabel boşdur", "Yeni kabel", "Q7", "Handler"):
                    self.assertIn(text, html)
                self.assertRegex(html, rf'<div class="page" dir="{direction}"')
                self.assertRegex(html, rf'<body[^>]*dir="{direction}"')
                report.action_send()
                self.assertIn(f'dir="{direction}"', case.message_ids[0].body)

    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def test_initial_report_is_a_pdf(self):
        __, __, (name, content) = self._render_initial_report(
            "fa_IR", force_report_rendering=True
        )
        self.assertTrue(name.endswith(".pdf"), name)
        self.assertTrue(content.startswith(b"%PDF"))
