from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.complaint_management.exceptions import GateError

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestFlow(ComplaintCommon):
    """Steps change by their rules only, whatever is changed around them (FL-1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.simple = cls.env.ref("complaint_management.complaint_flow_simple")
        cls.standard = cls.env.ref("complaint_management.complaint_flow_standard")

    def _in_response(self):
        """A case of the simple flow, answered without any root cause."""
        case = self._new_case(
            flow_id=self.simple.id, validity="justified", validity_reason="Seen"
        )
        case.stage_id = self._stage("response")
        return case

    # -- another flow ----------------------------------------------------------------
    def test_other_flow_asks_for_its_gates_up_to_the_present_phase(self):
        case = self._in_response().with_user(self.manager)
        with self.assertRaises(GateError) as refusal, self.env.cr.savepoint():
            case.flow_id = self.standard
        self.assertIn("A root cause", str(refusal.exception))
        case.root_cause = "Loose cable"
        case.flow_id = self.standard
        self.assertEqual(case.phase, "response")

    def test_other_flow_without_the_step_leads_to_the_one_before(self):
        case = self._new_case()
        case.stage_id = self._stage("investigation")
        case.with_user(self.manager).flow_id = self.simple
        self.assertEqual(case.phase, "triage")
        last = case.journal_entry_ids.filtered(lambda e: "stage_id" in (e.after or {}))
        self.assertEqual(last[0].after["stage_id"], self._stage("triage").id)

    def test_other_flow_after_triage_by_handler_refused(self):
        case = self._new_case().with_user(self.handler)
        case.flow_id = self.simple
        case.flow_id = self.standard
        case.stage_id = self._stage("investigation")
        with self.assertRaises(AccessError):
            case.flow_id = self.simple

    def test_other_flow_of_ended_case_refused_also_for_superuser(self):
        case = self._new_case()
        case.stage_id = self._stage("cancelled")
        with self.assertRaises(UserError):
            case.flow_id = self.simple

    def test_step_of_another_flow_refused(self):
        case = self._new_case(flow_id=self.simple.id)
        with self.assertRaises(ValidationError):
            case.stage_id = self._stage("investigation")

    def test_optional_step_left_out_asks_for_nothing(self):
        self.standard.optional_stage_ids = self._stage("action")
        case = self._new_case(validity="justified", validity_reason="Seen")
        case.stage_id = self._stage("response")
        self.assertEqual(case.phase, "response")
        other = self._new_case(validity="justified", validity_reason="Seen")
        with self.assertRaises(GateError):
            other.stage_id = self._stage("action")

    def test_advised_gate_lets_pass_and_the_journal_says_so(self):
        gate = self.env.ref("complaint_management.complaint_gate_root_cause")
        gate.optional_flow_ids = self.standard
        case = self._new_case()
        case.stage_id = self._stage("action")
        note = case.journal_entry_ids.filtered(lambda e: e.event == "gates_skipped")
        self.assertIn("A root cause", note.note)

    # -- settings in use ---------------------------------------------------------------
    def test_phase_of_used_step_can_not_change(self):
        case = self._new_case()
        with self.assertRaises(UserError):
            self._stage("received").with_user(self.manager).phase = "closed"
        self.assertEqual(case.phase, "received")

    def test_used_step_can_not_be_archived_or_deleted(self):
        self._new_case()
        stage = self._stage("received").with_user(self.manager)
        with self.assertRaises(UserError):
            stage.active = False
        with self.assertRaises(UserError):
            stage.unlink()

    def test_step_with_open_cases_can_not_leave_its_flow(self):
        case = self._new_case()
        case.stage_id = self._stage("triage")
        with self.assertRaises(ValidationError):
            self.standard.stage_ids = [Command.unlink(self._stage("triage").id)]

    def test_flow_without_beginning_or_end_refused(self):
        for phases in (("triage", "closed"), ("received", "triage")):
            stages = [self._stage(phase).id for phase in phases]
            with self.subTest(phases), self.assertRaises(ValidationError):
                self.env["complaint.flow"].create(
                    {"name": "Bad", "code": "bad", "stage_ids": [(6, 0, stages)]}
                )

    def test_used_flow_and_gate_can_not_be_deleted_but_archived(self):
        case = self._new_case()
        case.stage_id = self._stage("investigation")
        gate = self.env.ref("complaint_management.complaint_gate_owner")
        for record in (self.standard, gate):
            with self.assertRaises(UserError):
                record.with_user(self.manager).unlink()
        gate.with_user(self.manager).active = False
        entry = gate.journal_entry_ids[0]
        self.assertEqual((entry.event, entry.after), ("changed", {"active": False}))
        self.assertEqual(entry.actor_id, self.manager)

    # -- out of sight ------------------------------------------------------------------
    def test_open_case_can_not_be_archived_by_any_route(self):
        case = self._new_case()
        for user in (self.handler, self.manager, self.env.user):
            with self.assertRaises(ValidationError):
                case.with_user(user).write({"active": False})
        with self.assertRaises(ValidationError):
            self._new_case(active=False)
        with self.assertRaises(ValidationError):
            case.with_user(self.manager).action_archive()
        case.stage_id = self._stage("cancelled")
        case.with_user(self.manager).action_archive()
        self.assertFalse(case.active)

    def test_copy_begins_at_the_beginning(self):
        case = self._in_response()
        case.decision = "You get a new oven."
        copy = case.copy()
        self.assertEqual((copy.phase, copy.decision), ("received", False))

    def test_case_born_closed_by_the_system_has_its_dates(self):
        """As an import of the past does it, with everything that is asked for."""
        case = self._new_case(
            flow_id=self.simple.id,
            validity="justified",
            validity_reason="Seen",
            decision="Refund",
            responded_at="2026-01-02",
            decision_sent_at="2026-01-02",
            received_at="2026-01-01",
            stage_id=self._stage("closed").id,
        )
        self.assertTrue(case.closed_at)
        self.assertFalse(case.is_open)
        self.assertFalse(case.sla_clock_ids.filtered(lambda c: not c.stopped_at))

    # -- the refusal -----------------------------------------------------------------
    def test_refusal_names_the_place_of_each_missing_thing(self):
        case = self._new_case(user_id=False, category_id=False)
        with self.assertRaises(GateError) as refusal:
            case.stage_id = self._stage("action")
        missing = refusal.exception.context["missing"]
        self.assertEqual(
            [point["field"] for point in missing],
            ["user_id", "category_id", "root_cause"],
        )
        for point in missing:
            self.assertEqual(
                (point["res_model"], point["res_id"]), ("complaint.case", case.id)
            )
            self.assertIn(point["label"], str(refusal.exception))

    def test_refusal_of_many_cases_stays_readable(self):
        cases = self.env["complaint.case"].create(
            [{"subject": f"Case {number}"} for number in range(30)]
        )
        with self.assertRaises(GateError) as refusal:
            cases.write({"stage_id": self._stage("investigation").id})
        self.assertIn("10 more cases", str(refusal.exception))
