"""Role × operation on the records of a flow: case, evidence, gate, approval, mail
without case, and the decisions that change them. Each cell is tried for real."""

from collections import namedtuple

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.supplier_quality.tests.common import SupplierCommon

GROUP = "complaint_management.complaint_group_"
ROLES = (
    "handler",
    "investigator",
    "manager",
    "legal",
    "auditor",
    "quality",
    "integration",
    "portal",
    "other_company",
    "other_team",
)
# Who may do what. r read, w write, c create, u unlink; a word is a decision.
INSIDE = ("handler", "investigator", "manager", "legal", "quality")
READERS = (*INSIDE, "auditor")
# Supplier quality is in no team here and sees the cases of its own teams only.
TEAM = ("handler", "investigator", "manager", "legal")
TEAM_READERS = (*TEAM, "auditor")
TABLE = {
    ("case", "read"): TEAM_READERS,
    ("case", "write"): TEAM,
    ("case", "create"): (*INSIDE, "other_company", "other_team"),
    ("case", "unlink"): (),
    ("case", "next step"): TEAM,
    ("case", "mute"): TEAM,
    ("case", "tell decision"): TEAM,
    ("case", "enter verdict"): TEAM,
    ("case", "close"): TEAM,
    ("case", "re-open"): TEAM,
    ("case", "archive"): TEAM,
    ("case", "other flow late"): ("manager",),
    ("case", "ask approval"): TEAM,
    ("evidence", "read"): TEAM_READERS,
    ("evidence", "write"): TEAM,
    ("evidence", "create"): (),
    ("evidence", "unlink"): (),
    ("evidence", "add"): TEAM,
    ("evidence", "replace"): TEAM,
    ("evidence", "read file"): TEAM_READERS,
    ("evidence", "change file"): (),
    ("evidence", "delete file"): (),
    ("approval", "read"): TEAM_READERS,
    ("approval", "write"): (),
    ("approval", "create"): (),
    ("approval", "unlink"): (),
    ("approval", "approve"): ("manager",),
    ("gate", "read"): (*READERS, "other_company", "other_team"),
    ("gate", "write"): ("manager", "other_company"),
    ("gate", "create"): ("manager", "other_company"),
    ("gate", "unlink"): ("manager", "other_company"),
    ("failure", "read"): (*READERS, "other_team"),
    ("failure", "write"): (),
    ("failure", "set aside"): (*INSIDE, "other_team"),
    ("failure", "create"): (),
    ("failure", "unlink"): (),
    ("failure", "make a case"): (*INSIDE, "other_team"),
}
World = namedtuple("World", "case decided done asked evidence approval gate failure")


@tagged("post_install", "-at_install")
class TestRoleMatrix(SupplierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Other company"})
        cls.users = {
            "handler": cls.handler,
            "investigator": cls.investigator,
            "manager": cls.manager,
            "legal": cls.legal,
            "auditor": cls.auditor,
            "quality": cls.quality,
            "integration": new_test_user(
                cls.env,
                "roles_integration",
                groups=f"base.group_portal,{GROUP}integration",
            ),
            "portal": cls._new_portal_user("roles_customer", cls.customer),
            "other_company": new_test_user(
                cls.env,
                "roles_stranger",
                groups=f"{GROUP}manager,{GROUP}legal",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            ),
            "other_team": cls.other_handler,
        }
        cls.env["complaint.team"].create(
            {"name": "There", "company_id": company.id, "sequence": 1}
        )
        # The gates of the addon have tests of their own.
        cls.env["complaint.gate"].search([]).active = False
        cls.gate = cls.env["complaint.gate"].create(
            {
                "name": "Second person",
                "phase": "monitoring",
                "kind": "approval",
                "group_id": cls.env.ref(f"{GROUP}manager").id,
            }
        )
        cls.world = cls._make_world()

    @classmethod
    def _make_world(cls):
        case = cls._new_case()
        case.stage_id = cls._stage("investigation")
        decided = cls._new_case(decision="Refund")
        decided._note_decision_told("message")
        done = cls._new_case()
        done.stage_id = cls._stage("cancelled")
        asked = cls._new_case()
        asked.with_user(cls.handler).action_ask_approval()
        failure = cls.env["complaint.intake.failure"].create(
            {
                "kind": "quarantine",
                "reason": "error",
                "subject": "?",
                "digest": "matrix",
                "company_id": cls.env.company.id,
            }
        )
        return World(
            case,
            decided,
            done,
            asked,
            cls.env["complaint.evidence"]._add(case, [("a.txt", b"proof")]),
            asked.gate_approval_ids,
            cls.gate,
            failure,
        )

    # -- the operations ----------------------------------------------------------------
    def _operations(self, user):
        """Return {(what, operation): call}, each as ``user``."""
        world = World(*(record.with_user(user) for record in self.world))
        env = world.case.env
        closing = self._stage("closed")
        standard = env.ref("complaint_management.complaint_flow_simple")
        file = world.evidence.sudo().attachment_id.with_user(user)
        plain = {
            "case": (world.case, {"color": 3}, {"subject": "New"}),
            "evidence": (
                world.evidence,
                {"is_customer_visible": True},
                {"case_id": world.case.id, "name": "x"},
            ),
            "approval": (
                world.approval,
                {"note": "x"},
                {
                    "case_id": world.case.id,
                    "gate_id": self.gate.id,
                    "asked_by_id": user.id,
                    "asked_at": "2026-01-01",
                },
            ),
            "gate": (
                self._unused_gate().with_user(user),
                {"sequence": 7},
                {"name": "x", "phase": "triage", "field_name": "lot"},
            ),
            "failure": (
                world.failure,
                {"subject": "x"},
                {"kind": "quarantine", "reason": "error", "subject": "x"},
            ),
        }
        calls = {}
        for what, (record, vals, new) in plain.items():
            calls |= {
                (what, "read"): lambda r=record: r.read(["display_name"]),
                (what, "write"): lambda r=record, v=vals: r.write(v),
                (what, "create"): lambda r=record, v=new: r.create(v),
                (what, "unlink"): lambda r=record: r.unlink(),
            }
        evidence = env["complaint.evidence"]
        return calls | {
            ("case", "next step"): world.case.action_next_stage,
            ("case", "mute"): lambda: world.case._mute_notice("We spoke"),
            ("case", "tell decision"): lambda: world.case._note_decision_told("phone"),
            ("case", "enter verdict"): lambda: world.decided._register_verdict(
                "accepted"
            ),
            ("case", "close"): lambda: self._close_without_gate(world.case, closing),
            ("case", "re-open"): lambda: world.done._reopen("New facts"),
            ("case", "archive"): world.done.action_archive,
            ("case", "other flow late"): lambda: world.case.write(
                {"flow_id": standard.id}
            ),
            ("case", "ask approval"): world.case.action_ask_approval,
            ("evidence", "add"): lambda: evidence._add(world.case, [("b.txt", b"b")]),
            ("evidence", "replace"): lambda: world.evidence._replace("c.txt", b"c"),
            ("evidence", "read file"): lambda: file.read(["raw"]),
            ("evidence", "change file"): lambda: file.write({"raw": b"forged"}),
            ("evidence", "delete file"): file.unlink,
            ("approval", "approve"): world.approval.action_approve,
            ("failure", "make a case"): world.failure.action_make_case,
            ("failure", "set aside"): world.failure.action_ignore,
        }

    def _unused_gate(self):
        return self.env["complaint.gate"].create(
            {
                "name": "Unused",
                "phase": "response",
                "field_name": "lot",
                "active": False,
            }
        )

    def _close_without_gate(self, case, stage):
        self.gate.active = False
        case.stage_id = stage

    # -- the table ---------------------------------------------------------------------
    def _may(self, call):
        """Try for real, and undo it."""
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            call()
            self.env.flush_all()
        except (AccessError, UserError):
            return False
        finally:
            self.env.cr.clear()
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        return True

    def test_table_names_every_role_and_operation(self):
        self.assertEqual(set(self.users), set(ROLES))
        self.assertEqual(set(self._operations(self.handler)), set(TABLE))
        named = {role for roles in TABLE.values() for role in roles}
        self.assertLessEqual(named, set(ROLES))

    def test_each_role_does_what_the_table_says_and_nothing_else(self):
        wrong = []
        for role, user in self.users.items():
            for key, call in self._operations(user).items():
                if self._may(call) != (role in TABLE[key]):
                    wrong.append((role, *key, "allowed" if role in TABLE[key] else ""))
        self.assertFalse(wrong, "(role, record, operation, what the table says)")
