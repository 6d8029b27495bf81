import io
import zipfile

from odoo.tests import BaseCase, tagged

from ..tools import upload
from ..tools.memory_throttle import MemoryThrottle


def archive(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in names:
            target.writestr(name, "x")
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_upload_office_files_by_content(self):
        docx = archive("[Content_Types].xml", "word/document.xml")
        self.assertIn("wordprocessing", upload.check("a.DOCX", docx))
        macro = archive("[Content_Types].xml", "word/vbaProject.bin")
        for name, content, code in (
            ("a.xlsx", docx, "content"),
            ("a.docx", macro, "macro"),
            ("a.docx", b"PK\x03\x04broken", "content"),
            ("a.docm", macro, "type"),
        ):
            with self.assertRaises(upload.UploadError) as caught:
                upload.check(name, content)
            self.assertEqual(caught.exception.code, code, name)

    def test_upload_texts_in_any_script_are_welcome(self):
        for text in ("Şikayət, çox pis", "شکایت دارم", "3 < 4 and 5 > 4"):
            self.assertEqual(upload.check("a.txt", text.encode()), "text/plain")
        self.assertEqual(upload.check("a.csv", "a;b".encode("cp1254")), "text/csv")

    def test_upload_names_are_made_safe(self):
        for name, expected in (
            ("C:\\fotos\\a.png", "a.png"),
            ("../../etc/passwd", "passwd"),
            ("a\u202egnp.exe", "a_gnp.exe"),
            ('a"b\nc.png', "a_b_c.png"),
            ("", "file"),
            ("...", "file"),
            ("şəkil ۱.jpg", "şəkil ۱.jpg"),
        ):
            self.assertEqual(upload.clean_name(name), expected)
        self.assertLess(len(upload.clean_name("x" * 5000 + ".png")), 140)

    def test_throttle_counts_per_key_and_forgets_after_the_window(self):
        now = [0]
        throttle = MemoryThrottle(2, 10, clock=lambda: now[0])
        self.assertTrue(throttle.hit("a"))
        self.assertTrue(throttle.hit("a"))
        self.assertFalse(throttle.is_open("a"))
        self.assertFalse(throttle.hit("a"))
        self.assertTrue(throttle.is_open("b"))
        now[0] = 11
        self.assertTrue(throttle.hit("a"))

    def test_throttle_memory_is_bounded(self):
        throttle = MemoryThrottle(2, 10, max_keys=5)
        for number in range(1000):
            throttle.hit(number)
        self.assertEqual(len(throttle._windows), 5)
