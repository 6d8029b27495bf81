from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.complaint_management.exceptions import GateError

from .common import GROUP, ComplaintCommon


@tagged("post_install", "-at_install")
class TestApproval(ComplaintCommon):
    """A second person of a role approves; the gate asks for it (FL-2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gate = cls.env["complaint.gate"].create(
            {
                "name": "Approved by a manager",
                "phase": "triage",
                "kind": "approval",
                "group_id": cls.env.ref(f"{GROUP}manager").id,
            }
        )
        cls.case = cls._new_case()
        cls.as_handler = cls.case.with_user(cls.handler)

    def _ask(self):
        self.as_handler.action_ask_approval()
        approvals = self.case.gate_approval_ids
        return approvals.filtered(lambda approval: approval.state == "asked")

    def _go(self):
        self.as_handler.stage_id = self._stage("triage")

    def test_gate_holds_until_approved(self):
        with self.assertRaises(GateError), self.env.cr.savepoint():
            self._go()
        self.assertTrue(self.as_handler.can_ask_approval)
        approval = self._ask()
        self.assertFalse(self.as_handler.can_ask_approval)
        with self.assertRaises(GateError), self.env.cr.savepoint():
            self._go()
        self.assertEqual(approval.activity_ids.user_id, self.manager)
        approval.with_user(self.manager).action_approve()
        self.assertFalse(approval.activity_ids)
        self._go()
        self.assertEqual(self.case.phase, "triage")
        events = self.case.journal_entry_ids.mapped("event")
        self.assertIn("approval_asked", events)
        self.assertIn("gate_approved", events)

    def test_who_may_not_decide_is_refused(self):
        approval = self._ask()
        for user in (self.handler, self.investigator, self.legal, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                approval.with_user(user).action_approve()
        # Nor the code in their name.
        with self.assertRaises(AccessError):
            approval.with_user(self.investigator).sudo().action_approve()

    def test_owner_and_asker_may_not_approve_though_managers(self):
        self.case.user_id = self.manager
        second = new_test_user(self.env, "second_manager", groups=f"{GROUP}manager")
        self.case.with_user(second).action_ask_approval()
        approval = self.case.gate_approval_ids
        for user in (self.manager, second):
            self.assertFalse(approval.with_user(user).can_decide)
            with self.assertRaises(AccessError):
                approval.with_user(user).action_approve()

    def test_whom_the_complaint_is_about_is_neither_asked_nor_approves(self):
        second = new_test_user(self.env, "second_manager", groups=f"{GROUP}manager")
        self.case.subject_user_ids = second
        approval = self._ask()
        self.assertNotIn(second, approval.activity_ids.user_id)
        with self.assertRaises(AccessError):
            approval.with_user(second).action_approve()

    def test_nobody_to_ask_is_said(self):
        self.env.ref(f"{GROUP}manager").user_ids -= self.manager | self.env.ref(
            "base.user_admin"
        )
        with self.assertRaises(UserError):
            self._ask()

    def test_approval_by_write_create_or_import_refused(self):
        approval = self._ask()
        for user in (self.handler, self.manager):
            with self.assertRaises(AccessError):
                approval.with_user(user).write({"state": "approved"})
            with self.assertRaises(AccessError):
                approval.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.env["complaint.gate.approval"].with_user(user).create(
                    {
                        "case_id": self.case.id,
                        "gate_id": self.gate.id,
                        "state": "approved",
                        "asked_by_id": self.handler.id,
                        "asked_at": "2026-01-01",
                    }
                )
            with self.assertRaises(AccessError):
                self.case.with_user(user).write(
                    {"gate_approval_ids": [(1, approval.id, {"state": "approved"})]}
                )
                self.env.flush_all()

    def test_refused_with_reason_can_be_asked_again(self):
        approval = self._ask()
        action = approval.with_user(self.manager).action_reject()
        self.assertEqual(action["res_model"], "complaint.gate.reject")
        self.assertEqual(approval.state, "asked")
        self.env["complaint.gate.reject"].with_user(self.manager).create(
            {"approval_id": approval.id, "note": "No photo"}
        ).action_reject()
        self.assertEqual((approval.state, approval.note), ("rejected", "No photo"))
        with self.assertRaises(UserError):
            approval.with_user(self.manager).action_approve()
        with self.assertRaises(GateError), self.env.cr.savepoint():
            self._go()
        self._ask().with_user(self.manager).action_approve()
        self._go()

    def test_step_back_makes_approval_void(self):
        self._ask().with_user(self.manager).action_approve()
        self._go()
        self.as_handler.stage_id = self._stage("received")
        self.assertEqual(self.case.gate_approval_ids.state, "void")
        with self.assertRaises(GateError):
            self._go()

    def test_asked_twice_refused(self):
        self._ask()
        with self.assertRaises(UserError):
            self._ask()

    def test_gate_without_role_refused(self):
        with self.assertRaises(ValidationError):
            self.gate.group_id = False
