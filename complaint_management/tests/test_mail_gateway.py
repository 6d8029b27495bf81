import base64
from contextlib import contextmanager
from email.message import EmailMessage
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.mail.tests.common import mail_new_test_user

from .common import GROUP, ComplaintCommon

CUSTOMER = "Aysel Kazımova <aysel@customer.example>"
MINIMAL = b"From: a@customer.example\nTo: baku-complaints@complaints.example\n"


@tagged("post_install", "-at_install")
class TestMailGateway(ComplaintCommon):
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

    # -- cases ---------------------------------------------------------------------
    def test_mail_from_stranger_opens_case(self):
        case, kept = self._process(
            self._mail(From="Leyla Həsənova <leyla@new.example>")
        )
        self.assertFalse(kept)
        self.assertRegex(case.name, r"^CMP/\d{4}/\d{5}$")
        self.assertEqual(case.subject, "Cold oven")
        self.assertEqual(case.description.strip(), "The oven is cold.")
        self.assertEqual(case.partner_name, "Leyla Həsənova")
        self.assertEqual(case.email_normalized, "leyla@new.example")
        self.assertEqual(case.team_id, self.team)
        self.assertEqual(case.channel_id.code, "email")
        self.assertEqual(case.acknowledge_state, "queued")

    def test_mail_of_known_customer_links_them(self):
        case, __ = self._process(self._mail())
        self.assertEqual(case.partner_id, self.customer)

    def test_mail_to_team_of_other_company_opens_case_there(self):
        company = self.env["res.company"].create({"name": "Plant Türkiye"})
        team = self.env["complaint.team"].create(
            {"name": "Bursa", "company_id": company.id, "alias_name": "bursa"}
        )
        team.alias_id.alias_domain_id = self.domain
        case, kept = self._process(self._mail(To=team.alias_id.alias_full_name))
        self.assertFalse(kept, kept.detail)
        self.assertEqual(case.company_id, company)
        self.assertEqual(case.team_id, team)

    def test_mail_twice_counts_once(self):
        raw = self._mail()
        self._process(raw)
        with self._nothing_new():
            self._process(raw)

    def test_mail_without_message_id_twice_counts_once(self):
        raw = self._mail(Message_Id=None)
        case, __ = self._process(raw)
        self.assertTrue(case)
        with self._nothing_new():
            self._process(raw)

    def test_mail_again_over_another_way_counts_once(self):
        self._process(self._mail())
        with self._nothing_new():
            self._process(b"Received: from relay\nX-Spam: 0\n" + self._mail())

    def test_mail_other_text_same_message_id_waits_for_person(self):
        self._process(self._mail())
        case, kept = self._process(self._mail("Something else altogether"))
        self.assertFalse(case)
        self.assertEqual((kept.kind, kept.reason), ("quarantine", "duplicate"))
        kept.with_user(self.handler).action_retry()
        self.assertIn("Something else", kept.case_id.description)

    # -- answers --------------------------------------------------------------------
    def test_answer_with_reference_joins_case(self):
        case, __ = self._process(self._mail())
        answer = self._mail(
            "It is still cold.",
            Message_Id="<answer@test>",
            In_Reply_To=case.message_ids[-1].message_id,
        )
        joined, __ = self._process(answer)
        self.assertEqual(joined, case)
        self.assertIn("still cold", case.message_ids[0].body)

    def test_answer_with_number_of_participant_joins_case(self):
        case, __ = self._process(self._mail())
        joined, __ = self._process(
            self._mail("More", Message_Id="<more@test>", Subject=f"RE: {case.name}")
        )
        self.assertEqual(joined, case)

    def test_answer_with_number_of_stranger_opens_own_case(self):
        case, __ = self._process(self._mail())
        other, __ = self._process(
            self._mail(
                "Let me in",
                Message_Id="<let@test>",
                From="mallory@elsewhere.example",
                Subject=f"Re: {case.name}",
            )
        )
        self.assertTrue(other)
        self.assertNotEqual(other, case)

    # -- machines -------------------------------------------------------------------
    def test_automatic_mail_opens_nothing_and_is_kept(self):
        for reason, headers in (
            ("auto_submitted", {"Auto_Submitted": "auto-replied (vacation)"}),
            ("auto_submitted", {"X_Autoreply": "yes"}),
            ("auto_submitted", {"Precedence": "auto_reply"}),
            ("auto_submitted", {"Return_Path": "<>"}),
            ("bounce", {"From": "MAILER-DAEMON@relay.example"}),
            ("bounce", {"From": "MAILER-DAEMON"}),
            ("bounce", {"From": "noreply@x.example", "X_Failed_Recipients": "a@b.c"}),
            (
                "bulk",
                {"Precedence": "bulk", "List_Unsubscribe": "<mailto:u@x.example>"},
            ),
        ):
            with self.subTest(headers=headers):
                case, kept = self._process(self._mail(Message_Id=None, **headers))
                self.assertFalse(case)
                self.assertEqual((kept.kind, kept.reason), ("automatic", reason))
                self.assertFalse(self._find_cases("Cold oven"))

    def test_mail_perhaps_by_person_waits_for_person(self):
        for reason, headers in (
            ("bulk", {"Precedence": "bulk"}),
            ("mailing_list", {"List_Id": "complaints <complaints.our.example>"}),
        ):
            with self.subTest(headers=headers):
                case, kept = self._process(self._mail(Message_Id=None, **headers))
                self.assertFalse(case)
                self.assertEqual((kept.kind, kept.reason), ("quarantine", reason))

    def test_mail_by_person_is_not_taken_for_automatic(self):
        for headers in (
            {"From": "Shop <noreply@shop.example>"},
            {"From": "Postmaster <postmaster@small-firm.example>"},
            {"Auto_Submitted": "no"},
            {"X_Autoreply": "no"},
            {"Precedence": "first-class"},
            {"X_Auto_Response_Suppress": "All"},
            {"Subject": "Automatic doors don't open"},
        ):
            with self.subTest(headers=headers):
                case, kept = self._process(self._mail(Message_Id=None, **headers))
                self.assertTrue(case)
                self.assertFalse(kept)

    def test_delivery_report_marks_message_that_did_not_arrive(self):
        case = self._new_case()
        message = case.message_post(
            body="Answer", partner_ids=self.customer.ids, message_type="comment"
        )
        report = (
            f"From: MAILER-DAEMON@relay.example\nTo: {self.alias}\n"
            "Subject: Undelivered\nMessage-Id: <bounce@relay>\n"
            "MIME-Version: 1.0\nContent-Type: multipart/report; "
            'report-type=delivery-status; boundary="b"\n\n'
            "--b\nContent-Type: text/plain\n\nNo such user\n"
            "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
            "Final-Recipient: rfc822; aysel@customer.example\nAction: failed\n\n"
            f"--b\nContent-Type: message/rfc822\n\nMessage-Id: {message.message_id}\n"
            "Subject: Answer\n\nAnswer\n--b--\n"
        )
        __, kept = self._process(report.encode())
        self.assertEqual((kept.kind, kept.reason), ("automatic", "bounce"))
        self.assertEqual(message.notification_ids.notification_status, "bounce")

    # -- letters of all kinds -------------------------------------------------------
    def test_letters_survive_whatever_the_charset_says(self):
        text = "Soba işləmir, şikayət edirəm. Ocağın qapısı bağlanmır, çox pisdir."
        turkish = (
            "Fırın ısıtmıyor, şikayetçiyim. Çağrı merkezine ulaşamadım, gün geçti."
        )
        persian = "اجاق گاز کار نمی‌کند و من شکایت دارم"
        for charset, declared, words in (
            ("utf-8", "utf-8", text),
            ("utf-8", None, text),
            ("utf-8", "us-ascii", text),
            ("utf-8", "x-unknown", persian),
            ("utf-8", "iso-8859-9", turkish),
            ("windows-1254", "windows-1254", turkish),
            ("iso-8859-9", "iso-8859-9", turkish),
            ("windows-1256", "windows-1256", "شكوى من المنتج"),
            ("windows-1251", "windows-1251", "Плита не работает"),
        ):
            with self.subTest(charset=charset, declared=declared):
                kind = f"; charset={declared}" if declared else ""
                raw = MINIMAL + f"Subject: x\nContent-Type: text/plain{kind}\n".encode()
                raw += b"Content-Transfer-Encoding: 8bit\n\n" + words.encode(charset)
                case, kept = self._process(raw)
                self.assertFalse(kept, kept.mapped("detail"))
                self.assertEqual(case.description.strip(), words)

    def test_bare_letters_in_subject_survive(self):
        raw = MINIMAL + "Subject: Şikayət: soba\n\nx".encode()
        self.assertEqual(self._process(raw)[0].subject, "Şikayət: soba")
        raw = MINIMAL + "Subject: Жалоба на плохую плиту\n\ny".encode("windows-1251")
        self.assertEqual(self._process(raw)[0].subject, "Жалоба на плохую плиту")

    def test_files_survive_bit_by_bit(self):
        message = EmailMessage()
        message["From"], message["To"] = CUSTOMER, self.alias
        message["Subject"] = "Photo"
        message.set_content("See the photo")
        content = bytes(range(256)) * 40
        message.add_attachment(
            content, maintype="image", subtype="jpeg", filename="soba şəkli.jpg"
        )
        case, __ = self._process(message.as_bytes())
        attachment = case.message_ids.attachment_ids
        self.assertEqual(attachment.name, "soba şəkli.jpg")
        self.assertEqual(attachment.raw, content)
        self.assertEqual(
            (attachment.res_model, attachment.res_id), (case._name, case.id)
        )

    def test_part_of_unknown_type_is_kept_as_file(self):
        raw = MINIMAL + (
            b'Content-Type: multipart/mixed; boundary="b"\n\n'
            b"--b\nContent-Type: text/plain\n\nHello\n"
            b"--b\nContent-Type: strange/thing\n\npayload\n--b--\n"
        )
        case, kept = self._process(raw)
        self.assertFalse(kept, kept.detail)
        self.assertEqual(case.message_ids.attachment_ids.raw.strip(), b"payload")

    def test_text_behind_wrong_boundary_is_found(self):
        raw = MINIMAL + (
            b'Content-Type: multipart/alternative; boundary="announced"\n\n'
            b"--real\nContent-Type: text/plain\n\nThe door fell off\n--real--\n"
        )
        case, __ = self._process(raw)
        self.assertEqual(case.description.strip(), "The door fell off")

    # -- the unreadable ---------------------------------------------------------------
    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_strange_mail_is_never_lost_nor_stops_the_gateway(self):
        nested = b"(" * 5000
        for name, raw in {
            "empty": b"",
            "no headers": b"just some words\n",
            "only zeros": b"\x00" * 1000,
            "coded zero": MINIMAL + b"Subject: =?utf-8?q?a=00b?=\n\nText",
            "kept zero": MINIMAL
            + b"Subject: =?utf-8?q?a=00b?=\nPrecedence: list\n\nText",
            "zeros": MINIMAL + b"Subject: a\x00b\n\nText with \x00 zeros",
            "headers": MINIMAL + b"X-A: b\n" * 10_000 + b"\nText",
            "references": MINIMAL + b"References:" + b" <a@b>" * 20_000 + b"\n\nText",
            "subject": MINIMAL + b"Subject: " + b"word " * 20_000 + b"\n\nText",
            "deep address": MINIMAL + b"Cc: " + nested + b"\n\nText",
            "groups": MINIMAL + b"Cc: " + b"a:" * 5000 + b"\n\nText",
            "newline": MINIMAL + b"Reply-To: =?utf-8?q?a=0Ab?= <x@y>\n\nText",
            "surrogates": MINIMAL + b"Subject: \xed\xa0\x80\xff\n\n\xed\xa0\x80\xff",
        }.items():
            with self.subTest(name):
                raw = b"Delivered-To: " + self.alias.encode() + b"\n" + raw
                case, kept = self._process(raw)
                self.assertEqual(len(case) + len(kept), 1)
                with self._nothing_new():
                    self._process(raw)

    def test_large_file_survives(self):
        message = EmailMessage()
        message["From"], message["To"] = CUSTOMER, self.alias
        message.set_content("Film of the noise")
        content = b"0123456789abcdef" * (25 * 65536)
        message.add_attachment(
            content, maintype="video", subtype="mp4", filename="v.mp4"
        )
        case, __ = self._process(message.as_bytes())
        self.assertEqual(case.message_ids.attachment_ids.file_size, len(content))

    def test_failure_while_creating_keeps_mail_and_transaction(self):
        cases = self.env.registry["complaint.case"]
        before = self.env["complaint.case"].search_count([])
        with patch.object(cases, "_wake_acknowledgement", side_effect=KeyError("x")):
            case, kept = self._process(self._mail())
        self.assertFalse(case)
        self.assertEqual((kept.kind, kept.reason), ("quarantine", "error"))
        self.assertEqual(base64.b64decode(kept.raw), self._mail())
        self.assertEqual(self.env["complaint.case"].search_count([]), before)
        self.assertEqual(kept.subject, "Cold oven")
        self.assertEqual(self.team.alias_id.alias_status, "not_tested")
        kept.with_user(self.handler).action_retry()
        self.assertEqual(kept.case_id.subject, "Cold oven")
        self.assertEqual(kept.state, "done")

    def test_loop_of_one_sender_is_kept_without_answer(self):
        mails = self.env["mail.mail"].search_count([])
        for number in range(25):
            self._process(self._mail(f"No. {number}", Message_Id=f"<{number}@loop>"))
        refused = self.failures.search([("reason", "=", "refused")])
        cases = self.env["complaint.case"].search(
            [("email_normalized", "=", "aysel@customer.example")]
        )
        self.assertEqual(len(cases), 20)
        self.assertEqual(len(refused), 5)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        refused[:1].with_user(self.handler).action_retry()
        self.assertTrue(refused[:1].case_id)

    def test_case_made_of_kept_mail_has_its_words_and_source(self):
        __, kept = self._process(self._mail(Auto_Submitted="auto-generated"))
        kept.with_user(self.handler).action_make_case()
        case = kept.case_id
        self.assertIn("The oven is cold.", case.description)
        self.assertEqual(case.email_normalized, "aysel@customer.example")
        files = self.env["ir.attachment"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id)]
        )
        self.assertEqual(files.mimetype, "message/rfc822")

    def test_retry_of_delivery_report_is_refused_in_clear_words(self):
        __, kept = self._process(self._mail(From="MAILER-DAEMON@relay.example"))
        with self.assertRaisesRegex(UserError, "delivery report"):
            kept.with_user(self.handler).action_retry()
        self.assertEqual(kept.state, "open")

    # -- rights -----------------------------------------------------------------------
    def test_mail_handed_over_by_portal_user_is_refused(self):
        portal = mail_new_test_user(
            self.env,
            login="complaint_portal_mail",
            groups=f"base.group_portal,{GROUP}integration",
        )
        with self._nothing_new(), self.assertRaises(AccessError):
            self.env["mail.thread"].with_user(portal).message_process(
                False, self._mail()
            )

    def test_mail_to_somebody_else_is_left_to_odoo(self):
        with self.assertRaises(ValueError):
            self.env["mail.thread"].message_process(
                False, self._mail(To="nobody@complaints.example")
            )
        self.assertFalse(self.failures.search([("subject", "=", "Cold oven")]))
