from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..exceptions import HoldError
from .test_actions import ActionCommon

WORKED = {"effectiveness_result": "effective", "effectiveness_note": "None in 90 days"}
FAILED = {"effectiveness_result": "not_effective", "effectiveness_note": "Two more"}


@tagged("post_install", "-at_install")
class TestActionJudgement(ActionCommon):
    """Did it work? Who says so, and what follows when it didn't (CA-2)."""

    def _judge(self, action, user, result="effective", **values):
        wizard = (
            self.env["complaint.action.judge"]
            .with_user(user)
            .create(
                {
                    "action_id": action.id,
                    "result": result,
                    "note": "Counted",
                    **values,
                }
            )
        )
        return wizard.action_judge()

    def test_judgement_is_signed_and_in_the_journal(self):
        action = self._new_action(
            stage_id=self.closed.id, effectiveness_check_date="2026-01-01"
        )
        self.assertEqual(action.next_step, "check")
        self._judge(action, self.handler, measured="0 ppm")
        self.assertEqual(action.effectiveness_result, "effective")
        self.assertEqual(action.effectiveness_judged_by_id, self.handler)
        self.assertEqual(action.effectiveness_measured, "0 ppm")
        self.assertEqual(action.next_step, "done")
        entry = self.case.journal_entry_ids.filtered(
            lambda e: e.event == "action_judged"
        )
        self.assertIn("Effective. Counted", entry.note)
        self.assertEqual(entry.actor_id, self.handler)

    def test_owner_never_judges(self):
        action = self._new_action(stage_id=self.closed.id)
        with self.assertRaises(AccessError):
            action.with_user(self.investigator).write(WORKED)
        with self.assertRaises(AccessError):
            self._judge(action, self.investigator)
        with self.assertRaises(AccessError):
            self.env["mgmtsystem.action"].with_user(self.investigator).create(
                {
                    "name": "Born effective",
                    "type_action": "correction",
                    "user_id": self.investigator.id,
                    "stage_id": self.closed.id,
                    **WORKED,
                }
            )

    def test_only_the_named_checker_or_a_manager_judges(self):
        action = self._new_action(
            stage_id=self.closed.id, effectiveness_checker_id=self.legal.id
        )
        with self.assertRaises(AccessError):
            action.with_user(self.handler).write(WORKED)
        action.with_user(self.legal).write(WORKED)
        self.assertEqual(action.effectiveness_judged_by_id, self.legal)
        other = self._new_action(
            stage_id=self.closed.id, effectiveness_checker_id=self.legal.id
        )
        self._judge(other, self.manager)
        self.assertEqual(other.effectiveness_result, "effective")

    def test_auditor_reads_and_judges_nothing(self):
        action = self._new_action(stage_id=self.closed.id)
        with self.assertRaises(AccessError):
            action.with_user(self.auditor).write(WORKED)

    def test_good_news_needs_implementation_and_evidence(self):
        action = self._new_action()
        with self.assertRaises(UserError):
            action.with_user(self.handler).write(WORKED)
        action.stage_id = self.closed
        with self.assertRaises(ValidationError):
            action.with_user(self.handler).effectiveness_result = "effective"

    def test_judgement_is_never_written_back_silently(self):
        action = self._new_action(stage_id=self.closed.id)
        action.with_user(self.handler).write(WORKED)
        for user in (self.handler, self.manager):
            for vals in (
                {"effectiveness_result": "not_yet"},
                FAILED,
                {"effectiveness_note": "Else"},
                {"effectiveness_measured": "9"},
                {"effectiveness_attachment_ids": [Command.clear()]},
            ):
                with self.assertRaises(UserError):
                    action.with_user(user).write(vals)
        result = action.with_user(self.manager).load(
            [".id", "effectiveness_result"], [[str(action.id), "not_yet"]]
        )
        self.assertFalse(result["ids"])
        self.assertEqual(action.effectiveness_result, "effective")

    def test_manager_judges_again_with_a_reason(self):
        action = self._new_action(stage_id=self.closed.id)
        action.with_user(self.handler).write(WORKED)
        with self.assertRaises(AccessError):
            self._judge(action, self.legal, "not_effective", reason="I think so")
        with self.assertRaises(UserError):
            self._judge(action, self.manager, "not_effective")
        self._judge(
            action,
            self.manager,
            "not_effective",
            reason="The figures were of another line",
            is_followed=False,
        )
        self.assertEqual(action.effectiveness_result, "not_effective")
        self.assertEqual(action.effectiveness_judged_by_id, self.manager)
        self.assertIn("another line", action.effectiveness_note)
        entries = self.case.journal_entry_ids.filtered(
            lambda e: e.event == "action_judged"
        )
        self.assertEqual(len(entries), 2)
        self.assertTrue(any("another line" in entry.note for entry in entries))

    # -- what didn't work -----------------------------------------------------
    def test_failed_action_is_followed_by_one_that_names_it(self):
        action = self._new_action(stage_id=self.closed.id)
        opened = self._judge(
            action,
            self.manager,
            "not_effective",
            follower_name="Solder the cable",
            follower_user_id=self.handler.id,
            follower_deadline="2027-01-01",
        )
        follower = action.followed_by_ids
        self.assertEqual(opened["res_id"], follower.id)
        self.assertEqual(follower.follows_id, action)
        self.assertEqual(follower.name, "Solder the cable")
        self.assertEqual(follower.user_id, self.handler)
        self.assertEqual(follower.complaint_case_id, self.case)
        self.assertEqual(follower.effectiveness_result, "not_yet")
        self.assertEqual((action.next_step, follower.next_step), ("done", "work"))
        self.assertFalse(self.case._gate_check_actions_done())
        follower.stage_id = self.cancelled
        self.assertEqual(action.next_step, "follow")

    def test_owner_hears_that_it_did_not_work(self):
        action = self._new_action(stage_id=self.closed.id)
        action.with_user(self.handler).write(FAILED)
        self.assertEqual(action.next_step, "follow")
        self.assertEqual(action.activity_ids.user_id, self.investigator)
        self.assertIn("Two more", action.activity_ids.note)
        self.assertFalse(self.case.activity_ids)
        opened = action.with_user(self.investigator).action_follow_up()
        follower = (
            self.env["mgmtsystem.action"]
            .with_user(self.investigator)
            .with_context(**opened["context"])
            .create({})
        )
        self.assertEqual(follower.follows_id, action)
        self.assertEqual(action.next_step, "done")

    def _close_case(self):
        self.env["complaint.gate"].search([]).active = False
        self.case.stage_id = self._stage("closed")

    def test_owner_of_a_closed_complaint_is_asked_once(self):
        actions = [self._new_action(stage_id=self.closed.id) for __ in range(2)]
        self._close_case()
        before = self.case.activity_ids
        for action in actions:
            action.with_user(self.manager).write(FAILED)
        asked = self.case.activity_ids - before
        self.assertEqual(len(asked), 1)
        self.assertEqual(asked.user_id, self.handler)
        self.assertFalse(self.case.is_open)

    def test_closed_complaint_is_opened_again_on_the_way(self):
        action = self._new_action(stage_id=self.closed.id)
        self._close_case()
        self._judge(action, self.handler, "not_effective", follower_name="Solder")
        self.assertTrue(self.case.is_open)
        self.assertIn("reopened", self._events())
        self.assertTrue(action.followed_by_ids)

    def test_chain_of_followers_has_no_circle(self):
        first = self._new_action()
        second = self._new_action(follows_id=first.id)
        with self.assertRaises(ValidationError):
            first.follows_id = second

    def test_new_case_of_the_same_kind_is_judged_by_the_system(self):
        action = self._new_action(stage_id=self.closed.id)
        new = self._new_case()
        self.case.with_user(self.handler).sudo()._doubt_actions(new)
        self.assertEqual(action.effectiveness_result, "not_effective")
        self.assertEqual(
            action.effectiveness_judged_by_id, self.env.ref("base.user_root")
        )

    # -- files and holds ------------------------------------------------------
    def test_files_of_the_check_are_read_with_the_action(self):
        action = self._new_action(stage_id=self.closed.id)
        wizard = (
            self.env["complaint.action.judge"]
            .with_user(self.handler)
            .create({"action_id": action.id, "result": "effective", "note": "See"})
        )
        wizard.attachment_ids = (
            self.env["ir.attachment"]
            .with_user(self.handler)
            .create(
                {
                    "name": "ölçü.txt",
                    "raw": b"0",
                    "res_model": wizard._name,
                    "res_id": wizard.id,
                }
            )
        )
        wizard.action_judge()
        file = action.effectiveness_attachment_ids
        self.assertEqual((file.res_model, file.res_id), (action._name, action.id))
        self.assertEqual(file.with_user(self.auditor).raw, b"0")

    def test_held_action_keeps_what_was_found(self):
        action = self._new_action(stage_id=self.closed.id, verification_note="Seen")
        action.with_user(self.handler).action_verify()
        file = self.env["ir.attachment"].create(
            {
                "name": "a.txt",
                "raw": b"0",
                "res_model": action._name,
                "res_id": action.id,
            }
        )
        action.with_user(self.handler).write(
            {**WORKED, "effectiveness_attachment_ids": [Command.link(file.id)]}
        )
        self.env["complaint.legal.hold"].with_user(self.legal).create(
            {
                "name": "Court 1/2026",
                "reason": "The customer sues",
                "case_ids": [Command.set(self.case.ids)],
            }
        )
        for vals in (
            {"verified_at": False},
            {"verification_note": "Never seen"},
            {"effectiveness_result": "not_effective"},
            {"effectiveness_measured": False, "effectiveness_note": "x"},
            {"effectiveness_judged_by_id": self.manager.id},
            {"is_required": False},
            {"effectiveness_attachment_ids": [Command.clear()]},
        ):
            with self.subTest(vals), self.assertRaises(HoldError):
                action.sudo().write(vals)
        # work goes on: taken up again, the signature stays
        action.with_user(self.investigator).stage_id = self.opened
        self.assertTrue(action.is_verified)
        # a new case says that it didn't work: the judgement stays, nothing breaks
        self.case.sudo()._doubt_actions(self._new_case())
        self.assertEqual(action.effectiveness_result, "effective")
        for statement in (
            "UPDATE mgmtsystem_action SET verification_note = 'x' WHERE id = %s",
            "UPDATE mgmtsystem_action SET effectiveness_note = 'x' WHERE id = %s",
            "DELETE FROM complaint_action_effect_file_rel WHERE action_id = %s",
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env.cr.execute(statement, [action.id], log_exceptions=False)
