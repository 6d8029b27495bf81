from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.complaint_management.models.complaint_triage_mixin import BY_RULE

from .common import ComplaintCommon

LOW, MEDIUM, HIGH, CRITICAL = "0", "1", "2", "3"


@tagged("post_install", "-at_install")
class TestPriority(ComplaintCommon):
    def _rule(self, **values):
        return self.env["complaint.priority.rule"].create(
            {"name": "Rule", "sentence": "Because.", "priority": HIGH, **values}
        )

    def test_seeds_propose_what_the_register_says(self):
        texts = {
            CRITICAL: [
                {"is_legal_risk": True},
                {"description": "My son was injured."},
                {"description": "MUTFAKTA YANGIN ÇIKTI"},
                {"description": "Uşağım XƏSTƏXANAYA düşdü"},
                {"description": "پدرم دچار برق‌گرفتگی شد"},
                {"assess_safety": "2"},
                {
                    "category_id": self.env.ref(
                        "complaint_management.complaint_category_product_safety"
                    ).id
                },
            ],
            HIGH: [
                {"description": "I will cancel my contract and never come back."},
                {"description": "Sözleşmemi iptal edeceğim."},
            ],
            MEDIUM: [{}],
            LOW: [{"category_id": False, "description": "Your LOGO is ugly"}],
        }
        for priority, cases in texts.items():
            for values in cases:
                with self.subTest(values):
                    case = self._new_case(**values)
                    self.assertEqual(case.priority, priority)
                    self.assertFalse(case.is_priority_decided)
                    self.assertTrue(case.priority_reasons)

    def test_reasons_are_those_of_the_highest_priority_in_the_users_language(self):
        case = self._new_case(is_legal_risk=True, description="I was injured.")
        self.assertEqual(
            case.priority_reasons,
            "There is a legal risk. "
            "The customer writes of injury, illness, fire or electric shock.",
        )
        self.env["res.lang"]._activate_lang("tr_TR")
        rule = self.env.ref("complaint_management.complaint_priority_rule_legal")
        rule.with_context(lang="tr_TR").sentence = "Hukuki risk var."
        self.assertIn(
            "Hukuki risk var.", case.with_context(lang="tr_TR").priority_reasons
        )

    def test_without_any_rule_the_priority_is_medium(self):
        case = self._new_case(category_id=False)
        self.assertFalse(case.priority_proposed)
        self.assertEqual((case.priority, case.is_priority_decided), (MEDIUM, False))
        with self.assertRaises(UserError):
            case.action_take_priority()

    def test_decision_at_creation_and_later_is_kept(self):
        for as_decided in (
            lambda: self._new_case(priority=HIGH),
            lambda: self._decided_later(HIGH),
        ):
            case = as_decided()
            self.assertTrue(case.is_priority_decided)
            case.with_user(self.handler).is_legal_risk = True
            self.assertEqual((case.priority, case.priority_proposed), (HIGH, CRITICAL))
            self._rule(priority=CRITICAL, words="oven", name="All ovens")
            case.with_user(self.handler).subject = "The oven is cold again"
            self.assertEqual(case.priority, HIGH)

    def _decided_later(self, priority):
        case = self._new_case()
        case.with_user(self.handler).priority = priority
        return case

    def test_facts_that_come_later_raise_but_never_lower(self):
        case = self._new_case()
        as_handler = case.with_user(self.handler)
        as_handler.assess_safety = "3"
        self.assertEqual((case.priority, case.is_priority_decided), (CRITICAL, False))
        entry = case.journal_entry_ids[0]
        self.assertEqual(entry.event, "priority_raised")
        self.assertIn("people are in danger", entry.note)
        self.assertEqual(case.sla_policy_id.priority, CRITICAL)
        as_handler.assess_safety = "0"
        self.assertEqual((case.priority, case.priority_proposed), (CRITICAL, MEDIUM))

    def test_closed_case_is_not_raised(self):
        case = self._new_case()
        case.stage_id = self._stage("cancelled")
        case.is_legal_risk = True
        self.assertEqual(case.priority, MEDIUM)

    def test_taking_the_proposal_is_a_decision(self):
        case = self._decided_later(LOW)
        case.is_legal_risk = True
        case.with_user(self.handler).action_take_priority()
        self.assertEqual((case.priority, case.is_priority_decided), (CRITICAL, True))

    def test_nobody_writes_that_a_priority_is_undecided(self):
        case = self._decided_later(LOW).with_user(self.handler)
        with self.assertRaises(AccessError):
            case.is_priority_decided = False
        for forged in (True, "BY_RULE", str(BY_RULE)):
            other = self._new_case().with_user(self.handler)
            other.with_context(complaint_priority_by_rule=forged).priority = HIGH
            self.assertTrue(other.is_priority_decided, forged)

    def test_form_follows_the_facts_until_somebody_picks(self):
        form = Form(self.env["complaint.case"].with_user(self.handler))
        form.subject = "Fire"
        form.description = "The cable caught fire"
        self.assertEqual(form.priority, CRITICAL)
        form.description = "The cable is short"
        self.assertEqual(form.priority, MEDIUM)
        form.priority = LOW
        form.description = "The cable caught fire"
        self.assertEqual(form.priority, LOW)
        case = form.save()
        self.assertEqual((case.priority, case.is_priority_decided), (LOW, True))
        form = Form(self.env["complaint.case"].with_user(self.handler))
        form.subject = "Caught fire"
        self.assertFalse(form.save().is_priority_decided)

    # -- rules -------------------------------------------------------------------
    def test_rule_asks_for_all_of_its_conditions(self):
        vip = self.env.ref("complaint_management.complaint_segment_vip")
        self._rule(
            priority=CRITICAL,
            words="warm",
            segment_ids=[Command.set(vip.ids)],
            category_ids=[Command.set(self.category.parent_id.ids)],
            origin="product",
            domain=f"[('product_id', '=', {self.product.id})]",
        )
        self.assertEqual(self._new_case(segment_id=vip.id).priority, CRITICAL)
        for values in (
            {"segment_id": False},
            {"segment_id": vip.id, "category_id": False},
            {"segment_id": vip.id, "product_id": False},
            {"segment_id": vip.id, "description": "It was cold."},
        ):
            self.assertNotEqual(self._new_case(**values).priority, CRITICAL, values)

    def test_rule_of_another_company_or_archived_is_not_asked(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._rule(priority=CRITICAL, words="oven", company_id=other.id)
        self._rule(priority=CRITICAL, words="oven", active=False)
        self.assertEqual(self._new_case().priority, MEDIUM)

    def test_rule_without_condition_or_with_wrong_domain_is_refused(self):
        with self.assertRaises(ValidationError):
            self._rule()
        for domain in ("[('no_such', '=', 1)]", "[('id'", "[('id', '=', 1, 2)]", "x"):
            with self.subTest(domain), self.assertRaises(ValidationError):
                self._rule(domain=domain)

    def test_rule_that_broke_is_shown_and_stops_no_intake(self):
        rule = self._rule(words="oven", priority=CRITICAL)
        for broken in ("[('gone', '=', 1)]", "[('received_at', '>', 'soon')]", "(("):
            self.env.cr.execute(
                "UPDATE complaint_priority_rule SET domain = %s WHERE id = %s",
                (broken, rule.id),
            )
            rule.invalidate_recordset()
            self.env.registry.clear_cache()
            self.assertTrue(rule.is_broken, broken)
            self.assertEqual(self._new_case().priority, MEDIUM)
            result = self.env["complaint.case"].intake(
                [
                    {
                        "channel": "api",
                        "subject": "The oven",
                        "description": "Cold",
                        "partner": {"name": "x", "email": "x@customer.example"},
                    }
                ]
            )
            self.assertEqual(result[0]["status"], "created", result)

    def test_rule_shows_the_open_cases_that_it_fits(self):
        case, other = self._new_case(lot="Q7"), self._new_case(lot="Q8")
        rule = self._rule(domain="[('lot', '=', 'Q7')]")
        action = rule.with_user(self.manager).action_open_matching()
        found = self.env["complaint.case"].search(action["domain"])
        self.assertIn(case, found)
        self.assertNotIn(other, found)

    def test_rules_are_changed_by_managers_only(self):
        rule = self._rule(words="oven")
        with self.assertRaises(AccessError):
            rule.with_user(self.investigator).write({"priority": LOW})
        rule.with_user(self.manager).priority = CRITICAL
        self.assertEqual(self._new_case().priority, CRITICAL)

    def test_many_cases_are_judged_without_a_query_each(self):
        self._rule(domain="[('category_id.origin', '=', 'product')]", priority=LOW)
        vals = [
            {"subject": f"Oven {n}", "description": "cold", "category_id": c}
            for n, c in enumerate([self.category.id] * 100)
        ]
        self.env["complaint.case"].create([{**vals[0]}])
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.env["complaint.case"].create(vals)
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 45)


@tagged("post_install", "-at_install")
class TestAssessment(ComplaintCommon):
    ANSWERS = {
        "assess_severity": "2",
        "assess_safety": "0",
        "assess_complexity": "1",
        "assess_impact": "1",
        "assess_urgency": "1",
    }

    def test_answers_give_score_level_who_and_when(self):
        case = self._new_case()
        self.assertFalse(case.risk_level)
        case.with_user(self.handler).write(self.ANSWERS)
        self.assertEqual((case.risk_score, case.risk_level), (31, "medium"))
        self.assertEqual(case.assessed_by_id, self.handler)
        self.assertTrue(case.assessed_at)
        self.assertTrue(case._gate_check_assessed())
        entry = case.journal_entry_ids[0]
        self.assertEqual(entry.after["assess_severity"], "2")

    def test_open_question_gives_no_score_but_danger_counts_at_once(self):
        case = self._new_case()
        case.with_user(self.handler).assess_safety = "2"
        self.assertEqual((case.risk_score, case.risk_level), (0, "high"))
        self.assertFalse(case._gate_check_assessed())
        self.assertEqual(case.priority, CRITICAL)

    def test_result_is_written_by_nobody(self):
        case = self._new_case().with_user(self.handler)
        for vals in (
            {"risk_level": "low"},
            {"risk_score": 1},
            {"assessed_by_id": self.manager.id},
            {"assessed_at": "2026-01-01"},
        ):
            with self.assertRaises(AccessError):
                case.write(vals)

    def test_high_risk_proposes_high_priority(self):
        case = self._new_case(
            **self.ANSWERS | {"assess_severity": "3", "assess_impact": "3"}
        )
        self.assertEqual(case.risk_level, "medium")
        case.assess_urgency = "3"
        self.assertEqual(case.risk_level, "high")
        self.assertEqual((case.priority, case.priority_proposed), (HIGH, HIGH))
