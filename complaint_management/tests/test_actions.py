import importlib.util
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import GROUP, ComplaintCommon

ROOT = {"name": "Loose cable", "res_model": "complaint.case"}


class ActionCommon(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._new_case()
        cls.closed = cls.env.ref("mgmtsystem_action.stage_close")
        cls.opened = cls.env.ref("mgmtsystem_action.stage_open")
        cls.cancelled = cls.env.ref("mgmtsystem_action.stage_cancel")

    @classmethod
    def _new_action(cls, **values):
        return cls.env["mgmtsystem.action"].create(
            {
                "name": "Screw the cable",
                "type_action": "correction",
                "complaint_case_id": cls.case.id,
                "user_id": cls.investigator.id,
                **values,
            }
        )

    def _events(self, case=None):
        return (case or self.case).journal_entry_ids.mapped("event")


@tagged("post_install", "-at_install")
class TestActions(ActionCommon):
    """Source, requirement and progress of actions (CA-1)."""

    # -- where it comes from --------------------------------------------------
    def test_source_follows_what_the_action_hangs_on(self):
        action = self._new_action(complaint_case_id=False)
        self.assertEqual(action.complaint_source, "other")
        self.env["mgmtsystem.audit"].create(
            {"name": "Audit", "imp_opp_ids": [Command.link(action.id)]}
        )
        self.assertEqual(action.complaint_source, "audit")
        action.complaint_case_id = self.case
        self.assertEqual(action.complaint_source, "case")
        report = self.env["complaint.eightd"].create(
            {"case_id": self.case.id, "subject": "Oven"}
        )
        action.complaint_eightd_id = report
        self.assertEqual(action.complaint_source, "eightd")

    def test_source_of_a_new_improvement_of_an_audit(self):
        audit = self.env["mgmtsystem.audit"].create(
            {
                "name": "Audit",
                "imp_opp_ids": [
                    Command.create(
                        {"name": "Better light", "type_action": "improvement"}
                    )
                ],
            }
        )
        self.assertEqual(audit.imp_opp_ids.complaint_source, "audit")

    def test_action_of_a_report_is_of_its_complaint_by_create_and_write(self):
        report = self.env["complaint.eightd"].create(
            {"case_id": self.case.id, "subject": "Oven"}
        )
        by_create = self._new_action(
            complaint_case_id=False, complaint_eightd_id=report.id
        )
        by_write = self._new_action(complaint_case_id=False)
        by_write.complaint_step_id = report.step_ids[3]
        for action in (by_create, by_write):
            self.assertEqual(action.complaint_case_id, self.case)
            self.assertEqual(action.complaint_eightd_id, report)

    def test_feedback_becomes_an_improvement(self):
        answer = (
            self.env["complaint.feedback"]
            .sudo()
            .create(
                {
                    "case_id": self.case.id,
                    "nps_score": 3,
                    "comment": "Nobody called back",
                    "answered_at": "2026-01-01 10:00:00",
                }
            )
        )
        opened = answer.with_user(self.handler).action_improve()
        model = self.env["mgmtsystem.action"].with_user(self.handler)
        form = Form(model.with_context(**opened["context"]))
        form.name = "Call back within a day"
        action = form.save()
        self.assertEqual(action.complaint_source, "feedback")
        self.assertEqual(action.complaint_case_id, self.case)
        self.assertFalse(action.is_required)
        self.assertEqual(answer.action_ids, action)
        self.assertEqual(model.search(answer.action_open_actions()["domain"]), action)

    def test_source_is_written_by_the_system_only(self):
        action = self._new_action().with_user(self.manager)
        with self.assertRaises(AccessError):
            action.complaint_source = "audit"
        with self.assertRaises(AccessError):
            action.next_step = "done"

    def test_root_of_another_complaint_is_refused(self):
        other = self._new_case()
        root = self.env["complaint.rca.root"].create([{**ROOT, "res_id": other.id}])
        with self.assertRaises(ValidationError):
            self._new_action(complaint_root_id=root.id)
        own = root.copy({"res_id": self.case.id})
        self.assertEqual(self._new_action(complaint_root_id=own.id), own.action_ids)

    def test_root_of_the_report_of_the_complaint_is_allowed(self):
        report = self.env["complaint.eightd"].create(
            {"case_id": self.case.id, "subject": "Oven"}
        )
        root = self.env["complaint.rca.root"].create(
            {"name": "Loose", "res_model": report._name, "res_id": report.id}
        )
        self.assertTrue(self._new_action(complaint_root_id=root.id))

    # -- what it waits for ----------------------------------------------------
    def test_improvements_are_not_required_unless_said(self):
        action = self._new_action()
        self.assertTrue(action.is_required)
        better = self._new_action(type_action="improvement")
        self.assertFalse(better.is_required)
        self.assertTrue(self.case._gate_check_actions_done() is False)
        action.stage_id = self.closed
        self.assertTrue(self.case._gate_check_actions_done())
        better.is_required = True
        self.assertFalse(self.case._gate_check_actions_done())

    def test_only_a_manager_loosens_and_the_journal_says_so(self):
        action = self._new_action()
        for user in (self.handler, self.investigator):
            with self.assertRaises(AccessError):
                action.with_user(user).is_required = False
            # nor by the way of another type
            action.with_user(user).type_action = "improvement"
            self.assertTrue(action.is_required)
            action.with_user(user).type_action = "correction"
        self.assertNotIn("action_optional", self._events())
        action.with_user(self.manager).is_required = False
        self.assertIn("action_optional", self._events())
        self.assertTrue(self.case._gate_check_actions_done())
        action.with_user(self.investigator).is_required = True
        self.assertIn("action_required", self._events())

    def test_cancelled_action_is_not_waited_for_and_the_journal_says_so(self):
        action = self._new_action(effectiveness_check_date="2026-01-01")
        action.with_user(self.investigator).stage_id = self.cancelled
        self.assertEqual(action.next_step, "cancelled")
        self.assertTrue(self.case._gate_check_actions_done())
        self.assertIn("action_cancelled", self._events())

    def test_archiving_is_no_way_round_the_gate(self):
        action = self._new_action()
        action.with_user(self.investigator).active = False
        self.assertFalse(self.case._gate_check_actions_done())
        self.assertTrue(action.active is False)

    def test_closing_refused_names_each_action_and_what_is_missing(self):
        self._new_action(name="One")
        self._new_action(
            name="Two", stage_id=self.closed.id, verifier_id=self.manager.id
        )
        self._new_action(
            name="Three",
            stage_id=self.closed.id,
            effectiveness_check_date="2026-01-01",
        )
        failed = self._new_action(name="Four", stage_id=self.closed.id)
        failed.write(
            {"effectiveness_result": "not_effective", "effectiveness_note": "No"}
        )
        self._new_action(name="Five", stage_id=self.closed.id)
        with self.assertRaises(UserError) as refusal:
            self.case.stage_id = self._stage("closed")
        text = str(refusal.exception)
        for words in (
            "“One” (Investigator) isn't implemented",
            "“Two” (Investigator): nobody has verified",
            "“Three” (Investigator): nobody has checked",
            "“Four” (Investigator) didn't work",
        ):
            self.assertIn(words, text)
        self.assertNotIn("Five", text)
        details = [
            point["details"]
            for point in refusal.exception.context["missing"]
            if point["details"]
        ]
        self.assertEqual([len(texts) for texts in details], [4])

    def test_report_waits_for_its_required_actions(self):
        report = self.env["complaint.eightd"].create(
            {"case_id": self.case.id, "subject": "Oven", "leader_id": self.manager.id}
        )
        action = self._new_action(complaint_eightd_id=report.id)
        self._new_action(complaint_eightd_id=report.id, type_action="improvement")
        self.assertEqual(
            [text for text in report._get_missing() if "cable" in text],
            ["“Screw the cable” (Investigator) isn't implemented"],
        )
        action.stage_id = self.closed
        self.assertFalse([text for text in report._get_missing() if "cable" in text])

    def test_upgrade_knows_what_replaced_what(self):
        file = Path(__file__).parents[1] / "migrations/19.0.1.2.0/post-actions.py"
        spec = importlib.util.spec_from_file_location("post_actions", file)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        first, second, third, other = (
            self._new_action(stage_id=self.closed.id) for __ in range(4)
        )
        last = self._new_action(complaint_case_id=self._new_case().id)
        (first | second | last).write(
            {"effectiveness_result": "not_effective", "effectiveness_note": "No"}
        )
        self.cancelled.is_cancelled = False
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertTrue(self.cancelled.is_cancelled)
        self.assertEqual(second.follows_id, first)
        self.assertEqual(third.follows_id, second)
        self.assertFalse(other.follows_id)
        self.assertEqual(
            (first | second | last).mapped("next_step"), ["done", "done", "follow"]
        )

    def test_what_is_due_first_comes_first(self):
        today = fields.Date.today()
        check = self._new_action(
            stage_id=self.closed.id, effectiveness_check_date=today - timedelta(days=5)
        )
        late = self._new_action(date_deadline=today - timedelta(days=2))
        early = self._new_action(date_deadline=today + timedelta(days=2))
        never = self._new_action()
        done = self._new_action(
            stage_id=self.closed.id, date_deadline=today - timedelta(days=9)
        )
        actions = check | late | early | never | done
        self.assertEqual(
            self.env["mgmtsystem.action"].search(
                [("id", "in", actions.ids)], order="next_due, id"
            ),
            check | late | early | never | done,
        )
        self.assertEqual(actions.filtered("is_overdue"), check | late)

    # -- who sees it ----------------------------------------------------------
    def test_actions_of_a_confidential_complaint(self):
        case = self._new_case(subject="Secret thing", is_confidential=True)
        viewer = new_test_user(
            self.env, "capa_viewer", groups="mgmtsystem.group_mgmtsystem_user"
        )
        action = self._new_action(complaint_case_id=case.id)
        for user in (viewer, self.manager, self.auditor, self.legal):
            model = self.env["mgmtsystem.action"].with_user(user)
            self.assertFalse(model.search([("id", "=", action.id)]), user.login)
            with self.assertRaises(AccessError):
                action.with_user(user).read(["name"])
        self.assertTrue(action.with_user(self.handler).has_access("write"))
        action.user_id = viewer
        seen = action.with_user(viewer)
        self.env.invalidate_all()
        self.assertEqual(seen.name, "Screw the cable")
        self.assertEqual(
            seen.read(["complaint_case_id"])[0]["complaint_case_id"][1], case.name
        )
        with self.assertRaises(AccessError):
            seen.complaint_case_id.read(["subject"])

    def test_owner_of_the_management_system_works_with_their_action(self):
        """Who owns an action needn't be in the complaint team."""
        owner = new_test_user(
            self.env, "capa_owner", groups="mgmtsystem.group_mgmtsystem_user"
        )
        case = self._new_case(is_confidential=True, subject="Secret thing")
        root = self.env["complaint.rca.root"].create([{**ROOT, "res_id": case.id}])
        action = self._new_action(
            complaint_case_id=case.id, user_id=owner.id, complaint_root_id=root.id
        )
        self.env.invalidate_all()
        with Form(action.with_user(owner)) as form:
            form.stage_id = self.closed.with_user(owner)
        self.assertEqual(action.next_step, "done")
        self.env.invalidate_all()
        seen = action.with_user(owner).web_read(
            {
                "complaint_case_id": {"fields": {"display_name": {}}},
                "complaint_effect": {},
            }
        )
        self.assertEqual(seen[0]["complaint_case_id"]["display_name"], case.name)
        self.assertNotIn("Secret", str(seen))

    def test_action_of_another_company_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "capa_stranger",
            groups=f"{GROUP}manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self._new_action(company_id=self.env.company.id)
        found = self.env["mgmtsystem.action"].with_user(stranger).search([])
        self.assertFalse(found)

    def test_mail_about_a_new_action_waits_for_the_transaction(self):
        action = self._new_action()
        mails = self.env["mail.mail"].search(
            [("model", "=", action._name), ("res_id", "=", action.id)]
        )
        self.assertEqual(mails.mapped("state"), ["outgoing"])

    # -- many -----------------------------------------------------------------
    def test_list_costs_the_same_with_one_and_with_80_rows(self):
        names = [
            "name",
            "next_step",
            "is_overdue",
            "is_finished",
            "complaint_case_id",
            "complaint_source",
            "user_id",
            "stage_id",
            "is_required",
            "effectiveness_result",
        ]
        actions = self.env["mgmtsystem.action"].create(
            [
                {
                    "name": f"{n}",
                    "type_action": "correction",
                    "complaint_case_id": self.case.id,
                    "user_id": self.investigator.id,
                }
                for n in range(80)
            ]
        )
        counts = []
        for some in (actions[:1], actions[:1], actions):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.handler).web_read({name: {} for name in names})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 1)

    def test_form_of_a_new_action(self):
        model = self.env["mgmtsystem.action"].with_user(self.investigator)
        context = {"default_complaint_case_id": self.case.id}
        form = Form(model.with_context(**context))
        form.name = "Şruplar – پیچ"
        form.type_action = "prevention"
        action = form.save()
        self.assertEqual(action.complaint_source, "case")
        self.assertEqual(action.next_step, "work")
        self.assertTrue(action.is_required)
