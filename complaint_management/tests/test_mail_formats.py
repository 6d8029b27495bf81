from email.message import EmailMessage

from odoo.tests import tagged
from odoo.tools import mute_logger

from .mail_common import CUSTOMER, MINIMAL, MailCommon
from .tnef_maker import make_tnef


@tagged("post_install", "-at_install")
class TestMailFormats(MailCommon):
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

    # -- what is missing or broken ----------------------------------------------------
    def test_mail_in_seven_bits_is_read(self):
        for name in ("utf-7", "unicode-1-1-utf-7"):
            with self.subTest(name):
                raw = MINIMAL + b"Subject: x\nContent-Type: text/plain; charset="
                raw += name.encode() + b"\n\nSoba +AV8-ikay+AT8- " + name.encode()
                case, kept = self._process(raw)
                self.assertFalse(kept, kept.detail)
                self.assertEqual(case.description.strip(), f"Soba şikayĿ {name}")

    def test_broken_names_of_charsets_do_no_harm(self):
        words = "Soba işləmir, şikayət edirəm. Ocağın qapısı bağlanmır."
        for name in ("uft-8", "charset=utf-8", "invalid", '""', "base64", "; x=y"):
            with self.subTest(name):
                raw = MINIMAL + f"Content-Type: text/plain; charset={name}\n".encode()
                case, kept = self._process(raw + b"\n" + words.encode())
                self.assertFalse(kept, kept.detail)
                self.assertEqual(case.description.strip(), words)

    def test_bad_base64_loses_no_mail(self):
        for body in (b"T3ZlbiBpcyBjb2xk!!!", b"T3ZlbiBpcyBjb2x", b"@@@@", b"\xff\xfe"):
            with self.subTest(body):
                raw = MINIMAL + b"Content-Transfer-Encoding: base64\n\n" + body
                case, kept = self._process(raw)
                self.assertEqual(len(case) + len(kept), 1)
        raw = MINIMAL + b"Content-Transfer-Encoding: base64\n\nT3ZlbiBp\ncyBjb2xk!\n"
        self.assertIn("Oven is cold", self._process(raw)[0].description)

    def test_missing_boundary_is_plain_text(self):
        raw = MINIMAL + b"Content-Type: multipart/mixed\n\nThe door fell off\n"
        case, kept = self._process(raw)
        self.assertFalse(kept, kept.detail)
        self.assertIn("The door fell off", case.description)

    def test_boundary_that_never_ends_loses_no_part(self):
        raw = MINIMAL + (
            b'Content-Type: multipart/mixed; boundary="b"\n\n'
            b"--b\nContent-Type: text/plain\n\nThe door\n"
            b"--b\nContent-Disposition: attachment; filename=a.txt\n\nfell off"
        )
        case, __ = self._process(raw)
        self.assertIn("The door", case.description)
        self.assertIn(b"fell off", self._files(case)["a.txt"])

    def test_sender_without_address_opens_case(self):
        for sender in ("Somebody", '"Somebody" <>', None, "<<>>", "a@b@c"):
            with self.subTest(sender=sender):
                raw = self._mail(f"from {sender}", From=sender, Message_Id=None)
                case, kept = self._process(raw)
                self.assertFalse(kept, kept.detail)
                self.assertEqual(case.description.strip(), f"from {sender}")
                if sender != "a@b@c":
                    self.assertFalse(case.email_normalized)
                    self.assertEqual(case.acknowledge_state, "none")

    def test_mail_without_subject_gets_one(self):
        case, __ = self._process(self._mail(Subject=None))
        self.assertEqual(case.subject, "(no subject)")

    def test_mail_that_is_only_a_file_opens_case(self):
        raw = MINIMAL + (
            b"Subject: Photo\nContent-Type: image/png; name=oven.png\n"
            b"Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
        )
        case, kept = self._process(raw)
        self.assertFalse(kept, kept.detail)
        self.assertEqual(self._files(case), {"oven.png": b"\x89PNG\r\n\x1a\n"})
        self.assertFalse((case.description or "").strip())

    def test_attached_mails_keep_their_words_and_files(self):
        inner = EmailMessage()
        inner["From"], inner["Subject"] = "x@shop.example", "Inner şikayət"
        inner.set_content("The words inside")
        inner.add_attachment(b"deep", maintype="a", subtype="b", filename="deep.bin")
        middle = EmailMessage()
        middle["Subject"] = "Middle"
        middle.add_attachment(inner)
        outer = EmailMessage()
        outer["From"], outer["To"], outer["Subject"] = CUSTOMER, self.alias, "Outer"
        outer.set_content("See below")
        outer.add_attachment(middle)
        case, kept = self._process(outer.as_bytes())
        self.assertFalse(kept, kept.detail)
        self.assertIn("See below", case.description)
        contents = b"".join(self._files(case).values())
        self.assertIn(b"The words inside", contents)
        self.assertIn(b"deep", self._files(case).get("deep.bin", contents))

    # -- winmail.dat ------------------------------------------------------------
    def _process_lump(self, lump, text="See the file.", name="winmail.dat"):
        raw = self._mail_with((lump, "application/ms-tnef", name), text=text)
        case, kept = self._process(raw)
        self.assertFalse(kept, kept.detail)
        return case

    def test_lump_of_outlook_is_unpacked_and_kept(self):
        photo = bytes(range(256)) * 50
        lump = make_tnef(files=[("soba şəkli.jpg", photo), ("note.txt", b"cold")])
        files = self._files(self._process_lump(lump))
        self.assertEqual(
            files,
            {"winmail.dat": lump, "soba şəkli.jpg": photo, "note.txt": b"cold"},
        )

    def test_words_in_lump_are_taken_when_the_mail_has_none(self):
        case = self._process_lump(make_tnef(text="Soba işləmir"), text="")
        self.assertEqual(case.description.strip(), "Soba işləmir")
        self.assertIn("Soba işləmir", case.message_ids[-1].body)

    def test_script_in_lump_is_taken_out(self):
        html = "<p>cold</p><script>alert(1)</script><a onclick='x()'>y</a>"
        case = self._process_lump(make_tnef(html=html), text="")
        self.assertIn("cold", case.message_ids[-1].body)
        for evil in ("script", "onclick"):
            self.assertNotIn(evil, case.message_ids[-1].body)

    def test_words_of_mail_win_over_those_in_lump(self):
        case = self._process_lump(make_tnef(text="other"), text="The words")
        self.assertEqual(case.description.strip(), "The words")

    def test_broken_lump_loses_nothing(self):
        lump = make_tnef(files=[("a.txt", b"first")])
        for content in (lump[:40], lump[:10], b"\x78\x9f\x3e\x22", lump[4:]):
            with self.subTest(content[:12]):
                raw = self._mail_with(
                    (content, "application/ms-tnef", "winmail.dat"), Message_Id=None
                )
                case, kept = self._process(raw)
                self.assertFalse(kept, kept.detail)
                self.assertEqual(self._files(case)["winmail.dat"], content)
