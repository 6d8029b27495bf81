"""On a legal matter the customer gets approved answers only, also where no screen is
between: programs over JSON-2, and colleagues who answer from their own mailbox."""

from email.message import EmailMessage

from test_json2_intake import Json2Common

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

LOGGERS = ("odoo.http", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install")
class TestApprovedAnswerRoutes(Json2Common):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,complaint_management.complaint_group_manager"
        cls.colleague = mail_new_test_user(
            cls.env,
            login="colleague",
            name="Colleague",
            email="colleague@complaints.example",
            groups=groups,
        )
        cls.key = cls._make_key(cls.colleague, hours=20)
        cls.customer = cls.env["res.partner"].create(
            {"name": "Leyla", "email": "leyla@customer.example"}
        )
        cls.case.partner_id = cls.customer
        cls.case.is_legal_risk = True

    def setUp(self):
        super().setUp()
        self.env.flush_all()

    def _words(self):
        """Return what the customer could read of the case, and mails to them."""
        self.env.invalidate_all()
        shown = self.case.message_ids.filtered(lambda m: not m.subtype_id.internal)
        return [str(body) for body in shown.mapped("body") if "pay you" in (body or "")]

    def _post(self, **values):
        body = {"ids": self.case.ids, "body": "We pay you everything", **values}
        return self._call("message_post", **body)

    @mute_logger(*LOGGERS)
    def test_free_words_over_json2_are_refused(self):
        for values in (
            {"subtype_xmlid": "mail.mt_comment"},
            {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"},
            {"partner_ids": self.customer.ids},
            {"subtype_xmlid": "mail.mt_note", "outgoing_email_to": "a@b.example"},
            {
                "subtype_xmlid": "mail.mt_comment",
                "context": {"complaint_cleared_mail": True},
            },
        ):
            answer = self._post(**values)
            self.assertGreaterEqual(answer.status_code, 400, values)
            self.assertEqual(self._words(), [], values)

    @mute_logger(*LOGGERS)
    def test_message_that_is_made_past_the_thread_is_refused(self):
        answer = self._call(
            "create",
            model="mail.message",
            vals_list=[
                {
                    "model": self.case._name,
                    "res_id": self.case.id,
                    "body": "We pay you everything",
                    "message_type": "comment",
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                }
            ],
        )
        self.assertGreaterEqual(answer.status_code, 400)
        self.assertEqual(self._words(), [])

    def test_note_over_json2_is_free(self):
        answer = self._post(subtype_xmlid="mail.mt_note")
        self.assertEqual(answer.status_code, 200, answer.text)
        self.env.invalidate_all()
        self.assertIn("We pay you everything", self.case.message_ids[0].body)

    def test_mail_of_a_colleague_is_kept_and_not_shown(self):
        """Refused like in the chatter, and nothing is lost: it waits in the list."""
        alias = self.case.team_id.alias_id
        alias.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "complaints.example", "company_ids": [(4, self.env.company.id)]}
        )
        alias.alias_name = alias.alias_name or "complaints"
        first = self.case.message_post(
            body="I will see you in court",
            message_type="email",
            author_id=self.customer.id,
        )
        mail = EmailMessage()
        mail["From"] = self.colleague.email_formatted
        mail["To"] = alias.alias_full_name
        mail["Subject"] = f"Re: {self.case.name}"
        mail["Message-Id"] = "<free.words@complaints.example>"
        mail["In-Reply-To"] = first.message_id
        mail.set_content("We pay you everything")
        known = self.env["complaint.intake.failure"].search([])
        self.env["mail.thread"].message_process(False, mail.as_bytes())
        self.assertEqual(self._words(), [])
        kept = self.env["complaint.intake.failure"].search([]) - known
        self.assertEqual(len(kept), 1)
        self.assertIn(self.case.name, kept.subject)
