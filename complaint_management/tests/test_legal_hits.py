import base64
import email
import email.policy
import io
import zipfile

from markupsafe import Markup

from odoo.tests import tagged

from .legal_common import THREAT, LegalCommon
from .mail_common import MailCommon

DOCX = (
    '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.'
    'openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>%s</w:t>'
    "</w:r></w:p></w:body></w:document>"
)


def docx(text):
    """Return the bytes of a document with one paragraph."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", DOCX % text)
    return file.getvalue()


def pdf(text):
    """Return the bytes of a document with one line."""
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawString(72, 720, text)
    canvas.save()
    return file.getvalue()


@tagged("post_install", "-at_install")
class TestLegalHits(LegalCommon):
    """What is found where, and what follows from it (LG-1, LG-2)."""

    def test_new_case_with_a_threat_is_a_legal_risk(self):
        case = self._new_case(subject="Avukatıma gidiyorum", description=THREAT)
        self.assertEqual(
            self._hits(case),
            [
                ("description", "Vəkilim"),
                ("description", "məhkəməyə"),
                ("subject", "Avukatıma"),
            ],
        )
        self.assertTrue(case.is_legal_risk)
        self.assertFalse(case.is_legal_risk_by_hand)
        self.assertEqual(case.legal_score, 30)
        hit = case.legal_hit_ids.filtered(lambda h: h.match == "məhkəməyə")
        self.assertEqual(THREAT[hit.start : hit.end], "məhkəməyə")
        self.assertEqual((hit.kind, hit.term_id.lang), ("court", "az"))
        self.assertIn("cavab gəlməsə, məhkəməyə verəcəyəm", hit.snippet)

    def test_priority_and_promises_follow_at_once(self):
        case = self._new_case(description=THREAT)
        self.assertEqual(case.priority, "3")
        self.assertFalse(case.is_priority_decided)
        self.assertIn("legal risk", case.priority_reasons)
        self.assertEqual(case.sla_policy_id.priority, "3")
        self.assertLess(case.sla_deadline, self._new_case().sla_deadline)

    def test_threats_in_a_batch_cost_no_query_each(self):
        def create(count):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases = self.env["complaint.case"].create(
                [{"subject": f"Court {n}", "description": THREAT} for n in range(count)]
            )
            self.env.flush_all()
            self.assertTrue(all(cases.mapped("is_legal_risk")))
            self.assertEqual(set(cases.mapped("legal_score")), {30})
            return self.env.cr.sql_log_count - before

        create(1)
        few, many = create(2), create(42)
        self.assertLess((many - few) / 40, 0.5, f"{few}, {many}")

    def test_ordinary_complaint_has_no_hit_and_no_alert(self):
        case = self._new_case()
        self.assertFalse(case.legal_hit_ids)
        self.assertFalse(case.is_legal_risk)
        self.assertFalse(case.activity_ids.filtered("automated"))

    def test_weak_words_are_noted_but_make_no_risk(self):
        case = self._new_case(description="I will post it on social media.")
        self.assertEqual(self._hits(case), [("description", "social media")])
        self.assertFalse(case.is_legal_risk)
        self.assertEqual(case.legal_score, 3)
        self.assertEqual(case.legal_words, "Press and public: social media")

    def test_same_term_in_several_places_counts_once(self):
        case = self._new_case(
            subject="Newspaper", description="Newspaper, newspapers and NEWSPAPERS"
        )
        self.assertEqual(case.legal_score, 5)
        self.assertEqual(len(case.legal_hit_ids), 3, "one a text and way of writing")

    def test_threshold_of_the_company_decides(self):
        self.env.company.complaint_legal_threshold = 3
        self.assertTrue(self._new_case(description="social media").is_legal_risk)
        self.env.company.complaint_legal_threshold = 50
        self.assertFalse(self._new_case(description=THREAT).is_legal_risk)

    def test_later_message_of_the_customer_is_searched(self):
        case = self._new_case()
        message = self._write(
            case, Markup("<p>Şikayətimi <b>prokuror</b>luğa yazdım</p>")
        )
        self.assertEqual(self._hits(case), [("message", "prokurorluğa")])
        self.assertEqual(case.legal_hit_ids.message_id, message)
        self.assertTrue(case.is_legal_risk)

    def test_what_colleagues_write_is_not_searched(self):
        case = self._new_case()
        self._answer(case, self.handler)
        case.with_user(self.handler).message_post(
            body="Our lawyer will see you in court",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        case.with_user(self.handler).message_post(body="He may go to court")
        self.assertFalse(case.legal_hit_ids)

    def test_intake_of_other_programs_is_searched_with_its_files(self):
        text = "Yarın savcılığa suç duyurusunda bulunacağım".encode("cp1254")
        [item] = self.env["complaint.case"].intake(
            [
                {
                    "channel": "whatsapp",
                    "subject": "Fırın",
                    "description": "Ekte",
                    "partner": {"name": "Ali", "email": "ali@customer.example"},
                    "attachments": [
                        {
                            "name": "not.txt",
                            "mimetype": "text/plain",
                            "data": base64.b64encode(text).decode(),
                        }
                    ],
                }
            ]
        )
        case = self.env["complaint.case"].browse(item["id"])
        self.assertIn("attachment", case.legal_hit_ids.mapped("source"))
        self.assertIn(("attachment", "savcılığa"), self._hits(case))
        self.assertTrue(case.is_legal_risk)

    def test_files_of_a_message_are_searched(self):
        for name, content, match in (
            ("letter.docx", docx("فردا با وکیلم به دادگاه می‌روم"), "وکیلم"),
            ("letter.pdf", pdf("You will hear from my attorney."), "attorney"),
            ("letter.txt", "Мы идём в суд".encode("cp1251"), "суд"),
            ("letter16.txt", "məhkəmədə".encode("utf-16"), "məhkəmədə"),
        ):
            with self.subTest(name):
                case = self._new_case()
                self._write(case, "See the file", attachments=[(name, content)])
                found = case.legal_hit_ids.filtered(lambda h, m=match: h.match == m)
                self.assertEqual(found.source, "attachment")
                self.assertEqual(found.attachment_id.name, name)
                self.assertTrue(case.is_legal_risk)

    def test_files_that_have_no_text_or_are_broken_stop_nothing(self):
        case = self._new_case()
        self._write(
            case,
            "Files",
            attachments=[
                ("a.pdf", b"%PDF-1.4 broken"),
                ("b.docx", b"PK\x03\x04 broken"),
                ("c.txt", bytes(range(256))),
                ("d.png", base64.b64decode(b"iVBORw0KGgo=")),
            ],
        )
        self.assertFalse(case.legal_hit_ids)

    def test_file_that_is_put_into_a_case_is_searched(self):
        case = self._new_case()
        self.env["ir.attachment"].with_user(self.handler).create(
            {
                "name": "letter.txt",
                "raw": "Sizi məhkəməyə verəcəyəm".encode(),
                "res_model": case._name,
                "res_id": case.id,
            }
        )
        self.assertEqual(self._hits(case), [("attachment", "məhkəməyə")])
        other = self._new_case()
        other.with_user(self.handler).message_post(
            body="Our letter", attachments=[("ours.txt", b"See you in court")]
        )
        self.assertFalse(other.legal_hit_ids)

    def test_evidence_of_what_a_customer_sent_is_searched(self):
        case = self._new_case()
        add = self.env["complaint.evidence"].with_user(self.handler)._add
        add(case, [("measure.txt", b"court")], kind="measurement")
        self.assertFalse(case.legal_hit_ids)
        add(case, [("letter.txt", b"See you in court")], kind="mail")
        self.assertEqual(self._hits(case), [("attachment", "court")])

    def test_text_that_is_changed_later_is_searched(self):
        case = self._new_case()
        case.with_user(self.handler).description = "He said: I will sue!"
        self.assertEqual(self._hits(case), [("description", "will sue")])
        self.assertTrue(case.is_legal_risk)

    def test_phone_call_is_searched(self):
        calls = self.env["complaint.call"].with_user(self.handler)
        call = calls.create(
            {
                "subject": "Fırın",
                "description": "Avukata gidecek",
                "partner_id": self.customer.id,
            }
        )
        call.action_open_case()
        self.assertEqual(self._hits(call.case_id), [("description", "Avukata")])

    def test_later_phone_call_is_searched(self):
        case = self._new_case()
        calls = self.env["complaint.call"].with_user(self.handler)
        call = calls.create(
            {"existing_case_id": case.id, "description": "Avukata gidecek"}
        )
        call.action_open_case()
        self.assertEqual(self._hits(case), [("message", "Avukata")])

    def test_words_are_marked_in_the_text(self):
        case = self._new_case(description="<b>You</b> & I: see you in court!\n\nBye")
        html = case.with_user(self.handler).legal_text_html
        self.assertIn(">court</mark>", html)
        self.assertIn("&lt;b&gt;You&lt;/b&gt; &amp; I", html)
        self.assertIn("Court or prosecutor (court)", html)
        self._write(case, "دادگاه می‌روم")
        self.assertIn(">دادگاه</mark>", case.legal_text_html)

    def test_merged_case_takes_its_words_along(self):
        risky, other = self._new_case(description=THREAT), self._new_case()
        risky._merge(other)
        self.assertTrue(other.is_legal_risk)
        self.assertEqual(other.legal_score, 20)
        self.assertFalse(risky.legal_hit_ids)


@tagged("post_install", "-at_install")
class TestLegalMail(MailCommon):
    """Mails are searched: the first one as the complaint, later ones as messages."""

    def _hits(self, case):
        return sorted((hit.source, hit.match) for hit in case.legal_hit_ids)

    def test_mail_opens_a_case_whose_words_are_found_once(self):
        case, __ = self._process(
            self._mail("Tezminat almasam mehkemeye gedirem.", Subject="Soba")
        )
        first = [("description", "Tezminat"), ("description", "mehkemeye")]
        self.assertEqual(self._hits(case), first)
        self.assertTrue(case.is_legal_risk)
        answer = self._mail(
            "Prokurora da yazdim.",
            Subject=f"Re: [{case.name}] Soba",
            Message_Id="<legal-2@test>",
        )
        self._process(answer)
        self.assertEqual(self._hits(case), [*first, ("message", "Prokurora")])

    def test_mail_with_a_letter_in_a_file(self):
        message = email.message_from_bytes(
            self._mail("Xahiş edirəm, məktuba baxın."), policy=email.policy.default
        )
        message.add_attachment(
            docx("Təzminat tələb edirəm"),
            maintype="application",
            subtype="vnd.openxmlformats-officedocument.wordprocessingml.document",
            filename="letter.docx",
        )
        case, __ = self._process(message.as_bytes())
        self.assertEqual(self._hits(case), [("attachment", "Təzminat")])
