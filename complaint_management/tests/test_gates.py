from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestGates(ComplaintCommon):
    def test_gate_close_at_once_names_everything_missing(self):
        case = self._new_case(user_id=False, category_id=False)
        with self.assertRaises(UserError) as refusal:
            case.stage_id = self._stage("closed")
        text = str(refusal.exception)
        for missing in (
            "An owner",
            "A category",
            "A root cause",
            "The decision in words for the customer",
            "The judgement whether the complaint is justified",
            "A first response to the customer",
        ):
            self.assertIn(missing, text)

    def test_gate_by_every_route_refused(self):
        case = self._new_case(user_id=False)
        target = self._stage("investigation")
        as_handler = case.with_user(self.handler)
        routes = {
            "write": lambda: as_handler.write({"stage_id": target.id}),
            "superuser": lambda: case.sudo().write({"stage_id": target.id}),
            "web_save": lambda: as_handler.web_save({"stage_id": target.id}, {}),
            "import": lambda: as_handler.env["complaint.case"].create(
                {"subject": "Imported", "stage_id": target.id, "user_id": False}
            ),
            "twice": lambda: (
                (as_handler.action_next_stage(),) * 2 and as_handler.action_next_stage()
            ),
        }
        for route, attempt in routes.items():
            with self.subTest(route), self.assertRaises(UserError):
                attempt()

    def test_gate_import_screen_refused_and_nothing_stored(self):
        count = self.env["complaint.case"].search_count([])
        result = self.env["complaint.case"].load(
            ["subject", "stage_id"], [["Imported", "Investigation"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("An owner", result["messages"][0]["message"])
        self.assertEqual(self.env["complaint.case"].search_count([]), count)

    def test_gate_batch_with_one_bad_case_moves_none(self):
        good, bad = self._new_case(), self._new_case(user_id=False)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            (good | bad).write({"stage_id": self._stage("investigation").id})
        self.assertEqual((good | bad).mapped("phase"), ["received", "received"])

    def test_gate_everything_there_passes(self):
        case = self._new_case()
        case.stage_id = self._stage("investigation")
        case.root_cause = "Loose cable"
        case.stage_id = self._stage("action")
        self.assertEqual(case.phase, "action")

    def test_gate_cancel_passes_without_the_rest(self):
        case = self._new_case(user_id=False)
        case.stage_id = self._stage("cancelled")
        self.assertFalse(case.is_open)

    def test_gate_open_action_blocks_closing(self):
        case = self._new_case()
        action = self.env["mgmtsystem.action"].create(
            {
                "name": "Change cable",
                "type_action": "correction",
                "complaint_case_id": case.id,
                "user_id": self.investigator.id,
            }
        )
        self.assertFalse(case._gate_check_actions_done())
        action.stage_id = self.env.ref("mgmtsystem_action.stage_close")
        self.assertTrue(case._gate_check_actions_done())
        action.effectiveness_check_date = "2026-01-01"
        self.assertFalse(case._gate_check_actions_done())
        action.write(
            {"effectiveness_result": "effective", "effectiveness_note": "No new case"}
        )
        self.assertTrue(case._gate_check_actions_done())

    def test_gate_of_other_company_is_not_asked_for(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["complaint.gate"].create(
            {
                "name": "Only there",
                "phase": "triage",
                "field_name": "lot",
                "company_id": other.id,
            }
        )
        case = self._new_case()
        case.stage_id = self._stage("triage")
        self.assertEqual(case.phase, "triage")

    def test_gate_on_unknown_field_refused(self):
        gate = {"name": "?", "phase": "triage", "kind": "field"}
        with self.assertRaises(ValidationError):
            self.env["complaint.gate"].create({**gate, "field_name": "no_such_field"})
        with self.assertRaises(ValidationError):
            self.env["complaint.gate"].create(gate)

    def test_fields_are_chosen_by_the_words_of_the_screens(self):
        choices = dict(self.env["complaint.gate"]._selection_field_name())
        self.assertEqual(choices["user_id"], "Owner")
