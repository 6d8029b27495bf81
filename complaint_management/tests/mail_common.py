import email
import email.policy
from contextlib import contextmanager
from email.message import EmailMessage
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common import ComplaintCommon

CUSTOMER = "Aysel Kazımova <aysel@customer.example>"
MINIMAL = b"From: a@customer.example\nTo: baku-complaints@complaints.example\n"


class MailCommon(ComplaintCommon):
    """A team with a mail address, and mails to it; none goes out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "complaints.example", "company_ids": [(4, cls.env.company.id)]}
        )
        cls.team.alias_id.alias_domain_id = cls.domain
        cls.alias = cls.team.alias_id.alias_full_name
        cls.failures = cls.env["complaint.intake.failure"]

    def setUp(self):
        super().setUp()
        self.startPatcher(
            patch.object(
                IrMail_Server, "_connect__", side_effect=AssertionError("mail sent")
            )
        )

    def _mail(self, text="The oven is cold.", **headers):
        """Return the bytes of a mail to the team."""
        message = EmailMessage()
        values = {
            "From": CUSTOMER,
            "To": self.alias,
            "Subject": "Cold oven",
            "Message-Id": f"<{self.id()}@test>",
        }
        values |= {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in values.items():
            if value:
                message[name] = value
        message.set_content(text)
        return message.as_bytes()

    def _process(self, raw):
        """Hand a mail over; return (case, mails that were kept)."""
        known = self.failures.search([])
        case_id = self.env["mail.thread"].message_process(False, raw)
        return (
            self.env["complaint.case"].browse(case_id or []),
            self.failures.search([]) - known,
        )

    def _find_cases(self, subject):
        return self.env["complaint.case"].search([("subject", "=", subject)])

    @contextmanager
    def _nothing_new(self):
        models = ("complaint.case", "mail.message", "complaint.intake.failure")
        before = [self.env[model].search_count([]) for model in models]
        yield
        after = [self.env[model].search_count([]) for model in models]
        self.assertEqual(before, after)

    def _mail_with(self, *files, text="See the file.", **headers):
        """Return the bytes of a mail with files: (content, type, name)."""
        message = email.message_from_bytes(
            self._mail(text, **headers), policy=email.policy.SMTP
        )
        for content, kind, name in files:
            maintype, __, subtype = kind.partition("/")
            message.add_attachment(
                content, maintype=maintype, subtype=subtype, filename=name
            )
        return message.as_bytes()

    @staticmethod
    def _files(case):
        """Return {name: content} of the files of a case's mails."""
        return {file.name: file.raw for file in case.message_ids.attachment_ids}
