import io
import json
import subprocess
import sys
import tempfile
import tracemalloc
import zipfile
from email import message_from_bytes, policy
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import evidence_verify
from .common import ComplaintCommon

PDF = b"%PDF-1.4 not printed in this test"


class PackCase(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._new_case(
            partner_name="Aysel", description="شیشه شکست", user_id=cls.handler.id
        )
        cls.env["complaint.evidence"]._add(cls.case, [("şüşə.jpg", b"photo")])
        cls.case.message_post(
            body="Dear Aysel",
            subject="Answer",
            subtype_xmlid="mail.mt_comment",
            attachments=[("../../etc/passwd", b"a file of the conversation")],
        )
        cls.case.message_post(body="Only for us")
        cls.case.priority = "3"
        cls.case._journal_log("told", note="By phone")

    def _printed(self):
        return patch.object(
            type(self.env["ir.actions.report"]),
            "_render_qweb_pdf",
            lambda self, *args, **kwargs: (PDF, "pdf"),
        )

    def _pack(self, user=None):
        stream = io.BytesIO()
        with self._printed():
            manifest = self.case.with_user(user or self.manager)._write_evidence_pack(
                stream
            )
        stream.seek(0)
        return stream, manifest

    def _verify(self, stream):
        """Run the script of the pack itself on what was unpacked."""
        with tempfile.TemporaryDirectory() as folder:
            zipfile.ZipFile(stream).extractall(folder)
            ran = subprocess.run(
                [sys.executable, "-E", "-s", str(Path(folder) / "verify.py")],
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
            )
        return ran.returncode, ran.stdout + ran.stderr


@tagged("post_install", "-at_install")
class TestEvidencePack(PackCase):
    def test_pack_holds_all_and_its_script_verifies_it(self):
        stream, manifest = self._pack()
        archive = zipfile.ZipFile(stream)
        names = archive.namelist()
        for name in ("case.pdf", "promises.pdf", "journal.jsonl", "README.txt"):
            self.assertIn(name, names)
        files = {archive.read(n) for n in names if n.startswith("files/")}
        self.assertEqual(files, {b"photo", b"a file of the conversation"})
        self.assertFalse([n for n in names if ".." in n], "no way out of the folder")
        self.assertEqual(self._verify(stream), (0, self._verify(stream)[1]))
        self.assertTrue(self._verify(stream)[1].startswith("OK"))
        content = archive.read("manifest.json")
        self.assertEqual(
            evidence_verify.digest(io.BytesIO(content)), (manifest, len(content))
        )
        last = self.case.sudo().journal_entry_ids.sorted("chain_sequence")[-1]
        self.assertEqual((last.event, last.actor_id), ("evidence_pack", self.manager))
        self.assertIn(manifest, last.note)

    def test_messages_can_be_read_by_a_mail_program(self):
        archive = zipfile.ZipFile(self._pack()[0])
        mails = [
            message_from_bytes(archive.read(name), policy=policy.default)
            for name in archive.namelist()
            if name.endswith(".eml")
        ]
        answer = next(mail for mail in mails if mail["Subject"] == "Answer")
        self.assertIn("Dear Aysel", answer.get_content())
        self.assertEqual(answer["X-Complaint-Internal"], "no")
        self.assertIn(answer["X-Complaint-File"], archive.namelist())
        html = [archive.read(n) for n in archive.namelist() if n.endswith(".html")]
        self.assertEqual(len(html), len(mails))
        self.assertTrue(any(b"Only for us" in page for page in html))

    def test_every_tampering_is_found(self):
        stream = self._pack()[0]
        archive = zipfile.ZipFile(stream)
        content = {name: archive.read(name) for name in archive.namelist()}
        journal = [json.loads(line) for line in content["journal.jsonl"].splitlines()]
        manifest = json.loads(content["manifest.json"])
        tried = 0
        for name in content:
            if name != "manifest.json":
                changed = {**content, name: content[name] + b" "}
                self.assertIn(f"{name}: changed", self._check(changed))
                self.assertIn(
                    f"{name}: missing",
                    self._check({n: c for n, c in content.items() if n != name}),
                )
                tried += 1
        self.assertGreater(tried, 10)
        self.assertEqual(self._check({**content, "x": b""}), ["x: wasn't packed"])
        # Somebody who also writes a new manifest is found by the journal.
        told = next(n for n, entry in enumerate(journal) if entry["event"] == "told")
        for column, value in (("note", "By mail"), ("actor_id", 999), ("event", "x")):
            forged = [dict(entry) for entry in journal]
            forged[told][column] = value
            lines = "".join(f"{json.dumps(entry)}\n" for entry in forged).encode()
            files = [
                line
                if line["path"] != "journal.jsonl"
                else dict(
                    zip(
                        ("sha256", "size"),
                        evidence_verify.digest(io.BytesIO(lines)),
                        strict=True,
                    ),
                    path="journal.jsonl",
                )
                for line in manifest["files"]
            ]
            found = self._check(
                {
                    **content,
                    "journal.jsonl": lines,
                    "manifest.json": json.dumps({**manifest, "files": files}).encode(),
                }
            )
            self.assertEqual(len(found), 1)
            self.assertIn("journal.jsonl: complaint.case", found[0])

    def _check(self, content):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pack.zip"
            with zipfile.ZipFile(path, "w") as archive:
                for name, data in content.items():
                    archive.writestr(name, data)
            return evidence_verify.verify(path)

    def test_what_is_no_pack_is_said_to_be_none(self):
        with tempfile.NamedTemporaryFile(suffix=".zip") as file:
            file.write(b"nothing")
            file.flush()
            self.assertIn("no evidence pack", evidence_verify.verify(file.name)[0])

    def test_large_files_are_not_in_memory(self):
        self.env["ir.attachment"].create(
            {
                "name": "film.bin",
                "raw": bytes(96 * 1024 * 1024),
                "res_model": self.case._name,
                "res_id": self.case.id,
            }
        )
        self.env.invalidate_all()
        with tempfile.TemporaryFile() as stream, self._printed():
            tracemalloc.start()
            try:
                self.case.with_user(self.manager)._write_evidence_pack(stream)
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
        self.assertLess(peak, 48 * 1024 * 1024)

    def test_only_some_roles_make_it(self):
        for user in (self.manager, self.legal, self.auditor):
            self.assertTrue(self._pack(user)[1])
        for user in (self.handler, self.other_handler):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._pack(user)
        self.case.write({"is_confidential": True})
        with self.assertRaises(AccessError):
            self._pack(self.auditor)


@tagged("post_install", "-at_install")
class TestEvidencePackDownload(PackCase, HttpCase):
    def test_download_verifies_and_others_get_nothing(self):
        for user in (self.manager, self.handler):
            user.password = "evidence-pack"
        self.authenticate(self.manager.login, "evidence-pack")
        with self._printed():
            response = self.url_open(f"/complaint/evidence_pack/{self.case.id}")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/zip")
        code, text = self._verify(io.BytesIO(response.content))
        self.assertEqual(code, 0, text)
        self.authenticate(self.handler.login, "evidence-pack")
        with mute_logger("odoo.http"):
            refused = self.url_open(f"/complaint/evidence_pack/{self.case.id}")
        self.assertNotIn("zip", refused.headers["Content-Type"])
        self.assertEqual(refused.status_code, 403)
        self.assertEqual(self.url_open("/complaint/evidence_pack/0").status_code, 404)
