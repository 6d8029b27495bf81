from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import GROUP
from .mail_common import MailCommon


@tagged("post_install", "-at_install")
class TestMailGateway(MailCommon):
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
