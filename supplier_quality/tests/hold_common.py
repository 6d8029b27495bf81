"""A case with one record of every kind that can belong to a case."""

from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import SQL

from .common import SupplierCommon

# Written by Odoo beside the data: by whom, when.
NOISE = {"write_date", "write_uid"}


class HoldCommon(SupplierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["complaint.gate"].search([]).active = False
        cls.administrator = new_test_user(
            cls.env, "hold_admin", groups="base.group_system,base.group_erp_manager"
        )
        cls.twin = cls.env["res.partner"].create(
            {"name": "Aysel Kazımova", "email": "aysel@customer.example"}
        )
        cls.other = cls._new_case()
        cls.foreign_message = cls.other.message_post(body="Of another case")
        cls.found = cls._make_all()

    @classmethod
    def _make_all(cls):
        """One record of every kind that belongs to a case."""
        case = cls._new_case(
            lot="L-1", quantity=3, decision="We replace it", is_legal_risk=True
        )
        case.stage_id = cls._stage("investigation")
        author = cls.env["res.partner"].create({"name": "Writer of a mail"})
        image, paper = cls.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": b"photo",
                    "res_model": case._name,
                    "res_id": case.id,
                }
                for name in ("photo.jpg", "paper.pdf")
            ]
        )
        message = case.message_post(
            body="It smokes", attachment_ids=image.ids, author_id=author.id
        )
        tracking = cls.env["mail.tracking.value"].create(
            {
                "mail_message_id": message.id,
                "field_id": cls.env["ir.model.fields"]._get(case._name, "subject").id,
                "old_value_char": "It burnt",
                "new_value_char": case.subject,
            }
        )
        action = cls.env["mgmtsystem.action"].create(
            {
                "name": "Replace it",
                "type_action": "correction",
                "complaint_case_id": case.id,
                "user_id": cls.investigator.id,
                "stage_id": cls.env.ref("mgmtsystem_action.stage_close").id,
                "verification_note": "Seen",
                "verification_attachment_ids": [Command.link(paper.id)],
            }
        )
        action.with_user(cls.manager).action_verify()
        action.write(
            {"effectiveness_result": "effective", "effectiveness_note": "None came"}
        )
        eightd = cls.env["complaint.eightd"].create(
            {"case_id": case.id, "subject": "8D"}
        )
        step = eightd.step_ids[:1]
        step.content = "<p>Seen</p>"
        case.write({"why_ids": [Command.create({"answer": "Because"})]})
        report = cls.env["complaint.initial.report"].create(
            {"case_id": case.id, "found": "A crack", "done": "Replaced"}
        )
        evidence = cls.env["complaint.evidence"]._add(case, [("a.jpg", b"photo")])
        nonconformity = case.with_user(cls.manager)._create_nonconformity()
        case.with_user(cls.manager)._waive_nonconformity(nonconformity, "Another oven")
        lesson = cls._make_lesson(case)
        scar = cls._new_sent_scar(case_id=case.id)
        answer = cls.env["supplier.scar.answer"].create(
            {"scar_id": scar.id, "containment": "Blocked"}
        )
        files = cls.env["ir.attachment"].create(
            [
                {"name": "a.txt", "raw": b"a", "res_model": r._name, "res_id": r.id}
                for r in (report, action)
            ]
        )
        return {
            "case": case,
            "message": message,
            "message_file": image,
            "file": paper,
            "tracking": tracking,
            "action": action,
            "action_message": action.message_post(body="Done"),
            "eightd": eightd,
            "eightd_message": eightd.message_post(body="Started"),
            "step": step,
            "why": case.why_ids,
            "report": report,
            "report_file": files[0],
            "action_file": files[1],
            "evidence": evidence,
            "evidence_file": evidence.attachment_id,
            "approval": cls._make_approval(case),
            "cost": cls._new_cost(case),
            "feedback": case._register_feedback({"nps_score": 3}).sudo(),
            "nonconformity": nonconformity.sudo(),
            "waiver": case.nonconformity_waiver_ids,
            "lesson": lesson,
            "lesson_read": lesson.read_ids,
            "lesson_use": lesson.use_ids,
            "scar": scar,
            "answer": answer,
            "customer": cls.customer,
            "author": author,
            "product": cls.product,
        }

    @classmethod
    def _make_lesson(cls, case):
        case.lesson = "Torque the screws"
        action = case.with_user(cls.manager).action_make_lesson()
        lesson = cls.env["complaint.lesson"].browse(action["res_id"])
        lesson.product_tmpl_ids = cls.product.product_tmpl_id
        lesson.action_publish()
        lesson.with_user(cls.handler).action_mark_read()
        case.with_user(cls.manager)._apply_lesson(lesson)
        return lesson

    @classmethod
    def _make_approval(cls, case):
        gate = cls.env["complaint.gate"].create(
            {
                "name": "Second person",
                "phase": "closed",
                "kind": "approval",
                "active": False,
                "group_id": cls.env.ref(
                    "complaint_management.complaint_group_auditor"
                ).id,
            }
        )
        return cls.env["complaint.gate.approval"].create(
            {
                "case_id": case.id,
                "gate_id": gate.id,
                "asked_by_id": cls.handler.id,
                "asked_at": "2026-01-01",
            }
        )

    def _hold(self):
        self.found["hold"] = (
            self.env["complaint.legal.hold"]
            .with_user(self.legal)
            .create(
                {
                    "name": "Baku District Court 1/2026",
                    "reason": "The customer sues",
                    "case_ids": [Command.set(self.found["case"].ids)],
                }
            )
        )
        self.env.flush_all()

    # -- what is there ---------------------------------------------------------------
    def _read_rows(self):
        """Return all rows of all that is held as they stand in the database."""
        self.env.flush_all()
        rows = {}
        for name, records in self.found.items():
            self.env.cr.execute(
                SQL(
                    "SELECT id, to_jsonb(t) FROM %s AS t WHERE id = ANY(%s)",
                    SQL.identifier(records._table),
                    records.ids,
                )
            )
            for row_id, row in self.env.cr.fetchall():
                rows[name, row_id] = {k: v for k, v in row.items() if k not in NOISE}
        for table in ("message_attachment_rel", "complaint_case_nonconformity_rel"):
            self.env.cr.execute(
                SQL("SELECT to_jsonb(t)::text FROM %s AS t", SQL.identifier(table))
            )
            rows[table] = sorted(self.env.cr.fetchall())
        return rows
