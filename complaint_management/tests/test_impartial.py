from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestImpartial(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_manager = cls._new_user("manager", "second_manager")
        cls.other_team = cls.env["complaint.team"].create(
            {"name": "Ganja", "leader_id": cls.second_manager.id}
        )

    def _about(self, *users, **values):
        """A case about some people, which others own."""
        subjects = [Command.set([user.id for user in users])]
        return self._new_case(
            **{"user_id": self.investigator.id, "subject_user_ids": subjects, **values}
        )

    def _routes(self, case, user):
        """Return {route: call} of all that changes a case."""
        as_user = case.with_user(user)
        done = {"validity": "justified", "validity_reason": "x"}
        return {
            "own": as_user.action_assign_to_me,
            "handle": lambda: as_user.write({"subject": "x"}),
            "judge": lambda: as_user.write(done),
            "not justified": lambda: as_user.write(
                {"validity": "not_justified", "validity_reason": "x"}
            ),
            "close": lambda: as_user.write({"stage_id": self._stage("cancelled").id}),
            "next": as_user.action_next_stage,
            "web_save": lambda: as_user.web_save({"priority": "0"}, {"id": {}}),
            "priority": as_user.action_take_priority,
            "mass": lambda: (as_user | self._new_case().with_user(user)).write(
                {"priority": "0"}
            ),
            "unname": lambda: as_user.write({"subject_user_ids": [Command.clear()]}),
            "answer": lambda: self._answer(as_user, user),
            "report": lambda: (
                self.env["complaint.initial.report"]
                .with_user(user)
                .create({"case_id": case.id, "found": "x", "done": "y"})
            ),
            "import": lambda: self._import(as_user),
        }

    def _import(self, as_user):
        """The import screen changes the record of an external id."""
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": f"case_{as_user.id}",
                "model": as_user._name,
                "res_id": as_user.id,
            }
        )
        result = as_user.load(
            ["id", "stage_id"], [[f"__import__.case_{as_user.id}", "Cancelled"]]
        )
        self.assertFalse(result["ids"])
        raise AccessError(result["messages"][0]["message"])

    def assertKeptOut(self, case, user):
        before = case.read(["subject", "validity", "stage_id", "user_id", "priority"])
        for route, attempt in self._routes(case, user).items():
            with self.subTest(route, user=user.login):
                with self.assertRaises(AccessError):
                    with self.env.cr.savepoint():
                        attempt()
        case.invalidate_recordset()
        names = ["subject", "validity", "stage_id", "user_id", "priority"]
        self.assertEqual(case.read(names), before)

    def test_employee_is_kept_out_by_every_route(self):
        self.assertKeptOut(self._about(self.handler), self.handler)

    def test_manager_who_is_the_subject_is_kept_out_too(self):
        self.assertKeptOut(self._about(self.manager), self.manager)

    def test_members_and_leader_of_a_team_are_kept_out(self):
        case = self._about(
            subject_team_id=self.team.id,
            team_id=self.other_team.id,
            user_id=self.second_manager.id,
        )
        self.other_team.member_ids = self.handler | self.manager
        self.assertKeptOut(case, self.handler)
        self.assertKeptOut(case, self.manager)

    def test_manager_who_leads_another_team_may(self):
        self.team.member_ids |= self.second_manager
        case = self._about(subject_team_id=self.team.id, user_id=False)
        case.with_user(self.second_manager).write({"user_id": self.second_manager.id})
        self.assertEqual(case.user_id, self.second_manager)

    def test_employee_of_the_supplier_is_kept_out(self):
        supplier = self.env["res.partner"].create({"name": "S", "is_company": True})
        self.handler.partner_id.parent_id = supplier
        case = self._about(subject_partner_id=supplier.id)
        with self.assertRaises(AccessError):
            case.with_user(self.handler).subject = "x"

    def test_own_company_is_no_subject(self):
        with self.assertRaises(ValidationError):
            self._about(subject_partner_id=self.env.company.partner_id.id)

    def test_subject_is_never_owner_or_confidant_not_even_by_the_system(self):
        with self.assertRaises(ValidationError):
            self._about(self.handler, user_id=self.handler.id)
        case = self._about(self.handler)
        for vals in (
            {"user_id": self.handler.id},
            {"confidential_user_ids": [Command.link(self.handler.id)]},
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                case.sudo().write(vals)
        own = self._new_case()
        with self.assertRaises(ValidationError):
            own.with_user(self.handler).subject_user_ids = self.handler

    def test_subject_is_heard_in_a_note(self):
        case = self._about(self.handler).with_user(self.handler)
        note = case.message_post(body="I was not there", subtype_xmlid="mail.mt_note")
        self.assertEqual(note.author_id, self.handler.partner_id)
        self.assertTrue(case.is_about_me)
        self.assertFalse(case.responded_at)

    def test_others_go_on(self):
        case = self._about(self.handler).with_user(self.investigator)
        case.priority = "2"
        self._answer(case, self.investigator)
        self.assertTrue(case.responded_at)
        self.assertFalse(case.is_about_me)

    def test_subject_is_no_second_person(self):
        case = self._about(self.manager)
        case.with_user(self.investigator).write(
            {"validity": "not_justified", "validity_reason": "x"}
        )
        with self.assertRaises(AccessError):
            case.with_user(self.manager).action_confirm_validity()
        self.assertEqual(case.activity_ids.user_id, case._get_second_person())
        self.assertNotEqual(case.activity_ids.user_id, self.manager)
        case.with_user(self.second_manager).action_confirm_validity()
        self.assertEqual(case.validity, "not_justified")

    def test_subject_checks_no_effectiveness(self):
        case = self._about(self.manager)
        action = self.env["mgmtsystem.action"].create(
            {
                "name": "Train",
                "type_action": "correction",
                "complaint_case_id": case.id,
                "user_id": self.investigator.id,
            }
        )
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            action.effectiveness_checker_id = self.manager
        with self.assertRaises(AccessError):
            action.with_user(self.manager).write(
                {"effectiveness_result": "effective", "effectiveness_note": "x"}
            )
        action.effectiveness_checker_id = self.second_manager
        action.stage_id = self.env.ref("mgmtsystem_action.stage_close")
        action.with_user(self.second_manager).write(
            {"effectiveness_result": "effective", "effectiveness_note": "x"}
        )

    # -- confidential ----------------------------------------------------------------
    def test_subject_sees_nothing_of_a_confidential_case(self):
        case = self._about(self.handler, is_confidential=True)
        report = self.env["complaint.eightd"].create(
            {"case_id": case.id, "subject": "x"}
        )
        initial = self.env["complaint.initial.report"].create(
            {"case_id": case.id, "found": "x", "done": "y"}
        )
        # Also where rules would let them in but for that.
        self.env.cr.execute(
            "INSERT INTO complaint_case_confidential_user_rel VALUES (%s, %s)",
            (case.id, self.handler.id),
        )
        self.env.cr.execute(
            "UPDATE complaint_case SET create_uid = %s WHERE id = %s",
            (self.handler.id, case.id),
        )
        self.env.invalidate_all()
        self.assertEqual(case.confidential_user_ids, self.handler)
        hangs = [
            case,
            report,
            report.step_ids,
            initial,
            case.sla_clock_ids,
            case.journal_entry_ids,
        ]
        for records in hangs:
            self.assertTrue(records)
            as_handler = records.with_user(self.handler)
            self.assertFalse(as_handler._filtered_access("read"), records)
            if as_handler.browse().has_access("read"):
                self.assertFalse(as_handler.search([("id", "in", records.ids)]))

    def test_confidential_case_about_oneself_is_taken_in_by_a_colleague(self):
        vals = {
            "subject": "The handler was rude",
            "is_confidential": True,
            "team_id": self.team.id,
            "subject_user_ids": [Command.set(self.handler.ids)],
        }
        cases = self.env["complaint.case"]
        with self.assertRaises(UserError), self.env.cr.savepoint():
            cases.with_user(self.handler).create({**vals})
        case = cases.with_user(self.investigator).create(
            {**vals, "user_id": self.investigator.id}
        )
        self.assertFalse(case.with_user(self.handler).has_access("read"))
        plain = cases.with_user(self.handler).create({**vals, "is_confidential": False})
        self.assertTrue(plain.with_user(self.handler).has_access("read"))

    def test_confidential_case_about_the_leader_goes_to_other_managers(self):
        case = self._about(self.manager, is_confidential=True, user_id=False)
        self.assertIn(self.second_manager, case.confidential_user_ids)
        self.assertNotIn(self.manager, case.confidential_user_ids)

    def test_case_about_a_colleague_is_taken_in_on_the_screen(self):
        form = Form(self.env["complaint.case"].with_user(self.handler))
        form.subject = "Rude"
        form.subject_user_ids.add(self.investigator)
        form.subject_team_id = self.other_team
        case = form.save()
        self.assertEqual(case.subject_user_ids, self.investigator)
        entry = case.sudo().journal_entry_ids[-1]
        self.assertEqual(entry.after["subject_user_ids"], self.investigator.ids)

    def test_merging_keeps_whom_it_was_about(self):
        about = self._about(self.handler, subject_team_id=self.other_team.id)
        other = self._new_case(user_id=self.investigator.id)
        about.with_user(self.investigator)._merge_into(
            other.with_user(self.investigator)
        )
        self.assertEqual(other.subject_user_ids, self.handler)
        self.assertEqual(other.subject_team_id, self.other_team)
        with self.assertRaises(AccessError):
            other.with_user(self.handler).subject = "x"
