"""The published rules of an 8D report, each with a test of its own (ED-1, ED-2)."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .eightd_common import EightdCommon


@tagged("post_install", "-at_install")
class TestEightdRules(EightdCommon):
    def _assert_refused(self, words, call, error=UserError):
        with self.assertRaises(error) as refusal:
            call()
        for word in words:
            self.assertIn(word, str(refusal.exception))

    def _assert_not_handed_in(self, code, *words):
        self._assert_refused(words, lambda: self._hand_in(self.report, code))
        self.assertIn(self._step(self.report, code).state, ("draft", "rejected"))

    # -- order -------------------------------------------------------------------
    def test_without_leader_d0_yes_d1_no(self):
        self.report.leader_id = False
        self._hand_in(self.report, "d0")
        self._assert_not_handed_in("d1", "A team leader")

    def test_d4_before_d3_refused_but_may_be_drafted(self):
        self._work_through(self.report, "d2")
        self._provide_d4(self.report)
        self._assert_not_handed_in("d4", "Submit D3 Containment before D4")
        step = self._step(self.report, "d4")
        step.content = "<p>First thoughts</p>"
        self.assertIn("First thoughts", step.content)

    def test_d5_opens_when_d4_is_submitted_not_only_when_accepted(self):
        self._work_through(self.report, "d3")
        self._provide_d4(self.report)
        self._hand_in(self.report, "d4")
        self.assertTrue(self._step(self.report, "d5").is_reached)
        self._provide_d5(self.report)
        self._hand_in(self.report, "d5")
        self.assertFalse(self._step(self.report, "d7").is_reached)

    def test_accepting_out_of_order_refused_in_words(self):
        self._hand_in(self.report, "d0", "d1")
        self._assert_refused(
            ["Accept D0 Emergency response before D1 Team"],
            lambda: self._sign(self.report, "d1"),
        )

    def test_mass_submit_and_accept_go_in_order(self):
        steps = self._step(self.report, "d0") | self._step(self.report, "d1")
        steps.content = "<p>Done</p>"
        steps.sorted("discipline", reverse=True).action_submit()
        steps.sorted("discipline", reverse=True).with_user(
            self.reviewer
        ).action_accept()
        self.assertEqual(set(steps.mapped("state")), {"accepted"})

    # -- what disciplines ask for --------------------------------------------------
    def test_d3_needs_containment_or_the_words_why_none(self):
        self._work_through(self.report, "d2")
        self._assert_not_handed_in("d3", "A line of containment")
        step = self._step(self.report, "d3")
        step.not_needed_reason = "  "
        self._assert_not_handed_in("d3", "A line of containment")
        step.not_needed_reason = "One piece only, made to order."
        self._hand_in(self.report, "d3")

    def test_d4_without_root_cause_refused(self):
        self._work_through(self.report, "d3")
        self.report.root_cause = "Words alone are no analysis"
        self._assert_not_handed_in("d4", "The root causes")

    def test_contribution_of_60_and_30_refused(self):
        self._work_through(self.report, "d3")
        causes = self.report.root_cause_ids.create(
            [
                {
                    "res_model": self.report._name,
                    "res_id": self.report.id,
                    "name": f"Cause {share}",
                    "contribution": share,
                }
                for share in (60, 30)
            ]
        )
        self._assert_not_handed_in("d4", "add up to 100 %", "now 90")
        causes[1].contribution = 40
        self._hand_in(self.report, "d4")

    def test_cause_without_action_refused_also_when_it_was_called_off(self):
        self._work_through(self.report, "d4")
        self._provide_d5(self.report)
        cause = self.report.root_cause_ids[2]
        cause.action_ids.stage_id = self.env.ref("mgmtsystem_action.stage_cancel")
        self._assert_not_handed_in("d5", f"root cause “{cause.name}”")
        self._new_action(self.report, complaint_root_id=cause.id)
        self._hand_in(self.report, "d5")

    def test_d6_needs_validation_in_words_or_a_file(self):
        self._work_through(self.report, "d5")
        self._assert_not_handed_in("d6", "The validation")
        step = self._step(self.report, "d6")
        step.attachment_ids = [Command.create({"name": "test.pdf", "raw": b"%PDF"})]
        self._hand_in(self.report, "d6")

    def test_d7_needs_preventive_action_or_the_words_why_none(self):
        self._work_through(self.report, "d6")
        self._assert_not_handed_in("d7", "A preventive action")
        self._step(self.report, "d7").not_needed_reason = "The only press of its kind."
        self._hand_in(self.report, "d7")

    def test_d8_with_open_or_unchecked_action_refused(self):
        self._work_through(self.report, "d7")
        actions = self.report.action_ids
        self._assert_not_handed_in("d8", *actions.mapped("name"))
        self._finish_actions(actions[1:])
        actions[0].stage_id = self.env.ref("mgmtsystem_action.stage_close")
        with self.assertRaises(UserError) as refusal:
            self._hand_in(self.report, "d8")
        self.assertIn(actions[0].name, str(refusal.exception))
        self.assertIn("nobody has checked", str(refusal.exception))
        self.assertNotIn(actions[1].name, str(refusal.exception))
        self._finish_actions(actions[0])
        self._hand_in(self.report, "d8")

    def test_refusal_lists_all_that_is_missing_at_once(self):
        self.report.leader_id = False
        step = self._step(self.report, "d0")
        self._hand_in(self.report, "d0")
        step = self._step(self.report, "d1")
        self._assert_refused(
            ["The result in words", "A team leader"], step.action_submit
        )

    # -- review --------------------------------------------------------------------
    def test_reject_without_comment_refused_in_each_round(self):
        self._hand_in(self.report, "d0")
        step = self._step(self.report, "d0").with_user(self.reviewer)
        self._assert_refused(["Write a comment"], step.action_reject)
        self._send_back(self.report, "d0", "Which line?")
        self._hand_in(self.report, "d0")
        self._assert_refused(["Write a comment"], step.action_reject)

    def test_history_keeps_the_comment_of_each_round(self):
        self._hand_in(self.report, "d0")
        self._send_back(self.report, "d0", "Which line?")
        self._hand_in(self.report, "d0")
        self._send_back(self.report, "d0", "Which shift?")
        self._hand_in(self.report, "d0")
        self._sign(self.report, "d0")
        rounds = self._step(self.report, "d0").with_user(self.handler).review_ids
        self.assertEqual(
            rounds.sorted("id").mapped(lambda r: (r.decision, r.round, r.comment)),
            [
                ("submitted", 1, False),
                ("rejected", 1, "Which line?"),
                ("submitted", 2, False),
                ("rejected", 2, "Which shift?"),
                ("submitted", 3, False),
                ("accepted", 3, False),
            ],
        )
        self.assertEqual(rounds[0].user_id, self.reviewer)

    def test_history_is_written_by_nobody_by_hand(self):
        self._hand_in(self.report, "d0")
        review = self._step(self.report, "d0").review_ids
        for env in (self.env(user=self.manager), self.env(su=True)):
            with self.assertRaises(AccessError):
                review.with_env(env).write({"comment": "Never said"})
            with self.assertRaises(AccessError):
                review.with_env(env).unlink()
        vals = {
            "eightd_id": self.report.id,
            "step_id": self._step(self.report, "d0").id,
            "discipline": "d0",
            "round": 1,
            "decision": "accepted",
            "user_id": self.manager.id,
            "decided_at": "2026-01-01",
        }
        with self.assertRaises(AccessError):
            review.with_user(self.manager).create(vals)

    def test_reviewer_is_owner_refused(self):
        self._step(self.report, "d0").owner_id = self.member
        self._hand_in(self.report, "d0")
        self._assert_refused(
            ["your own work"],
            lambda: self._sign(self.report, "d0", user=self.member),
            AccessError,
        )

    def test_reviewer_who_handed_in_refused_also_with_all_rights(self):
        self._step(self.report, "d0").owner_id = self.member
        self._hand_in(self.report, "d0")
        step = self._step(self.report, "d0").with_user(self.investigator)
        self._assert_refused(["your own work"], step.action_accept, AccessError)
        self._assert_refused(["your own work"], step.sudo().action_accept, AccessError)

    def test_reviewer_whom_the_complaint_is_about_refused(self):
        self._hand_in(self.report, "d0")
        self.case.subject_user_ids = self.reviewer
        self._assert_refused(
            ["about you"], lambda: self._sign(self.report, "d0"), AccessError
        )

    def test_handler_neither_hands_in_nor_signs_off(self):
        step = self._step(self.report, "d0").with_user(self.handler)
        with self.assertRaises(AccessError):
            step.content = "<p>x</p>"
        self._hand_in(self.report, "d0")
        with self.assertRaises(AccessError):
            step.action_accept()
        with self.assertRaises(AccessError):
            step.with_user(self.investigator).write({"state": "accepted"})
        result = step.with_user(self.investigator).load(
            [".id", "state"], [[str(step.id), "accepted"]]
        )
        self.assertFalse(result["ids"])
        self.assertEqual(step.state, "submitted")

    # -- what is signed stays --------------------------------------------------------
    def test_change_after_acceptance_refused_by_every_route(self):
        self._hand_in(self.report, "d0")
        self._sign(self.report, "d0")
        step = self._step(self.report, "d0")
        for env in (self.env(user=self.manager), self.env(su=True)):
            record = step.with_env(env)
            for vals in (
                {"content": "<p>Other</p>"},
                {"validation": "x"},
                {"not_needed_reason": "x"},
                {"owner_id": self.member.id},
                {"attachment_ids": [Command.create({"name": "x", "raw": b"x"})]},
            ):
                self._assert_refused(
                    ["signed off"], lambda r=record, v=vals: r.write(v)
                )
        result = step.load([".id", "content"], [[str(step.id), "<p>Import</p>"]])
        self.assertFalse(result["ids"])
        self.assertIn("result of d0", step.content)

    def test_change_while_it_is_reviewed_refused(self):
        self._hand_in(self.report, "d0")
        step = self._step(self.report, "d0")
        self._assert_refused(
            ["being reviewed"], lambda: step.write({"content": "<p>Other</p>"})
        )
        self._send_back(self.report, "d0")
        step.content = "<p>Better</p>"

    def test_evidence_of_a_signed_discipline_is_locked(self):
        step = self._step(self.report, "d0")
        step.attachment_ids = [Command.create({"name": "a.txt", "raw": b"a"})]
        file = step.attachment_ids
        file.raw = b"b"
        self._hand_in(self.report, "d0")
        self._sign(self.report, "d0")
        for env in (self.env(user=self.manager), self.env(su=True)):
            with self.assertRaises(AccessError):
                file.with_env(env).raw = b"forged"
            with self.assertRaises(AccessError):
                file.with_env(env).unlink()
        self.assertEqual(file.raw, b"b")

    def test_containment_stays_counts_go_on(self):
        self._work_through(self.report, "d3")
        line = self.report.containment_ids
        self._assert_refused(["signed off"], lambda: line.write({"action": "Nothing"}))
        self._assert_refused(["signed off"], line.unlink)
        line.write({"quantity_checked": 500, "quantity_defective": 20})
        self.assertEqual(line.quantity_left, 0)
        line.copy({"place": "transit"})

    def test_causes_stay_when_d4_is_handed_in(self):
        self._work_through(self.report, "d3")
        self._provide_d4(self.report)
        self.report.why_ids.create(
            {
                "res_model": self.report._name,
                "res_id": self.report.id,
                "answer": "The resin is wrong",
            }
        )
        self._hand_in(self.report, "d4")
        cause = self.report.root_cause_ids[0]
        for env in (self.env(user=self.manager), self.env(su=True)):
            for call in (
                lambda e=env: cause.with_env(e).write({"name": "Other"}),
                lambda e=env: cause.with_env(e).unlink(),
                lambda e=env: self.report.why_ids.with_env(e).write({"answer": "x"}),
                lambda e=env: self.report.with_env(e).write({"root_cause": "x"}),
                lambda e=env: self.report.with_env(e).write(
                    {"why_ids": [Command.create({"answer": "One more"})]}
                ),
            ):
                self._assert_refused(["D4 Root cause is being reviewed"], call)
        self._send_back(self.report, "d4")
        cause.name = "Wrong resin in lots L-70 to L-77"

    def test_more_defective_than_checked_or_negative_refused(self):
        self._provide_d3(self.report)
        line = self.report.containment_ids
        with self.assertRaises(ValidationError):
            line.quantity_defective = 201
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            line.quantity = -1
            self.env.flush_all()

    def test_finished_report_stays_as_it_is(self):
        self._work_through(self.report)
        self.report.action_done()
        self.assertEqual(self.report.state, "done")
        for call in (
            lambda: self._send_back(self.report, "d8"),
            lambda: self.report.containment_ids.write({"quantity_checked": 500}),
            lambda: self._provide_d3(self.report),
            lambda: self.report.team_ids[-1:].unlink(),
            self.report.action_cancel,
            self.report.action_done,
        ):
            self._assert_refused(["has ended"], call)

    def test_close_with_unsigned_discipline_refused(self):
        self._work_through(self.report, "d7")
        self._assert_refused(["D8", "is accepted"], self.report.action_done)

    # -- quality -------------------------------------------------------------------
    def test_score_below_threshold_refused_and_says_both(self):
        self._work_through(self.report, "d7")
        self._finish_actions(self.report.action_ids)
        self.case.sudo().lesson = False
        self.report.company_id.sudo().complaint_eightd_min_score = 96
        self.assertEqual(self.report.quality_score, 95)
        self._assert_not_handed_in("d8", "96", "95", "quality score")

    def test_override_without_reason_refused(self):
        self._assert_refused(
            ["Write why"],
            self.report.with_user(self.manager).action_override_quality,
        )

    def test_override_by_who_is_no_manager_refused(self):
        self.report.override_reason = "We are in a hurry"
        self._assert_refused(
            ["Only a manager"], self.report.action_override_quality, AccessError
        )
        with self.assertRaises(AccessError):
            self.report.override_by_id = self.manager

    def test_override_with_reason_lets_pass_and_stands_in_the_journal(self):
        self._work_through(self.report, "d7")
        self._finish_actions(self.report.action_ids)
        self.case.sudo().lesson = False
        self.report.company_id.sudo().complaint_eightd_min_score = 96
        as_manager = self.report.with_user(self.manager)
        as_manager.override_reason = "The lesson follows with the audit."
        as_manager.action_override_quality()
        entry = as_manager.journal_entry_ids.sorted("id")[-1]
        self.assertEqual(entry.event, "quality_overridden")
        self.assertIn("The lesson follows", entry.note)
        self._assert_refused(
            ["it stays"], lambda: as_manager.write({"override_reason": "Other"})
        )
        self._hand_in(self.report, "d8")

    def test_override_counts_no_more_when_the_score_falls_further(self):
        self._work_through(self.report, "d7")
        self._finish_actions(self.report.action_ids)
        self.report.company_id.sudo().complaint_eightd_min_score = 100
        as_manager = self.report.with_user(self.manager)
        as_manager.override_reason = "Good as it is."
        as_manager.action_override_quality()
        self.case.sudo().lesson = False
        self._assert_not_handed_in("d8", "quality score")

    def test_findings_name_step_and_are_read_by_handler(self):
        report = self.report.with_user(self.handler)
        self.assertLess(report.quality_score, 80)
        for words in ("<td class='fw-bold text-nowrap'>D4", "Find the root causes."):
            self.assertIn(words, str(report.quality_findings).replace('"', "'"))
        self.report.root_cause_ids.create(
            {
                "res_model": self.report._name,
                "res_id": self.report.id,
                "name": "<b>Operator error</b>",
                "contribution": 100,
            }
        )
        self.assertIn("&lt;b&gt;Operator error", str(report.quality_findings))
