import base64
import hashlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ComplaintCommon

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6"
    "kgAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestEvidence(ComplaintCommon):
    """Files that prove something: nothing is silently replaced (FL-4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._new_case()

    def _add(self, name="scorch.png", content=PNG, user=None, **values):
        lines = self.env["complaint.evidence"].with_user(user or self.handler)
        return lines._add(
            self.case.with_user(user or self.handler), [(name, content)], **values
        )

    def test_line_says_who_when_step_and_hash(self):
        self.case.stage_id = self._stage("triage")
        line = self._add(kind="photo")
        self.assertEqual(line.checksum, hashlib.sha256(PNG).hexdigest())
        self.assertEqual((line.added_by_id, line.phase), (self.handler, "triage"))
        self.assertEqual(line.attachment_id.raw, PNG)
        self.assertFalse(line.is_customer_visible)
        self.assertEqual(line.mimetype, "image/png")
        entry = self.case.journal_entry_ids[0]
        self.assertEqual(entry.event, "evidence_added")
        self.assertIn(line.checksum, entry.note)

    def test_new_version_keeps_the_old_one(self):
        old = self._add()
        new = old._replace("better.png", PNG + b"x")
        self.assertEqual(old.replaced_by_id, new)
        self.assertEqual((old.version, new.version), (1, 2))
        self.assertEqual(old.attachment_id.with_user(self.handler).raw, PNG)
        self.assertEqual(self.case.evidence_count, 1)
        with self.assertRaises(UserError):
            old._replace("third.png", PNG)

    def test_lines_change_by_no_route(self):
        line = self._add()
        for user in (self.handler, self.manager):
            as_user = line.with_user(user)
            for vals in (
                {"checksum": "x"},
                {"attachment_id": False},
                {"added_at": "2020-01-01 00:00:00"},
                {"name": "Other"},
                {"case_id": self._new_case().id},
                {"replaced_by_id": line.id},
            ):
                with self.subTest(vals), self.assertRaises(AccessError):
                    as_user.write(vals)
            with self.assertRaises(AccessError):
                as_user.unlink()
            with self.assertRaises(AccessError):
                as_user.create({"case_id": self.case.id, "name": "x"})
        for vals in ({"checksum": "x"}, {"added_by_id": 1}, {"version": 7}):
            with self.subTest(vals), self.assertRaises(AccessError):
                line.sudo().write(vals)
        with self.assertRaises(UserError):
            line.sudo().unlink()
        with self.assertRaises(UserError):
            line.sudo().copy()

    def test_merging_moves_a_line_with_its_file(self):
        line, other = self._add(), self._new_case()
        line.sudo().case_id = other
        self.assertEqual(other.evidence_ids.attachment_id.raw, PNG)

    def test_file_changes_by_no_route(self):
        file = self._add().attachment_id
        other = self._new_case()
        for user in (self.handler, self.manager, self.env.user):
            as_user = file.with_user(user)
            for vals in (
                {"raw": b"forged"},
                {"datas": base64.b64encode(b"forged")},
                {"name": "forged.png"},
                {"res_id": other.id},
                {"res_model": "complaint.case", "res_id": other.id},
                {"type": "url", "url": "https://customer.example"},
                {"public": True},
                {"mimetype": "text/html"},
            ):
                with self.subTest(vals), self.assertRaises(AccessError):
                    as_user.write(vals)
            with self.assertRaises(AccessError):
                as_user.unlink()
        with self.assertRaises(AccessError):
            file.sudo().write({"raw": b"forged"})
        self.assertEqual(file.raw, PNG)

    def test_file_moves_to_another_store_unchanged(self):
        file = self._add().attachment_id
        file.sudo().write({"raw": file.raw, "mimetype": file.mimetype})
        self.assertEqual(file.raw, PNG)

    def test_files_of_others_are_as_free_as_ever(self):
        file = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"a"})
        file.raw = b"b"
        file.unlink()
        self.assertFalse(file.exists())

    def test_bad_files_refused(self):
        for name, content in (
            ("empty.png", b""),
            ("tool.exe", b"MZ\x90\x00"),
            ("photo.png", b"MZ\x90\x00" + b"\x00" * 100),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                self._add(name, content)

    def test_who_may_not_change_the_case_adds_nothing(self):
        for user in (self.auditor, self.other_handler):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._add(user=user)
        line = self._add()
        self.assertTrue(line.with_user(self.auditor).attachment_id.raw)
        with self.assertRaises(AccessError):
            line.with_user(self.other_handler).read(["name"])
        with self.assertRaises(AccessError):
            line.attachment_id.with_user(self.other_handler).read(["raw"])
        found = self.env["complaint.evidence"].with_user(self.other_handler).search([])
        self.assertNotIn(line, found)

    def test_form_adds_uploads_and_files_of_the_conversation(self):
        as_handler = self.env["ir.attachment"].with_user(self.handler)
        upload = as_handler.create(
            {
                "name": "camera.png",
                "raw": PNG,
                "res_model": "complaint.evidence.add",
                "res_id": 0,
            }
        )
        mail = self.env["ir.attachment"].create(
            {
                "name": "mail.txt",
                "raw": b"It smokes",
                "res_model": self.case._name,
                "res_id": self.case.id,
            }
        )
        wizard = self.env["complaint.evidence.add"].with_user(self.handler)
        wizard.create(
            {
                "case_id": self.case.id,
                "attachment_ids": [(6, 0, upload.ids)],
                "existing_ids": [(6, 0, mail.ids)],
            }
        ).action_add()
        lines = self.case.evidence_ids
        self.assertEqual(set(lines.mapped("name")), {"camera.png", "mail.txt"})
        self.assertFalse(upload.exists())
        mail.unlink()
        self.assertEqual(set(lines.attachment_id.mapped("raw")), {PNG, b"It smokes"})

    def test_form_without_file_refused_and_replaces_one(self):
        wizard = self.env["complaint.evidence.add"].with_user(self.handler)
        with self.assertRaises(UserError):
            wizard.create({"case_id": self.case.id}).action_add()
        old = self._add(kind="measurement")
        upload = self.env["ir.attachment"].with_user(self.handler)
        upload = upload.create({"name": "b.png", "raw": PNG + b"b"})
        form = wizard.create(
            {
                "case_id": self.case.id,
                "replaces_id": old.id,
                "attachment_ids": [(6, 0, upload.ids)],
            }
        )
        form.action_add()
        self.assertEqual(old.replaced_by_id.kind, "measurement")

    def test_changed_store_is_found_and_told(self):
        good, bad = self._add(), self._add("second.png", PNG + b"2")
        self.env.flush_all()
        # As somebody with the keys of the server would do it.
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = %s WHERE id = %s",
            (good.attachment_id.store_fname, bad.attachment_id.id),
        )
        bad.attachment_id.invalidate_recordset()
        self._run_cron("ir_cron_evidence")
        self.assertEqual((good.is_broken, bad.is_broken), (False, True))
        self.assertEqual(self.case.journal_entry_ids[0].event, "evidence_broken")
        self.assertEqual(self.case.activity_ids.user_id, self.manager)
        action = good.with_user(self.auditor).action_check_hash()
        self.assertEqual(action["params"]["type"], "success")
        action = bad.with_user(self.auditor).action_check_hash()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertEqual(len(self.case.activity_ids), 1)

    def test_shown_to_the_customer_is_in_the_journal(self):
        line = self._add()
        line.is_customer_visible = True
        self.assertEqual(self.case.journal_entry_ids[0].event, "evidence_shown")
