"""An 8D report from D0 to D8 by three people, with rejections in between."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..exceptions import HoldError
from .eightd_common import CELLS, CODES, EightdCommon


@tagged("post_install", "-at_install")
class TestEightdFlow(EightdCommon):
    """The leader leads, the member writes D3 and D6, the reviewer signs off."""

    def test_three_people_from_d0_to_d8(self):
        report = self.report
        self._start(report)
        self._find_cause(report)
        self._act(report)
        self._end(report)
        rounds = report.review_ids.sorted("id")
        self.assertEqual(
            rounds.filtered(lambda r: r.decision == "rejected").mapped("discipline"),
            ["d0", "d4", "d4", "d6"],
        )
        self.assertEqual(
            rounds.filtered(lambda r: r.decision == "accepted").mapped("discipline"),
            CODES,
        )
        self.assertEqual(
            set(rounds.mapped("user_id")),
            {self.investigator, self.member, self.reviewer},
        )

    def _start(self, report):
        self._hand_in(report, "d0")
        self._send_back(report, "d0", "Who was told, and when?")
        self.assertEqual(report.current_step_id.round, 1)
        self._hand_in(report, "d0")
        self._sign(report, "d0")
        self._provide_d1(report)
        self._hand_in(report, "d1", "d2")
        self.assertEqual(report.waiting_count, 2)
        self._sign(report, "d1", "d2")
        self._provide_d3(report)
        self._hand_in(report, "d3", user=self.member)
        with self.assertRaises(AccessError):
            self._sign(report, "d3", user=self.member)
        self._sign(report, "d3")
        self.assertEqual(report.current_discipline, "d4")

    def _find_cause(self, report):
        """The first answer is half of it, the second one weighs wrongly."""
        self._provide_d4(report)
        self._hand_in(report, "d4")
        self._send_back(report, "d4", "Why wasn't it found?")
        causes = report.root_cause_ids
        causes[3].contribution = 15
        with self.assertRaises(UserError):
            self._hand_in(report, "d4")
        causes[3].contribution = 25
        self._hand_in(report, "d4")
        self._send_back(report, "d4", "What proves it?")
        causes.evidence = "Lab report 12"
        self._hand_in(report, "d4")
        self._sign(report, "d4")
        self.assertEqual(set(causes.mapped("cell")), set(CELLS))

    def _act(self, report):
        self._provide_d5(report)
        self._hand_in(report, "d5")
        self._sign(report, "d5")
        step = self._step(report, "d6").with_user(self.member)
        step.attachment_ids = [Command.create({"name": "test.pdf", "raw": b"%PDF-"})]
        self._hand_in(report, "d6", user=self.member)
        self._send_back(report, "d6", "300 lids, not 30.")
        self._provide_d6(report)
        self._hand_in(report, "d6", user=self.member)
        self._sign(report, "d6")
        self._provide_d7(report)
        self._hand_in(report, "d7")
        self._sign(report, "d7")

    def _end(self, report):
        with self.assertRaises(UserError):
            self._hand_in(report, "d8")
        self._finish_actions(report.action_ids)
        self.assertEqual(report.quality_score, 100, report.quality_findings)
        self._hand_in(report, "d8")
        with self.assertRaises(UserError):
            report.action_done()
        self._sign(report, "d8")
        self.assertEqual(report.progress, 100)
        self.assertFalse(report.date_due)
        self.assertFalse(self.case._gate_check_eightd_finished())
        report.action_done()
        self.assertTrue(self.case._gate_check_eightd_finished())

    def test_late_reports_come_first_and_are_found(self):
        late = self._new_report(started_at="2026-01-01 10:00:00")
        both = self.report | late
        found = self.env["complaint.eightd"].search([("id", "in", both.ids)])
        self.assertEqual(found.sudo().ids, [late.id, self.report.id])
        domain = [("id", "in", both.ids), ("is_late", "=", True)]
        self.assertEqual(self.env["complaint.eightd"].search(domain).id, late.id)
        domain = [("id", "in", both.ids), ("is_late", "=", False)]
        self.assertEqual(self.env["complaint.eightd"].search(domain).id, self.report.id)

    def test_list_costs_no_more_with_many_reports(self):
        many = self.report
        for __ in range(8):
            many |= self._new_report()
        names = ["name", "is_late", "quality_score", "progress", "date_due"]
        counts = []
        for reports in (many[:1], many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            reports.read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_held_report_loses_nothing_of_its_parts(self):
        self._work_through(self.report, "d3")
        self._hold_case()
        self.assertTrue(self.case.is_on_hold)
        line = self.report.containment_ids
        member = self.report.team_ids[-1]
        for env in (self.env(user=self.manager), self.env(su=True)):
            for call in (
                lambda e=env: line.with_env(e).write({"quantity": 1}),
                lambda e=env: line.with_env(e).unlink(),
                lambda e=env: member.with_env(e).unlink(),
                lambda e=env: member.with_env(e).write({"name": "Nobody"}),
            ):
                with self.assertRaises(UserError):
                    call()
        self.env.flush_all()
        for table, record in (
            ("containment", line),
            ("member", member),
            ("review", self.report.review_ids),
        ):
            with (
                self.subTest(table=table),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE id = ANY(%s)",
                        SQL.identifier(f"complaint_eightd_{table}"),
                        record.ids,
                    )
                )
        self._provide_d4(self.report)
        self._hand_in(self.report, "d4")
        self._sign(self.report, "d4")
        self._send_back(self.report, "d4", "Work goes on")
        step = self._step(self.report, "d4")
        self.assertFalse(step.signed_by_id)
        later = step.submitted_at + timedelta(days=1)
        with patch.object(fields.Datetime, "now", return_value=later):
            self._hand_in(self.report, "d4")
        self.assertEqual(step.submitted_at, later)
        self.assertEqual(
            step.review_ids.sorted("id").mapped("decision"),
            ["submitted", "accepted", "rejected", "submitted"],
        )

    def test_each_round_keeps_what_was_handed_in(self):
        self._work_through(self.report, "d1")
        step = self._step(self.report, "d2").with_user(self.member)
        file = self.env["ir.attachment"].create(
            {"name": "ölçü.txt", "raw": b"7 of 96", "res_model": step._name}
        )
        file.res_id = step.id
        step.write({"content": "<p>Half a drop</p>", "attachment_ids": file.ids})
        step.with_user(self.member).action_submit()
        self._send_back(self.report, "d2", "How many?")
        step.write({"content": "<p>7 of 96</p>", "attachment_ids": [Command.clear()]})
        step.with_user(self.member).action_submit()
        first, back, second = step.review_ids.sorted("id")
        self.assertEqual(first.content, "<p>Half a drop</p>")
        self.assertEqual(back.content, "<p>Half a drop</p>")
        self.assertEqual(second.content, "<p>7 of 96</p>")
        self.assertEqual(first.evidence, f"ölçü.txt (SHA-1 {file.checksum})")
        self.assertFalse(second.evidence)
        with self.assertRaises(AccessError):
            first.sudo().write({"content": "<p>Another</p>"})

    def test_held_discipline_is_written_anew_once_a_round(self):
        self._work_through(self.report, "d1")
        step = self._step(self.report, "d2")
        step.content = "<p>Half a drop</p>"
        self._hold_case()
        self._assert_content_stays(step)
        step.with_user(self.member).action_submit()
        self._send_back(self.report, "d2", "How many?")
        step.with_user(self.member).content = "<p>7 of 96</p>"
        self.env.flush_all()
        self._assert_content_stays(step)
        step.with_user(self.member).action_submit()
        self.assertEqual(
            step.review_ids.sorted("id").mapped("content"),
            ["<p>Half a drop</p>", "<p>Half a drop</p>", "<p>7 of 96</p>"],
        )

    def _hold_case(self):
        self.env["complaint.legal.hold"].with_user(self.legal).create(
            {
                "name": "Court 1",
                "reason": "A claim",
                "case_ids": [Command.set(self.case.ids)],
            }
        )

    def _assert_content_stays(self, step):
        for env in (self.env(user=self.manager), self.env(su=True)):
            with self.assertRaises(HoldError):
                step.with_env(env).write({"content": "<p>Nothing</p>"})
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE complaint_eightd_step SET content = '' WHERE id = %s",
                [step.id],
            )
