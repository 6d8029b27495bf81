from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .rca_common import RcaCommon


@tagged("post_install", "-at_install")
class TestWhys(RcaCommon):
    def test_lines_typed_below_each_other_are_a_chain(self):
        self._add_whys("Cable loose", "Crimp open", "Torque not checked")
        self.assertEqual(
            self._tree(),
            [
                ("1", "Cable loose"),
                ("1.1", "Crimp open"),
                ("1.1.1", "Torque not checked"),
            ],
        )

    def test_line_typed_later_asks_on_from_the_last(self):
        self._add_whys("Cable loose")
        self._add_whys("Crimp open")
        self.assertEqual(self._tree(), [("1", "Cable loose"), ("1.1", "Crimp open")])

    def test_branch_stands_where_it_is_read(self):
        first, second = self._add_whys("Cable loose", "Crimp open")
        self.env["complaint.rca.why"].with_user(self.investigator).create(
            {
                "res_model": self.case._name,
                "res_id": self.case.id,
                "parent_id": first.id,
                "answer": "Cable too short",
            }
        )
        self._add_whys("Tool worn")
        self.case.write(
            {
                "why_ids": [
                    Command.create({"answer": "Not used as meant", "place": "top"}),
                    Command.create({"answer": "Manual unclear", "place": "below"}),
                    Command.create({"answer": "No manual", "place": "beside"}),
                ]
            }
        )
        self.assertEqual(
            self._tree(),
            [
                ("1", "Cable loose"),
                ("1.1", "Crimp open"),
                ("1.2", "Cable too short"),
                ("1.2.1", "Tool worn"),
                ("2", "Not used as meant"),
                ("2.1", "Manual unclear"),
                ("2.2", "No manual"),
            ],
        )
        second.sequence = 1000
        self.assertEqual(
            [number for number, __ in self._tree()],
            ["1", "1.1", "1.1.1", "1.2", "2", "2.1", "2.2"],
        )
        self.assertEqual(self._tree()[3], ("1.2", "Crimp open"))

    def test_plain_create_without_place_starts_anew(self):
        """The API and imports say parent_id, nothing is guessed."""
        self.case.write(
            {"why_ids": [Command.create({"answer": a}) for a in ("Cold", "Damp")]}
        )
        self.assertEqual(self._tree(), [("1", "Cold"), ("2", "Damp")])

    def test_deleted_line_lets_those_below_move_up(self):
        whys = self._add_whys("Cable loose", "Crimp open", "Torque not checked")
        self.case.write({"why_ids": [Command.delete(whys[1].id)]})
        self.assertEqual(
            self._tree(), [("1", "Cable loose"), ("1.1", "Torque not checked")]
        )
        self.case.write({"why_ids": [Command.clear()]})
        self.assertEqual(self._tree(), [])

    def test_cycle_and_other_host_refused(self):
        whys = self._add_whys("Cable loose", "Crimp open")
        with self.assertRaises(ValidationError):
            whys[0].parent_id = whys[1]
        with self.assertRaises(ValidationError):
            whys[0].parent_id = whys[0]
        other = self._add_whys("Other", host=self.report)
        with self.assertRaises(ValidationError):
            other.parent_id = whys[0]
        with self.assertRaises(ValidationError):
            whys[1].write({"res_model": self.report._name, "res_id": self.report.id})

    def test_root_is_the_last_answer_of_a_branch(self):
        whys = self._add_whys("Cable loose", "Crimp open")
        with self.assertRaises(ValidationError) as caught:
            whys[0].is_root = True
        self.assertIn("Crimp open", str(caught.exception))
        whys[1].is_root = True
        self.assertTrue(self.case.has_root_cause)
        with self.assertRaises(ValidationError):
            self._add_whys("Torque not checked")
        # taken away and asked on in one go
        self.case.write(
            {
                "why_ids": [
                    Command.create({"answer": "Torque", "parent_id": whys[1].id}),
                    Command.update(whys[1].id, {"is_root": False}),
                ]
            }
        )
        self.assertFalse(self.case.has_root_cause)

    def test_finding_is_shown_while_typing_and_refuses_nothing(self):
        with Form(self.report) as form:
            with form.why_ids.new() as line:
                line.question = "Why doesn't the oven heat?"
                line.answer = "The oven doesn't heat"
                self.assertIn("repeats", line.finding)
                line.answer = "Operator error"
                self.assertIn("mistake", line.finding)
                line.answer = "The crimp is loose"
                self.assertFalse(line.finding)
                line.answer = "Human error"
        self.assertIn("mistake", self.report.why_ids.finding)
        self.assertEqual(
            self.report.why_ids._get_findings(), [(self.report.why_ids, "human_error")]
        )

    def test_finding_knows_the_answer_above(self):
        self._add_whys("Der Draht, سیم شل است", "سيم شل است")
        self.assertTrue(self.case.why_ids[1].finding)

    def test_button_opens_a_line_below(self):
        why = self._add_whys("Cable loose")
        action = why.action_add_below()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.investigator)
            .with_context(**action["context"])
        )
        form.answer = "Crimp open"
        form.save()
        self.assertEqual(self._tree()[1], ("1.1", "Crimp open"))

    def test_persian_and_thousand_lines(self):
        self._add_whys("کابل شل است")
        parent = self.case.why_ids
        values = {"res_model": self.case._name, "res_id": self.case.id}
        self.env["complaint.rca.why"].create(
            [{**values, "answer": f"{n}", "parent_id": parent.id} for n in range(1000)]
        )
        tree = self._tree()
        self.assertEqual(tree[0], ("1", "کابل شل است"))
        self.assertEqual(tree[1000], ("1.1000", "999"))

    def test_import_of_a_line_below_another_host_refused(self):
        whys = self._add_whys("Cable loose")
        result = (
            self.env["complaint.rca.why"]
            .with_user(self.investigator)
            .load(
                ["res_model", "res_id", "parent_id/.id", "answer"],
                [[self.report._name, str(self.report.id), str(whys.id), "Stray"]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn("another record", result["messages"][0]["message"])


@tagged("post_install", "-at_install")
class TestCauses(RcaCommon):
    def _new_cause(self, **values):
        return (
            self.env["complaint.rca.cause"]
            .with_user(self.investigator)
            .create(
                {
                    "res_model": self.case._name,
                    "res_id": self.case.id,
                    "branch_id": self.human.id,
                    "name": "Nobody looks",
                    **values,
                }
            )
        )

    def test_verdict_needs_evidence(self):
        cause = self._new_cause()
        for verdict in ("confirmed", "excluded"):
            with self.assertRaises(ValidationError):
                cause.verdict = verdict
            with self.assertRaises(ValidationError):
                self._new_cause(verdict=verdict, evidence="  ")
        cause.write({"verdict": "confirmed", "evidence": "Measured 3 Nm"})
        with self.assertRaises(ValidationError):
            cause.evidence = False
        self.assertEqual(cause.verdict, "confirmed")

    def test_sub_cause_stays_on_its_branch(self):
        cause = self._new_cause()
        below = self._new_cause(parent_id=cause.id)
        with self.assertRaises(ValidationError):
            self._new_cause(parent_id=cause.id, branch_id=self.material.id)
        with self.assertRaises(ValidationError):
            cause.branch_id = self.material
        (cause | below).write({"branch_id": self.material.id})
        self.assertEqual(below.branch_id, self.material)
        with self.assertRaises(ValidationError):
            cause.parent_id = below

    def test_cause_typed_below_takes_the_branch_above(self):
        self.case.write(
            {
                "cause_ids": [
                    Command.create({"name": "Alloy", "branch_id": self.material.id}),
                    Command.create(
                        {"name": "Lot", "branch_id": self.human.id, "place": "below"}
                    ),
                ]
            }
        )
        causes = self.case.cause_ids
        self.assertEqual(causes[1].parent_id, causes[0])
        self.assertEqual(causes[1].branch_id, self.material)

    @mute_logger("odoo.sql_db")
    def test_weight_outside_of_its_range_refused(self):
        for weight in (0, 6, -1):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._new_cause(weight=weight)

    @mute_logger("odoo.sql_db")
    def test_branch_in_use_is_archived_not_deleted(self):
        self._new_cause()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.human.unlink()
        self.human.active = False
        self.assertIn("Nobody looks", self.case.fishbone)

    def test_seeded_branches_are_the_five_of_the_register(self):
        names = self.env["complaint.ishikawa.branch"].search([]).mapped("code")
        self.assertEqual(
            names[:5], ["human", "process", "technology", "material", "environment"]
        )
        hidden = self.env["complaint.ishikawa.branch"].search(
            [("active", "=", False), ("code", "in", ("measurement", "management"))]
        )
        self.assertEqual(len(hidden), 2)


@tagged("post_install", "-at_install")
class TestIsNot(RcaCommon):
    def test_button_puts_down_the_four_questions_once(self):
        self.case.action_start_isnot()
        dimensions = ["what", "where", "when", "how_big"]
        self.assertEqual(self.case.is_isnot_ids.mapped("dimension"), dimensions)
        self.case.is_isnot_ids[0].write({"present": "Lot 12", "absent": "Lot 11"})
        self.case.action_start_isnot()
        self.assertEqual(len(self.case.is_isnot_ids), 4)

    def test_handler_may_not(self):
        with self.assertRaises(AccessError):
            self.case.with_user(self.handler).action_start_isnot()
