from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .test_actions import ActionCommon


@tagged("post_install", "-at_install")
class TestActionVerification(ActionCommon):
    """Somebody else than the owner has seen that it was implemented (CA-1)."""

    def test_owner_cannot_verify_a_colleague_can(self):
        action = self._new_action(stage_id=self.closed.id, verifier_id=self.handler.id)
        self.assertEqual(action.next_step, "verify")
        action.with_user(self.handler).verification_note = "Seen on line 2"
        with self.assertRaises(AccessError):
            action.with_user(self.investigator).action_verify()
        action.with_user(self.handler).action_verify()
        self.assertEqual(action.verified_by_id, self.handler)
        self.assertTrue(action.is_verified and action.verified_at)
        self.assertEqual(action.next_step, "done")
        self.assertIn("action_verified", self._events())

    def test_implemented_moves_what_is_to_do_and_nothing_else(self):
        action = self._new_action(verifier_id=self.handler.id)
        given_up = self._new_action(stage_id=self.cancelled.id)
        with self.assertRaises(AccessError):
            action.with_user(self.auditor).action_implement()
        (action | given_up).with_user(self.investigator).action_implement()
        self.assertEqual((action.stage_id, action.next_step), (self.closed, "verify"))
        self.assertEqual(given_up.stage_id, self.cancelled)
        self.closed.is_ending = False
        with self.assertRaises(UserError):
            action.with_user(self.investigator).action_implement()

    def test_verification_is_signed_by_the_button_only(self):
        action = self._new_action(stage_id=self.closed.id)
        for vals in (
            {"verified_by_id": self.manager.id},
            {"verified_at": "2026-01-01 00:00:00"},
        ):
            with self.assertRaises(AccessError):
                action.with_user(self.manager).write(vals)
            with self.assertRaises(AccessError):
                action.with_user(self.manager).copy(vals)
        loaded = action.with_user(self.manager).load(
            ["name", "type_action", "user_id/.id", "verified_at"],
            [["X", "correction", str(self.manager.id), "2026-01-01 00:00:00"]],
        )
        self.assertFalse(loaded["ids"])

    def test_verification_asks_for_evidence_implementation_and_the_named_one(self):
        action = self._new_action(verifier_id=self.manager.id)
        with self.assertRaises(UserError):
            action.with_user(self.manager).action_verify()
        action.stage_id = self.closed
        with self.assertRaises(UserError):
            action.with_user(self.manager).action_verify()
        action.verification_note = "Seen"
        with self.assertRaises(AccessError):
            action.with_user(self.handler).action_verify()
        with self.assertRaises(AccessError):
            action.with_user(self.auditor).action_verify()
        action.with_user(self.manager).action_verify()
        with self.assertRaises(UserError):
            action.with_user(self.manager).action_verify()

    def test_verifier_is_never_the_owner_nor_whom_it_is_about(self):
        with self.assertRaises(ValidationError):
            self._new_action(verifier_id=self.investigator.id)
        case = self._new_case(
            user_id=self.manager.id, subject_user_ids=[Command.link(self.handler.id)]
        )
        with self.assertRaises(ValidationError):
            self._new_action(complaint_case_id=case.id, verifier_id=self.handler.id)

    def test_what_was_seen_is_locked_until_withdrawn(self):
        action = self._new_action(stage_id=self.closed.id, verification_note="Seen")
        action.with_user(self.handler).action_verify()
        with self.assertRaises(UserError):
            action.with_user(self.handler).verification_note = "Seen from afar"
        with self.assertRaises(AccessError):
            action.with_user(self.investigator).action_withdraw_verification()
        action.with_user(self.manager).action_withdraw_verification()
        self.assertFalse(action.is_verified)
        self.assertIn("action_unverified", self._events())

    def test_verification_is_void_once_worked_on_again(self):
        action = self._new_action(stage_id=self.closed.id, verification_note="Seen")
        action.with_user(self.handler).action_verify()
        action.with_user(self.investigator).stage_id = self.opened
        self.assertFalse(action.is_verified)
        action.stage_id = self.closed
        action.with_user(self.handler).action_verify()
        action.user_id = self.handler
        self.assertFalse(action.is_verified)

    def test_company_can_ask_for_each_verification(self):
        action = self._new_action(stage_id=self.closed.id)
        better = self._new_action(stage_id=self.closed.id, type_action="improvement")
        self.assertEqual(action.next_step, "done")
        self.env.company.complaint_action_verify_all = True
        self.assertEqual(action.next_step, "verify")
        self.assertEqual(better.next_step, "done")
