from odoo.tests import tagged

from .common import EXE, HTML, PDF, PNG, SVG, PortalCommon

BAD = {
    "photo.png": EXE,
    "setup.exe": EXE,
    "page.html": HTML,
    "page.txt": HTML,
    "drawing.svg": SVG,
    "drawing.png": SVG,
    "notes.txt": b"MZ not a text",
    "run.txt": b"#!/bin/sh\nrm -rf /",
    "empty.pdf": b"",
    "script.js": b"alert(1)",
    "photo.png.exe": PNG,
    "archive.zip": b"PK\x03\x04",
    "report.docx": b"PK\x03\x04 no office file",
    "report.pdf": PNG,
    "noending": PDF,
}


@tagged("post_install", "-at_install")
class TestUploads(PortalCommon):
    """The same limits on each way in."""

    def _ways(self):
        return {
            "message": (
                self.user_a,
                f"/my/complaints/{self.own_case.id}/message",
                {"message": "x"},
            ),
            "portal form": (self.user_a, "/my/complaints/new", self._form()),
            "public form": (None, "/complaint/new", self._form()),
            "answer": (
                self.supplier_user,
                f"/my/scars/{self.scar.id}/answer",
                {"root_cause": "R", "action": "save"},
            ),
        }

    def _files(self):
        return self.env["ir.attachment"].search_count(
            [("res_model", "in", ("complaint.case", "supplier.scar.answer"))]
        )

    def _refuse_everywhere(self, files, text):
        for way, (user, path, data) in self._ways().items():
            before = self._files(), self.env["complaint.case"].search_count([])
            response = self._post(path, data, files, user)
            after = self._files(), self.env["complaint.case"].search_count([])
            with self.subTest(way, files=[name for name, __ in files]):
                self.assertEqual(response.status_code, 422)
                self.assertEqual(before, after)
                self.assertIn(text, response.text)

    def test_bad_content_is_refused_everywhere(self):
        for name in ("photo.png", "page.html", "drawing.svg"):
            self._refuse_everywhere([(name, BAD[name])], name)

    def test_every_bad_kind_is_refused(self):
        user, path, data = self._ways()["message"]
        self._login(user)
        for name, content in BAD.items():
            before = self._files()
            response = self._post(path, data, [(name, content)])
            with self.subTest(name):
                self.assertEqual(response.status_code, 422)
                self.assertEqual(self._files(), before)

    def test_good_and_bad_files_together_are_refused_together(self):
        self._refuse_everywhere([("a.png", PNG), ("b.png", EXE)], "b.png")

    def test_thirty_megabytes_are_refused_everywhere(self):
        large = PDF + b" " * (30 * 1024 * 1024)
        self._refuse_everywhere([("large.pdf", large)], "is larger than 20 MB")

    def test_fifty_files_are_refused_everywhere(self):
        files = [(f"{number}.png", PNG) for number in range(50)]
        self._refuse_everywhere(files, "Send at most 10 files at once.")

    def test_limits_follow_the_settings(self):
        self.env.company.write(
            {"complaint_upload_max_files": 1, "complaint_upload_max_mb": 1}
        )
        two = [("a.png", PNG), ("b.png", PNG)]
        self._refuse_everywhere(two, "Send at most 1 files at once.")
        self._refuse_everywhere(
            [("a.pdf", PDF + b" " * 1024 * 1024)], "is larger than 1 MB"
        )

    def test_stored_type_comes_from_the_content(self):
        user, path, data = self._ways()["message"]
        self._post(path, data, [("../../etc/a\u202egnp.png", PNG)], user)
        file = self.own_case.message_ids[:1].attachment_ids
        self.assertEqual(file.mimetype, "image/png")
        self.assertNotIn("/", file.name)
        self.assertNotIn("\u202e", file.name)
