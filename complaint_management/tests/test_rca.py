from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..exceptions import HoldError
from .common import ComplaintCommon

LINE_MODELS = (
    "complaint.rca.why",
    "complaint.rca.cause",
    "complaint.rca.isnot",
    "complaint.rca.root",
)


class RcaCommon(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._new_case().with_user(cls.investigator)
        cls.report = (
            cls.env["complaint.eightd"]
            .with_user(cls.investigator)
            .create({"case_id": cls.case.id, "subject": "The oven doesn't heat"})
        )
        cls.human, cls.material = (
            cls.env.ref(f"complaint_management.complaint_ishikawa_branch_{code}")
            for code in ("human", "material")
        )

    def _add_whys(self, *answers, host=None, **values):
        """Type answers one below the other, as the screen sends them."""
        host = host or self.case
        before = host.why_ids
        host.write(
            {
                "why_ids": [
                    Command.create({"answer": answer, "place": "below", **values})
                    for answer in answers
                ]
            }
        )
        host.invalidate_recordset(["why_ids"])
        return host.why_ids - before

    def _tree(self, host=None):
        host = host or self.case
        host.invalidate_recordset()
        return [(why.number, why.answer) for why in host.why_ids]


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


@tagged("post_install", "-at_install")
class TestRootCauses(RcaCommon):
    def _set_roots(self, *shares, host=None):
        host = host or self.case
        host.write(
            {
                "root_cause_ids": [
                    Command.create({"name": f"Cause {n}", "contribution": share})
                    for n, share in enumerate(shares)
                ]
            }
        )
        return host.root_cause_ids

    def test_contributions_below_hundred_are_told_not_refused(self):
        self._set_roots(60, 30)
        self.assertEqual(self.case.contribution_total, 90)
        self.assertIn("10 %", self.case.contribution_note)
        self.case.root_cause_ids[1].contribution = 40
        self.assertIn("whole problem", self.case.contribution_note)

    def test_contributions_above_hundred_refused_by_every_route(self):
        roots = self._set_roots(60, 40)
        with self.assertRaises(ValidationError) as caught:
            roots[0].contribution = 60.01
        self.assertIn("100.01", str(caught.exception))
        with self.assertRaises(ValidationError):
            self._set_roots(1)
        with self.assertRaises(ValidationError):
            roots.sudo().write({"contribution": 51})
        result = (
            self.env["complaint.rca.root"]
            .with_user(self.investigator)
            .load([".id", "contribution"], [[str(roots[1].id), "41"]])
        )
        self.assertFalse(result["ids"])

    def test_three_thirds_make_a_whole(self):
        self._set_roots(33.33, 33.33, 33.34)
        self.assertIn("whole problem", self.case.contribution_note)

    def test_shares_can_be_exchanged_in_one_save(self):
        roots = self._set_roots(60, 40)
        self.case.write(
            {
                "root_cause_ids": [
                    Command.update(roots[1].id, {"contribution": 55}),
                    Command.create({"name": "Third", "contribution": 5}),
                    Command.update(roots[0].id, {"contribution": 40}),
                ]
            }
        )
        self.assertEqual(self.case.contribution_total, 100)
        self.case.write(
            {
                "root_cause_ids": [
                    Command.create({"name": "Fourth", "contribution": 40}),
                    Command.delete(roots[0].id),
                ]
            }
        )
        self.assertEqual(self.case.contribution_total, 100)

    @mute_logger("odoo.sql_db")
    def test_negative_contribution_refused(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._set_roots(-1)

    def test_each_host_counts_for_itself(self):
        self._set_roots(100)
        self._set_roots(100, host=self.report)
        self.assertEqual(self.report.contribution_total, 100)

    def test_root_with_action_is_not_deleted(self):
        root = self._set_roots(100)
        action = self.env["mgmtsystem.action"].create(
            {
                "name": "New crimp tool",
                "type_action": "correction",
                "complaint_case_id": self.case.id,
                "complaint_root_id": root.id,
            }
        )
        for route in (
            root.unlink,
            lambda: self.case.write({"root_cause_ids": [Command.delete(root.id)]}),
            root.sudo().unlink,
        ):
            with self.assertRaises(UserError) as caught:
                route()
            self.assertIn(action.reference, str(caught.exception))
        action.complaint_root_id = False
        root.unlink()
        self.assertFalse(self.case.root_cause_ids)

    def test_proof_of_another_host_refused(self):
        root = self._set_roots(100)
        why = self._add_whys("Cable loose")
        root.why_id = why
        stranger = self._add_whys("Other", host=self.report)
        with self.assertRaises(ValidationError):
            root.why_id = stranger


@tagged("post_install", "-at_install")
class TestFailureCategory(RcaCommon):
    def test_tree_has_three_levels_at_most(self):
        categories = self.env["complaint.failure.category"].with_user(self.manager)
        top, middle, leaf = (categories.create({"name": name}) for name in "ABC")
        leaf.parent_id = middle
        middle.parent_id = top
        self.assertEqual(leaf.display_name, "A / B / C")
        with self.assertRaises(ValidationError):
            categories.create({"name": "D", "parent_id": leaf.id})
        above = categories.create({"name": "Z"})
        with self.assertRaises(ValidationError) as caught:
            top.parent_id = above
        self.assertIn("“C” would stand on level 4", str(caught.exception))
        with self.assertRaises(UserError):
            top.parent_id = leaf

    def test_seeds_fill_three_levels(self):
        seeds = self.env["complaint.failure.category"].search([("code", "!=", False)])
        levels = {seed.parent_path.count("/") for seed in seeds}
        self.assertEqual(levels, {1, 2, 3})

    def test_handler_may_not_change_the_tree(self):
        seed = self.env.ref("complaint_management.complaint_failure_category_design")
        with self.assertRaises(AccessError):
            seed.with_user(self.investigator).write({"name": "x"})


@tagged("post_install", "-at_install")
class TestRcaRules(RcaCommon):
    """Who may, holds, merging: the same for all lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case.write(cls._prepare_lines(""))

    @classmethod
    def _prepare_lines(cls, mark):
        return {
            "why_ids": [
                Command.create({"answer": f"Cable{mark}", "place": "below"}),
                Command.create({"answer": f"Crimp{mark}", "place": "below"}),
            ],
            "cause_ids": [
                Command.create({"name": f"Alloy{mark}", "branch_id": cls.material.id})
            ],
            "is_isnot_ids": [Command.create({"present": f"Lot{mark}"})],
            "root_cause_ids": [
                Command.create({"name": f"Torque{mark}", "contribution": 70})
            ],
        }

    def _get_lines(self, host):
        names = ("why_ids", "cause_ids", "is_isnot_ids", "root_cause_ids")
        return [host[name][:1] for name in names]

    def test_handler_and_auditor_read_and_change_nothing(self):
        for user in (self.handler, self.auditor):
            for line in self._get_lines(self.case.with_user(user)):
                self.assertTrue(line.read())
                with self.assertRaises(AccessError):
                    line.write({"sequence": 5})
                with self.assertRaises(AccessError):
                    line.unlink()
                with self.assertRaises(AccessError):
                    line.copy()

    def test_other_team_sees_nothing(self):
        case = self._new_case(
            team_id=self.env["complaint.team"].create({"name": "Ganja"}).id,
            user_id=self.manager.id,
        )
        case.write(self._prepare_lines(" 2"))
        for line in self._get_lines(case):
            stranger = line.with_user(self.investigator)
            self.assertFalse(stranger.search([("id", "=", line.id)]))
            with self.assertRaises(AccessError):
                stranger.write({"sequence": 5})

    def test_line_does_not_go_where_its_writer_may_not(self):
        hidden = self._new_case(
            team_id=self.env["complaint.team"].create({"name": "Ganja"}).id,
            user_id=self.manager.id,
        )
        for line in self._get_lines(self.case):
            values = {"res_id": hidden.id}
            if line._name == "complaint.rca.why":
                line = line.child_ids
                values["parent_id"] = False
            with self.assertRaises(AccessError):
                line.write(values)

    def test_confidential_case_hides_its_lines(self):
        case = self._new_case(is_confidential=True, user_id=self.manager.id)
        case.write(self._prepare_lines(" 3"))
        for line in self._get_lines(case):
            for user in (self.investigator, self.legal, self.auditor):
                seen = line.with_user(user).search([("id", "=", line.id)])
                self.assertFalse(seen, (line, user.login))

    def test_held_lines_stay(self):
        lines = self._get_lines(self.case)
        self.env["complaint.legal.hold"].with_user(self.legal).create(
            {"name": "Court", "reason": "Sued", "case_ids": [Command.set(self.case.ids)]}
        )
        self.env.flush_all()
        texts = ("answer", "name", "present", "name")
        for line, name in zip(lines, texts, strict=True):
            for actor in (line.with_user(self.manager), line.sudo()):
                with self.assertRaises(HoldError):
                    actor.write({name: "Never said"})
                with self.assertRaises(HoldError):
                    actor.unlink()
                with self.assertRaises(HoldError):
                    actor.write({"res_id": self.case.id + 1})
            for query in (
                f"UPDATE {line._table} SET {name} = 'x' WHERE id = %s",
                f"DELETE FROM {line._table} WHERE id = %s",
            ):
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(IntegrityError),
                    self.env.cr.savepoint(),
                ):
                    self.env.cr.execute(query, [line.id])
            self.assertTrue(line.exists()[name])

    def test_held_tree_takes_new_branches(self):
        """New records may be added to a held case, in the middle of the tree too."""
        first = self.case.why_ids[0]
        self.env["complaint.legal.hold"].with_user(self.legal).create(
            {"name": "Court", "reason": "Sued", "case_ids": [Command.set(self.case.ids)]}
        )
        self.env["complaint.rca.why"].with_user(self.investigator).create(
            {
                "res_model": self.case._name,
                "res_id": self.case.id,
                "parent_id": first.id,
                "answer": "Too short",
            }
        )
        self._add_whys("Last")
        self.assertEqual(
            [number for number, __ in self._tree()], ["1", "1.1", "1.2", "1.2.1"]
        )
        with self.assertRaises(HoldError):
            self.case.why_ids[1].parent_id = False

    def test_merge_takes_all_lines_along(self):
        other = self._new_case(subject="The oven is cold").with_user(self.investigator)
        other.write(self._prepare_lines(" 2"))
        merged = (self.case | other).with_user(self.manager)
        merged._merge(self.case.with_user(self.manager))
        self.env.invalidate_all()
        self.assertEqual(
            self._tree(),
            [("1", "Cable"), ("1.1", "Crimp"), ("2", "Cable 2"), ("2.1", "Crimp 2")],
        )
        self.assertEqual(self.case.cause_ids.mapped("name"), ["Alloy", "Alloy 2"])
        self.assertEqual(len(self.case.is_isnot_ids), 2)
        # 70 and 70 are more than the problem: those that came along are weighed anew
        self.assertEqual(self.case.root_cause_ids.mapped("contribution"), [70, 0])
        for line in self._get_lines(other):
            self.assertFalse(line)

    def test_lists_of_hosts_make_a_flat_number_of_queries(self):
        cases = self._new_case() | self.env["complaint.case"].create(
            [{"subject": f"Oven {n}", "team_id": self.team.id} for n in range(79)]
        )
        reports = self.env["complaint.eightd"].create(
            [{"case_id": case.id, "subject": "x"} for case in cases]
        )
        for host in (*cases, *reports):
            host.write(self._prepare_lines(""))
        names = ["has_root_cause", "contribution_total", "contribution_note", "fishbone"]
        for hosts in (cases, reports):
            counts = []
            for some in (hosts[:1], hosts):
                some = some.with_user(self.investigator)
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                some.read(names)
                counts.append(self.env.cr.sql_log_count - before)
            self.assertLessEqual(counts[1], counts[0] + 1, hosts._name)

    def test_other_company_keeps_its_branches_and_categories(self):
        company = self.env["res.company"].create({"name": "Other"})
        for model in ("complaint.ishikawa.branch", "complaint.failure.category"):
            hidden = self.env[model].create({"name": "Own", "company_id": company.id})
            seen = self.env[model].with_user(self.manager)
            self.assertFalse(seen.search([("id", "=", hidden.id)]))
        self.assertNotIn("Own", self.case.fishbone)
