from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_actions import ActionCommon


@tagged("post_install", "-at_install")
class TestActionTies(ActionCommon):
    """What a complaint waits for can't be taken away from it unseen (CA-2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._new_user("investigator", "owner")
        cls.checker = cls._new_user("investigator", "checker")
        cls.team.member_ids |= cls.owner | cls.checker
        cls.action = cls._new_action(user_id=cls.owner.id)
        cls.other = cls._new_case()
        hidden = cls.env["complaint.team"].create(
            {"name": "Hidden", "leader_id": cls.manager.id, "alias_name": "hidden"}
        )
        cls.hidden = cls._new_case(team_id=hidden.id)

    def _load(self, user, action, **values):
        """Import values; return the messages of refusal."""
        model = self.env["mgmtsystem.action"].with_user(user)
        row = [str(action.id), *(str(value) for value in values.values())]
        return model.load([".id", *values], [row])["messages"]

    # -- taking it off the complaint --------------------------------------------------
    def test_required_action_isnt_taken_off_its_complaint(self):
        for user in (self.handler, self.investigator, self.owner):
            for case in (self.other, self.env["complaint.case"]):
                with self.assertRaisesRegex(AccessError, "Only a manager"):
                    self.action.with_user(user).complaint_case_id = case
        messages = self._load(
            self.handler, self.action, **{"complaint_case_id/.id": self.other.id}
        )
        self.assertIn("Only a manager", messages[0]["message"])
        self.assertEqual(self.action.complaint_case_id, self.case)
        self.assertFalse(self.case._gate_check_actions_done())
        # together with others, one of which may go
        better = self._new_action(type_action="improvement", user_id=self.owner.id)
        with self.assertRaises(AccessError):
            (better | self.action).with_user(self.owner).complaint_case_id = self.other
        better.with_user(self.owner).complaint_case_id = self.other
        self.assertEqual(better.complaint_case_id, self.other)

    def test_manager_takes_it_off_and_the_journal_says_so(self):
        self.action.with_user(self.manager).complaint_case_id = self.other
        self.assertIn("action_untied", self._events())
        self.assertTrue(self.case._gate_check_actions_done())
        self.assertFalse(self.other._gate_check_actions_done())

    def test_required_action_isnt_taken_off_its_report(self):
        report, second = self.env["complaint.eightd"].create(
            [{"case_id": self.case.id, "subject": name} for name in ("One", "Two")]
        )
        action = self._new_action(complaint_eightd_id=report.id)
        for vals in (
            {"complaint_eightd_id": False},
            {"complaint_eightd_id": second.id},
            {"complaint_step_id": second.step_ids[0].id},
        ):
            with self.assertRaises(AccessError):
                action.with_user(self.investigator).write(vals)
        # within its report it may move
        action.with_user(self.investigator).complaint_step_id = report.step_ids[5]
        self.assertEqual(action.complaint_eightd_id, report)

    def test_action_without_complaint_is_free(self):
        user = new_test_user(
            self.env, "tie_user", groups="mgmtsystem.group_mgmtsystem_user"
        )
        action = self._new_action(
            complaint_case_id=False,
            user_id=user.id,
            verifier_id=self.owner.id,
            effectiveness_check_date="2026-12-01",
        )
        action.with_user(user).write(
            {"verifier_id": False, "effectiveness_check_date": False}
        )
        self.assertFalse(action.verifier_id)

    # -- pointing to what one may not read --------------------------------------------
    def test_nobody_ties_an_action_to_what_they_may_not_read(self):
        model = self.env["mgmtsystem.action"].with_user(self.investigator)
        report = self.env["complaint.eightd"].create(
            {"case_id": self.hidden.id, "subject": "Hidden"}
        )
        root = self.env["complaint.rca.root"].create(
            {
                "name": "Loose cable",
                "res_model": "complaint.case",
                "res_id": self.hidden.id,
            }
        )
        loose = self._new_action(complaint_case_id=False)
        for vals in (
            {"complaint_case_id": self.hidden.id},
            {"complaint_eightd_id": report.id},
            {"complaint_step_id": report.step_ids[0].id},
            {"complaint_root_id": root.id},
        ):
            with self.assertRaises(AccessError):
                model.create({"name": "x", "type_action": "correction", **vals})
            with self.assertRaises(AccessError):
                loose.with_user(self.investigator).write(vals)
        self.assertFalse(self.hidden.action_ids)

    def test_owner_who_cant_read_the_complaint_replaces_the_action(self):
        """What an action points to goes on with the one that follows it."""
        owner = new_test_user(
            self.env, "tie_owner", groups="mgmtsystem.group_mgmtsystem_user"
        )
        action = self._new_action(complaint_case_id=self.hidden.id, user_id=owner.id)
        seen = action.with_user(owner)
        follower = seen.create(seen._prepare_follower_vals())
        self.assertEqual(follower.complaint_case_id, self.hidden)

    # -- taking verification and check away -------------------------------------------
    def _planned(self):
        return self._new_action(
            user_id=self.owner.id,
            stage_id=self.closed.id,
            verifier_id=self.checker.id,
            effectiveness_checker_id=self.checker.id,
            effectiveness_check_date="2026-12-01",
        )

    def test_planned_check_and_verification_are_not_dropped(self):
        action = self._planned()
        for user in (self.owner, self.handler):
            for name in ("verifier_id", "effectiveness_check_date"):
                with self.assertRaisesRegex(AccessError, "Only a manager"):
                    action.with_user(user).write({name: False})
        with self.assertRaises(AccessError):
            (action | self._planned()).with_user(self.owner).verifier_id = False
        messages = self._load(self.owner, action, effectiveness_check_date="")
        self.assertIn("Only a manager", messages[0]["message"])
        # another day and another person are still a plan
        action.with_user(self.owner).write(
            {
                "effectiveness_check_date": "2026-12-15",
                "verifier_id": self.investigator.id,
            }
        )
        self.assertEqual(action.next_step, "verify")
        self.assertNotIn("action_eased", self._events())
        action.with_user(self.manager).write(
            {"verifier_id": False, "effectiveness_check_date": False}
        )
        self.assertEqual(action.next_step, "done")
        self.assertIn("action_eased", self._events())

    # -- replacing what didn't work ---------------------------------------------------
    def _failed(self):
        action = self._new_action(user_id=self.owner.id, stage_id=self.closed.id)
        action.write(
            {"effectiveness_result": "not_effective", "effectiveness_note": "No"}
        )
        return action

    def test_what_replaces_a_required_action_is_waited_for(self):
        (self.action | self._failed()).write({"stage_id": self.closed.id})
        failed = self._failed()
        follower = (
            self.env["mgmtsystem.action"]
            .with_user(self.handler)
            .create(
                {
                    "name": "Later, perhaps",
                    "type_action": "improvement",
                    "is_required": False,
                    "follows_id": failed.id,
                }
            )
        )
        self.assertEqual(follower.complaint_case_id, self.case)
        self.assertTrue(follower.is_required)
        self.assertEqual(failed.next_step, "done")
        self.assertIn(follower, self.case._get_unfinished_actions())
        # an action that is there already, too
        better = self._new_action(type_action="improvement", is_required=False)
        better.with_user(self.handler).follows_id = self._failed()
        self.assertTrue(better.is_required)

    def test_action_of_another_complaint_replaces_nothing(self):
        failed = self._failed()
        model = self.env["mgmtsystem.action"].with_user(self.handler)
        with self.assertRaisesRegex(ValidationError, "another complaint"):
            model.create(
                {
                    "name": "Elsewhere",
                    "type_action": "correction",
                    "complaint_case_id": self.other.id,
                    "follows_id": failed.id,
                }
            )
        elsewhere = self._new_action(complaint_case_id=self.other.id)
        with self.assertRaisesRegex(ValidationError, "another complaint"):
            elsewhere.with_user(self.handler).follows_id = failed
        self.assertEqual(failed.next_step, "follow")

    # -- what the words tell ----------------------------------------------------------
    def test_whom_a_confidential_complaint_is_about_isnt_told(self):
        subject = self._new_user("handler", "subject")
        secret = self._new_case(
            is_confidential=True,
            user_id=self.investigator.id,
            subject_user_ids=[Command.set(subject.ids)],
        )
        reader = new_test_user(
            self.env, "tie_reader", groups="mgmtsystem.group_mgmtsystem_user"
        )
        action = self._new_action(complaint_case_id=secret.id, user_id=reader.id)
        for name in ("verifier_id", "effectiveness_checker_id"):
            with self.assertRaises(ValidationError) as refusal:
                action.with_user(reader).write({name: subject.id})
            self.assertNotIn("about", str(refusal.exception))
            self.assertIn("Choose somebody else", str(refusal.exception))
            with self.assertRaisesRegex(ValidationError, "complaint is about"):
                action.with_user(self.investigator).write({name: subject.id})
        # nor is the subject, who owns an action without knowing why
        action = self._new_action(complaint_case_id=secret.id, user_id=subject.id)
        with self.assertRaises(AccessError) as refusal:
            action.with_user(subject).write(
                {"effectiveness_result": "effective", "effectiveness_note": "Fine"}
            )
        self.assertNotIn("about", str(refusal.exception))

    def test_time_is_compared_in_parts_of_days(self):
        now = self.case.received_at + timedelta(days=40)
        line = {
            "since": now - timedelta(days=1, hours=12),
            "at": now,
            "until": now + timedelta(days=1, hours=23),
        }
        figures = self.action._sum_effect_days(line, {-1: 2, 0: 1})
        comparison = figures["comparison"]
        self.assertAlmostEqual(comparison.rate_before, 2 / 1.5)
        self.assertAlmostEqual(comparison.rate_after, 1 / (47 / 24))
