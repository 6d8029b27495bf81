from odoo.tests import HttpCase, tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestQualityTours(ComplaintCommon, HttpCase):
    """Costs, nonconformities, lessons, actions and feedback in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._new_case(subject="The oven smokes")

    def _tour(self, name, user, place=None):
        self.start_tour(
            f"/odoo/{place or f'complaints/{self.case.id}'}",
            f"complaint_management_{name}",
            login=user.login,
            timeout=240,
        )
        self.env.invalidate_all()

    def _close(self):
        self.env["complaint.gate"].search([]).active = False
        self.case.stage_id = self._stage("closed")

    def _notes(self, case=None):
        """Return {event: note} of the journal."""
        entries = (case or self.case).journal_entry_ids
        return {entry.event: entry.note for entry in entries}

    def test_investigator_enters_costs_and_a_manager_approves_the_large_one(self):
        self.env.company.complaint_cost_limit = 1000
        self._tour("costs_enter", self.investigator)
        labour, replacement = self.case.cost_line_ids.sorted("amount")
        self.assertEqual((labour.unit_kind, labour.quantity), ("hours", 3))
        self.assertEqual((labour.state, labour.is_within_limit), ("approved", True))
        self.assertEqual(replacement.state, "to_approve")
        self.assertEqual(self.case.cost_net, 60)
        self.assertIn(self.manager, self.case.activity_ids.user_id)

        self._tour(
            "costs_approve",
            self.manager,
            "action-complaint_management.complaint_cost_line_action_approve",
        )
        self.assertEqual(replacement.state, "approved")
        self.assertEqual(replacement.decided_by_id, self.manager)
        self.assertEqual((self.case.cost_actual, self.case.cost_waiting), (1560, 0))
        self.assertEqual(self.case.cost_net, 1560)
        self.assertFalse(self.case.activity_ids.filtered("activity_type_id.res_model"))
        self.assertIn("Replacement", self._notes()["cost_approved"])

    def test_case_becomes_a_nonconformity_joins_another_and_goes_on_without_it(self):
        model = self.env["mgmtsystem.nonconformity"]
        other = self._new_case(subject="Cables come loose")
        other.with_user(self.investigator).action_transfer_nonconformity()
        joined = other.nonconformity_ids
        before = model.search([])
        self._tour("nonconformity_move", self.investigator)
        made = model.search([]) - before
        self.assertEqual(len(made), 1, "two clicks, one nonconformity")
        self.assertEqual(made.state, "analysis")
        self.assertEqual(self.case.nonconformity_ids, made | joined)
        self.assertEqual(joined.complaint_case_ids, self.case | other)
        notes = self._notes()
        self.assertEqual(notes["nonconformity_created"], made.ref)
        self.assertEqual(notes["nonconformity_linked"], joined.ref)

        self._tour("nonconformity_aside", self.manager)
        waiver = self.case.nonconformity_waiver_ids
        self.assertEqual(waiver.nonconformity_id, joined)
        self.assertEqual(waiver.user_id, self.manager)
        note = self._notes()["nonconformity_waived"]
        self.assertEqual(note, f"{joined.ref}: The cables are changed in spring")

    def test_lesson_of_one_case_is_applied_in_the_next(self):
        self._close()
        self._tour("lesson_publish", self.investigator)
        lesson = self.case.lesson_ids
        self.assertEqual(lesson.state, "published")
        self.assertEqual(lesson.published_by_id, self.investigator)

        similar = self._new_case(subject="The oven smokes again")
        self._tour("lesson_apply", self.handler, f"complaints/{similar.id}")
        self.assertIn(self.handler, lesson.read_ids.user_id)
        self.assertEqual(lesson.use_ids.case_id, similar)
        self.assertEqual(lesson.use_ids.used_by_id, self.handler)
        self.assertEqual(self._notes(similar)["lesson_applied"], lesson.name)

    def test_action_against_a_root_cause_is_found_not_effective_and_followed(self):
        root = self.env["complaint.rca.root"].create(
            {
                "name": "Loose cable",
                "res_model": self.case._name,
                "res_id": self.case.id,
            }
        )
        self._tour("action_plan", self.investigator)
        action = self.case.action_ids
        self.assertEqual(action.complaint_root_id, root)
        self.assertEqual(action.next_step, "verify")

        self._tour("action_judge", self.manager, "complaint-action-checks")
        self.assertEqual(action.verified_by_id, self.manager)
        self.assertEqual(action.effectiveness_result, "not_effective")
        self.assertEqual(action.effectiveness_judged_by_id, self.manager)
        follower = action.followed_by_ids
        self.assertEqual(follower.name, "Solder the cable")
        self.assertEqual(follower.complaint_root_id, root)
        self.assertEqual((action.next_step, follower.next_step), ("done", "work"))
        self.assertIn("Two more fires", self._notes()["action_judged"])

    def test_handler_types_in_what_an_unhappy_customer_says(self):
        self._close()
        self._tour("feedback", self.handler)
        answer = self.case.feedback_ids
        self.assertEqual((answer.nps_score, answer.nps_group), (3, "detractor"))
        self.assertEqual((answer.satisfaction, answer.way), ("2", "phone"))
        self.assertEqual(answer.entered_by_id, self.handler)
        self.assertEqual(answer.comment, "It took too long")
        self.assertEqual(self.customer.complaint_last_nps_group, "detractor")
