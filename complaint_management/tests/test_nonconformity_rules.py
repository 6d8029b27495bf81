from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestNonconformityRules(ComplaintCommon):
    """Cases moved on by themselves, and what the nonconformity gets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seed = cls.env.ref(
            "complaint_management.complaint_nonconformity_rule_critical"
        )
        cls.origin, cls.other_origin = cls.env[
            "mgmtsystem.nonconformity.origin"
        ].search([], limit=2)
        cls.severity, cls.other_severity = cls.env[
            "mgmtsystem.nonconformity.severity"
        ].search([], limit=2)

    def _judge(self, case, user=None, validity="justified"):
        case.with_user(user or self.handler).write(
            {"validity": validity, "validity_reason": "Seen"}
        )

    def _run(self):
        self._run_cron("ir_cron_nonconformity")

    # -- rules -----------------------------------------------------------------------
    def test_seeded_rule_is_off(self):
        self.assertFalse(self.seed.active)
        case = self._new_case(priority="3")
        self._judge(case)
        self.assertFalse(case.nonconformity_move)

    def test_rule_makes_it_for_case_of_a_handler_once(self):
        self.seed.active = True
        case = self._new_case(priority="3")
        self.assertFalse(case.nonconformity_move)
        self._judge(case)
        self.assertEqual(case.nonconformity_move, "queued")
        self.assertFalse(case.nonconformity_ids, "saving doesn't wait for it")
        self._run()
        made = case.nonconformity_ids
        self.assertEqual(len(made), 1)
        self.assertEqual(made.responsible_user_id, self.handler)
        self.assertEqual(made.user_id, self.env.ref("base.user_root"))
        entry = case.journal_entry_ids.filtered(
            lambda e: e.event == "nonconformity_created"
        )
        self.assertIn(self.seed.name, entry.note)
        self._run()
        self._judge(case, validity="partly")
        self._judge(case)
        self._run()
        self.assertEqual(case.nonconformity_ids, made)

    def test_case_that_no_longer_fits_when_its_turn_comes_is_left_alone(self):
        self.seed.active = True
        judged, switched_off = (
            self._new_case(priority="3"),
            self._new_case(priority="3"),
        )
        for case in (judged, switched_off):
            self._judge(case)
            self.assertEqual(case.nonconformity_move, "queued")
        judged.with_user(self.handler).priority = "0"
        self._run()
        self.assertFalse(judged.nonconformity_ids)
        self.assertFalse(judged.nonconformity_move)
        self.assertTrue(switched_off.nonconformity_ids)
        again = self._new_case(priority="3")
        self._judge(again)
        self.seed.active = False
        self.env.flush_all()
        self._run()
        self.assertFalse(again.nonconformity_ids)
        # once it fits again it is moved on
        self.seed.active = True
        judged.with_user(self.handler).priority = "3"
        self.assertEqual(judged.nonconformity_move, "queued")

    def test_archived_rules_and_lines_stay_off_whoever_asks_first(self):
        """What a process keeps in memory may first be asked for by code that wants to
        see archived cases, such as a merge or a scheduled action."""
        level = self.env["complaint.sla.escalation"].search([], limit=1)
        level.active = False
        line = self.env["complaint.nonconformity.mapping"].create(
            {"origin_id": self.other_origin.id, "priority": "3", "active": False}
        )
        self.env.company.complaint_nc_origin_id = self.origin
        self.env.flush_all()
        self.env.registry.clear_cache()
        all_of = self.env(context={**self.env.context, "active_test": False})
        rules, levels = (
            all_of["complaint.nonconformity.rule"]._get_rule_ids(),
            all_of["complaint.sla.escalation"]._load_levels(),
        )
        self.assertNotIn(self.seed.id, rules)
        self.assertNotIn(level.id, [row.id for row in levels])
        self.seed.active = True
        case = self._new_case(priority="3")
        self._judge(case)
        self._run()
        self.assertFalse(line.active)
        self.assertEqual(case.nonconformity_ids.origin_ids, self.origin)

    def test_rule_doesnt_bring_back_what_a_manager_cut(self):
        self.seed.active = True
        case = self._new_case(priority="3")
        self._judge(case)
        self._run()
        case.with_user(self.manager)._cut_nonconformity(
            case.nonconformity_ids, "Nothing to improve"
        )
        self._judge(case, validity="partly")
        self._judge(case)
        self._run()
        self.assertFalse(case.nonconformity_ids)

    def test_rule_leaves_cases_that_were_moved_by_hand(self):
        self.seed.active = True
        case = self._new_case(priority="3")
        case.with_user(self.investigator).action_transfer_nonconformity()
        self._judge(case)
        self.assertFalse(case.nonconformity_rule_id)
        self._run()
        self.assertEqual(len(case.nonconformity_ids), 1)

    def test_rule_follows_a_raised_priority(self):
        self.seed.active = True
        case = self._new_case(priority="1")
        self._judge(case)
        self.assertFalse(case.nonconformity_move)
        case.priority = "3"
        self.assertEqual(case.nonconformity_move, "queued")

    def test_rule_by_step_category_and_domain(self):
        self.env["complaint.gate"].search([]).active = False
        self.env["complaint.nonconformity.rule"].create(
            {
                "name": "Action on ovens",
                "phase": "action",
                "category_ids": [Command.set(self.category.parent_id.ids)],
                "domain": "[('lot', '=', 'L-1')]",
            }
        )
        cases = self._new_case(lot="L-1") | self._new_case(lot="L-2")
        other = self._new_case(lot="L-1", category_id=False)
        (cases | other).stage_id = self._stage("investigation")
        self.assertFalse(any(cases.mapped("nonconformity_move")))
        (cases | other).stage_id = self._stage("action")
        self.assertEqual(cases[0].nonconformity_move, "queued")
        self.assertFalse(cases[1].nonconformity_move)
        self.assertFalse(other.nonconformity_move)

    def test_rule_of_other_company_and_not_justified_fit_nothing(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.env["complaint.nonconformity.rule"].create(
            {"name": "Theirs", "priority": "0", "company_id": company.id}
        )
        case = self._new_case()
        case.priority = "2"
        self.assertFalse(case.nonconformity_move)

    def test_rule_without_condition_refused(self):
        with self.assertRaisesRegex(ValidationError, "no condition"):
            self.env["complaint.nonconformity.rule"].create({"name": "All"})

    def test_used_rule_is_archived_not_deleted(self):
        self.seed.active = True
        case = self._new_case(priority="3")
        self._judge(case)
        with self.assertRaisesRegex(UserError, "Archive"):
            self.seed.unlink()

    def test_failed_case_waits_for_a_person_and_stops_nobody(self):
        self.seed.active = True
        bad, good = self._new_case(priority="3"), self._new_case(priority="3")
        self._judge(bad | good)
        # Nobody left who could be responsible: the owner and the leader are gone.
        bad.sudo().write({"user_id": False, "team_id": False})
        self.env["complaint.case"].flush_model()
        with mute_logger("odoo.addons.complaint_management"):
            self._run()
        self.assertEqual(good.nonconformity_move, "done")
        self.assertEqual(bad.nonconformity_move, "failed")
        self.assertIn(self.seed.name, bad.activity_ids.note)
        self.assertIn("nonconformity_failed", bad.journal_entry_ids.mapped("event"))
        # Somebody takes it over and makes it by hand.
        bad.user_id = self.investigator
        bad.with_user(self.investigator).action_transfer_nonconformity()
        self.assertEqual(bad.nonconformity_move, "done")

    def test_move_state_is_written_by_the_system_only(self):
        case = self._new_case()
        for vals in (
            {"nonconformity_move": "queued"},
            {"nonconformity_rule_id": self.seed.id},
        ):
            with self.assertRaisesRegex(UserError, "system only"):
                case.with_user(self.manager).write(vals)

    def test_rules_cost_no_query_a_case(self):
        self.seed.active = True

        def count(number):
            values = [
                {"subject": f"Oven {n}", "priority": "3", "team_id": self.team.id}
                for n in range(number)
            ]
            cases = self.env["complaint.case"].create(values)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases._queue_nonconformities()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(count(200) - count(1), 3)

    # -- gate ------------------------------------------------------------------------
    def test_gate_asks_for_a_nonconformity(self):
        self.env["complaint.gate"].search([]).active = False
        gate = self.env.ref("complaint_management.complaint_gate_nonconformity_made")
        gate.active = True
        case = self._new_case()
        with self.assertRaisesRegex(UserError, gate.name):
            case.stage_id = self._stage("action")
        case.with_user(self.investigator).action_transfer_nonconformity()
        case.stage_id = self._stage("action")
        self.assertEqual(case.phase, "action")

    # -- mapping ---------------------------------------------------------------------
    def _map(self, **values):
        return self.env["complaint.nonconformity.mapping"].create(values)

    def _move(self, **values):
        case = self._new_case(**values)
        case.with_user(self.investigator).action_transfer_nonconformity()
        return case.nonconformity_ids

    def test_most_specific_line_decides_thing_by_thing(self):
        error_type = self.env["complaint.error.type"].create({"name": "Melts"})
        self._map(origin_id=self.origin.id, manager_user_id=self.legal.id)
        self._map(
            category_id=self.category.parent_id.id,
            origin_id=self.other_origin.id,
            severity_id=self.severity.id,
        )
        self._map(error_type_id=error_type.id, severity_id=self.other_severity.id)
        self._map(priority="0", origin_id=self.origin.id)
        made = self._move(error_type_id=error_type.id, priority="0")
        self.assertEqual(made.severity_id, self.other_severity, "error type first")
        self.assertEqual(made.origin_ids, self.other_origin, "category before priority")
        self.assertEqual(made.manager_user_id, self.legal, "then the general line")

    def test_settings_are_the_fall_back(self):
        self.env.company.complaint_nc_severity_id = self.severity
        self._map(category_id=self.category.id, origin_id=self.other_origin.id)
        made = self._move()
        self.assertEqual(made.origin_ids, self.other_origin)
        self.assertEqual(made.severity_id, self.severity)
        self.assertEqual(made.responsible_user_id, self.handler)

    def test_line_of_company_before_shared_and_not_of_another(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._map(severity_id=self.severity.id)
        self._map(company_id=company.id, origin_id=self.other_origin.id)
        self._map(company_id=self.env.company.id, severity_id=self.other_severity.id)
        made = self._move()
        self.assertEqual(made.severity_id, self.other_severity)
        self.assertNotEqual(made.origin_ids, self.other_origin)

    def test_archived_values_and_people_are_passed_over(self):
        self._map(
            category_id=self.category.id,
            origin_id=self.other_origin.id,
            responsible_user_id=self.other_handler.id,
        )
        self.other_origin.active = False
        self.other_handler.active = False
        made = self._move()
        self.assertNotIn(self.other_origin, made.origin_ids)
        self.assertEqual(made.responsible_user_id, self.handler)

    def test_whom_it_is_about_is_not_responsible(self):
        self._map(responsible_user_id=self.legal.id)
        made = self._move(subject_user_ids=[Command.set(self.legal.ids)])
        self.assertEqual(made.responsible_user_id, self.handler)

    def test_two_lines_for_the_same_refused(self):
        self._map(category_id=self.category.id)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._map(category_id=self.category.id)

    def test_number_is_of_the_company_of_the_case(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.env["ir.sequence"].create(
            {
                "name": "NC of the other company",
                "code": "mgmtsystem.nonconformity",
                "prefix": "OTHER-",
                "company_id": company.id,
            }
        )
        team = self.env["complaint.team"].create(
            {"name": "Theirs", "company_id": company.id}
        )
        case = self._new_case(
            company_id=company.id,
            team_id=team.id,
            user_id=False,
            product_id=False,
        )
        self.manager.company_ids |= company
        self.manager.company_id = company
        case.with_user(self.manager)._create_nonconformity()
        self.assertTrue(case.nonconformity_ids.ref.startswith("OTHER-"))
        self.assertEqual(case.nonconformity_ids.company_id, company)
