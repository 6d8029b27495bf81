from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ComplaintCommon

CRITICAL, LOW = "3", "0"


@tagged("post_install", "-at_install")
class TestAssignment(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.env["res.users"]
        for name in ("anar", "banu", "cem"):
            cls.members |= cls._new_user("handler", name)
        cls.anar, cls.banu, cls.cem = cls.members
        cls.desk = cls.env["complaint.team"].create(
            {
                "name": "Desk",
                "leader_id": cls.manager.id,
                "member_ids": [Command.set(cls.members.ids)],
                "assignment_method": "least_loaded",
            }
        )

    def _case(self, **values):
        return self._new_case(**{"team_id": self.desk.id, "user_id": False, **values})

    def _vals(self, count, **values):
        return [
            {"subject": f"Case {number}", "team_id": self.desk.id, **values}
            for number in range(count)
        ]

    def _leave(self, user=None, calendar=None, hours=(-1, 1)):
        now = fields.Datetime.now()
        resource = user and self.env["resource.resource"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "calendar_id": (calendar or self.calendar).id,
            }
        )
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "calendar_id": (calendar or self.calendar).id,
                "resource_id": resource.id if resource else False,
                "date_from": now + timedelta(hours=hours[0]),
                "date_to": now + timedelta(hours=hours[1]),
            }
        )

    # -- least loaded --------------------------------------------------------------
    def test_team_that_assigns_by_hand_leaves_a_case_alone(self):
        self.desk.assignment_method = "manual"
        self.assertFalse(self._case().user_id)

    def test_chosen_owner_stays(self):
        self.assertEqual(self._case(user_id=self.cem.id).user_id, self.cem)

    def test_one_after_the_other_goes_round(self):
        owners = [self._case().user_id for __ in range(6)]
        self.assertEqual(set(owners[:3]), set(self.members))
        self.assertEqual(owners[:3], owners[3:])

    def test_open_cases_weigh_by_priority(self):
        self._case(user_id=self.anar.id, priority=CRITICAL)
        self._case(user_id=self.banu.id, priority=LOW)
        self._case(user_id=self.cem.id, priority="2")
        # 5, 1 and 3: four of weight 1 go to Banu, Banu, Banu or Cem
        owners = [self._case(priority=LOW).user_id for __ in range(4)]
        self.assertEqual(owners.count(self.anar), 0)
        self.assertEqual(owners[:2], [self.banu, self.banu])
        self.assertEqual(set(owners[2:]), {self.banu, self.cem})

    def test_closed_cases_weigh_nothing_but_the_last_one_counts_for_the_turn(self):
        for user in (self.cem, self.banu, self.anar):
            case = self._case(user_id=user.id)
            case.stage_id = self._stage("cancelled")
            ago = {self.anar: 3, self.banu: 1, self.cem: 2}[user]
            case.sudo().assigned_at = fields.Datetime.now() - timedelta(days=ago)
        owners = [self._case().user_id for __ in range(3)]
        self.assertEqual(owners, [self.anar, self.cem, self.banu])

    def test_batch_is_spread_evenly_with_a_flat_number_of_queries(self):
        self.env["complaint.case"].create(self._vals(3))
        counts = []
        for size in (20, 500):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases = self.env["complaint.case"].create(self._vals(size))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        shares = [len(c) for c in cases.grouped("user_id").values()]
        self.assertEqual(sum(shares), 500)
        self.assertLessEqual(max(shares) - min(shares), 1)
        self.assertLess((counts[1] - counts[0]) / 480, 0.2, counts)

    def test_owners_of_a_batch_follow_and_are_told_once(self):
        cases = self.env["complaint.case"].create(self._vals(9))
        for user in self.members:
            own = cases.filtered(lambda c, u=user: c.user_id == u)
            self.assertTrue(all(user.partner_id in c.message_partner_ids for c in own))
            told = self.env["mail.message"].search(
                [
                    ("partner_ids", "in", user.partner_id.ids),
                    ("message_type", "=", "user_notification"),
                ]
            )
            self.assertEqual(len(told), 1)
            self.assertIn("3 complaints", told.subject)
            self.assertIn(own[0].name, told.body)

    def test_owner_of_one_case_is_told_and_the_journal_knows(self):
        # The common set-up of tests keeps threads quiet.
        loud = self.env["complaint.case"].with_context(tracking_disable=False)
        case = loud.create(self._vals(1)).with_env(self.env)
        told = self.env["mail.message"].search(
            [
                ("model", "=", "complaint.case"),
                ("res_id", "=", case.id),
                ("partner_ids", "in", case.user_id.partner_id.ids),
            ]
        )
        self.assertTrue(told)
        self.assertEqual(case.journal_entry_ids.after["user_id"], case.user_id.id)
        first = case.user_id
        case.with_user(self.manager).user_id = self.members - first - self.cem
        entry = case.journal_entry_ids[0]
        self.assertEqual(entry.before["user_id"], first.id)

    def test_case_by_mail_and_by_the_api_gets_an_owner(self):
        # The API takes the first team of the company.
        self.env["complaint.team"].search(
            [("id", "!=", self.desk.id), ("company_id", "=", self.env.company.id)]
        ).active = False
        result = self.env["complaint.case"].intake(
            [
                {
                    "channel": "api",
                    "subject": "Cold",
                    "partner": {"name": "x", "email": "x@customer.example"},
                }
            ]
        )
        case = self.env["complaint.case"].browse(result[0]["id"])
        self.assertIn(case.user_id, self.members)

    # -- who is passed over ----------------------------------------------------------
    def test_absent_archived_strangers_and_subjects_get_none(self):
        self._leave(self.anar)
        self.assertNotIn(self.anar, [self._case().user_id for __ in range(4)])
        self.assertIn(self.anar, self.desk.absent_user_ids)
        subject = [Command.set(self.banu.ids)]
        case = self._case(subject_user_ids=subject)
        self.assertEqual(case.user_id, self.cem)
        self.cem.active = False
        self.assertEqual(self._case().user_id, self.banu)
        self.desk.member_ids -= self.banu
        self.assertFalse(self._case().user_id)

    def test_leave_that_is_over_or_to_come_doesnt_count(self):
        self._leave(self.anar, hours=(-5, -1))
        self._leave(self.banu, hours=(1, 5))
        self.assertEqual({self._case().user_id for __ in range(3)}, set(self.members))

    def test_public_holiday_of_some_passes_them_over_of_all_it_doesnt(self):
        other = self.calendar.copy()
        self._leave(self.anar, hours=(5, 6))
        self._leave(self.banu, hours=(5, 6))
        self._leave(self.cem, calendar=other, hours=(5, 6))
        self._leave(calendar=self.calendar)
        self.assertEqual({self._case().user_id for __ in range(3)}, {self.cem})
        self._leave(calendar=other)
        self.assertEqual(len({self._case().user_id for __ in range(9)}), 3)

    def test_when_all_are_away_the_case_waits_and_is_assigned_later(self):
        leaves = [self._leave(user) for user in self.members]
        case = self._case()
        self.assertFalse(case.user_id)
        self._run_cron("ir_cron_assign")
        self.assertFalse(case.user_id)
        leaves[1].unlink()
        self._run_cron("ir_cron_assign")
        self.assertEqual(case.user_id, self.banu)

    def test_scheduled_action_leaves_others_alone(self):
        by_hand = self._new_case(user_id=False)
        cancelled = self._case()
        cancelled.stage_id = self._stage("cancelled")
        cancelled.user_id = False
        waiting = self._case()
        waiting.user_id = False
        self._run_cron("ir_cron_assign")
        self.assertFalse(by_hand.user_id | cancelled.user_id)
        self.assertTrue(waiting.user_id)

    # -- rules -------------------------------------------------------------------------
    def _rule(self, user, **values):
        return self.env["complaint.assignment.rule"].create(
            {"team_id": self.desk.id, "user_id": user.id, **values}
        )

    def test_first_rule_that_fits_wins(self):
        self.desk.assignment_method = "rule"
        turkey = self.env.ref("base.tr")
        self.product.categ_id = self.env["product.category"].create({"name": "Hot"})
        self._rule(self.anar, category_ids=[Command.set(self.category.parent_id.ids)])
        self._rule(self.cem, country_ids=[Command.set(turkey.ids)], sequence=5)
        self._rule(self.banu, domain="[('lot', '=', 'Q7')]", sequence=1)
        self._rule(
            self.cem,
            product_category_ids=[Command.set(self.product.categ_id.ids)],
            sequence=50,
        )
        self._rule(self.banu, lang="en_US", sequence=60)
        self.assertEqual({self._case().user_id for __ in range(4)}, {self.anar})
        self.assertEqual(self._case(lot="Q7").user_id, self.banu)
        plain = {"category_id": False, "partner_id": False}
        self.assertEqual(self._case(**plain).user_id, self.cem)
        plain["product_id"] = False
        self.assertEqual(
            {self._case(**plain, lang="en_US").user_id for __ in range(4)}, {self.banu}
        )
        self.customer.country_id = turkey
        self.assertEqual(self._case().user_id, self.cem)

    def test_rule_of_somebody_absent_is_passed_over(self):
        self.desk.assignment_method = "rule"
        self._rule(self.anar, domain="[('lot', '=', 'Q7')]")
        self._leave(self.anar)
        self.assertIn(self._case(lot="Q7").user_id, self.banu | self.cem)

    def test_rule_for_a_stranger_or_with_a_wrong_domain_is_refused(self):
        with self.assertRaises(ValidationError):
            self._rule(self.handler)
        with self.assertRaises(ValidationError):
            self._rule(self.anar, domain="[('no_such', '=', 1)]")
        with self.assertRaises(AccessError):
            self._rule(self.anar).with_user(self.anar).sequence = 1

    # -- by hand ---------------------------------------------------------------------
    def _assign(self, user, cases, **values):
        wizard = (
            self.env["complaint.assign"]
            .with_user(user)
            .with_context(active_model=cases._name, active_ids=cases.ids)
            .create(values)
        )
        return wizard.action_assign()

    def test_several_are_spread_over_the_team(self):
        self.desk.assignment_method = "manual"
        cases = self.env["complaint.case"].create(self._vals(6))
        self._assign(self.anar, cases)
        shares = [len(own) for own in cases.grouped("user_id").values()]
        self.assertEqual(shares, [2, 2, 2])

    def test_several_are_given_to_one_person(self):
        cases = self.env["complaint.case"].create(self._vals(4))
        self._assign(self.anar, cases, mode="user", user_id=self.cem.id)
        self.assertEqual(cases.user_id, self.cem)
        with self.assertRaises(UserError):
            self._assign(self.anar, cases, mode="user")

    def test_subject_is_refused_also_here(self):
        case = self._case(subject_user_ids=[Command.set(self.cem.ids)])
        with self.assertRaises(ValidationError):
            self._assign(self.manager, case, mode="user", user_id=self.cem.id)
        with self.assertRaises(AccessError):
            self._assign(self.cem, case, mode="user", user_id=self.anar.id)

    def test_outsider_assigns_nothing(self):
        case = self._case()
        with self.assertRaises(AccessError):
            self._assign(self.other_handler, case, mode="user", user_id=self.cem.id)

    def test_cases_of_somebody_absent_go_to_the_others(self):
        cases = self.env["complaint.case"].create(self._vals(6, user_id=self.anar.id))
        closed = self._case(user_id=self.anar.id)
        closed.stage_id = self._stage("cancelled")
        elsewhere = self._new_case(user_id=self.anar.id)
        self._leave(self.anar)
        action = self.desk.with_user(self.manager).action_open_reassign()
        wizard = (
            self.env["complaint.assign"]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(wizard.absent_user_id, self.anar)
        self.assertEqual(wizard.case_ids, cases)
        wizard.action_assign()
        self.assertEqual(cases.user_id, self.banu | self.cem)
        self.assertEqual((closed | elsewhere).user_id, self.anar)

    def test_nobody_there_is_said(self):
        case = self._case()
        for user in self.members:
            self._leave(user)
        with self.assertRaises(UserError):
            self._assign(self.manager, case)

    # -- at the same moment ----------------------------------------------------------
    def _forget_other_tests(self):
        """They run in this transaction, which stands as the last that assigned."""
        self.env.cr.execute("SELECT setval('complaint_assignment_seq', 1)")

    def test_who_cant_have_the_lock_leaves_it_to_the_scheduled_action(self):
        self._forget_other_tests()
        team = self.env["complaint.team"]
        with self.registry.cursor() as other:
            self.assertTrue(team.with_env(self.env(cr=other))._lock_assignment())
            cron = self.env.ref("complaint_management.ir_cron_assign")
            woken = [("cron_id", "=", cron.id)]
            before = self.env["ir.cron.trigger"].search_count(woken)
            self.assertFalse(self._case().user_id)
            after = self.env["ir.cron.trigger"].search_count(woken)
            self.assertEqual(after, before + 1)
        # The other one is over; our picture is from before it started.
        self.assertFalse(team._lock_assignment())

    def test_who_sees_what_the_last_one_did_assigns(self):
        self._forget_other_tests()
        team = self.env["complaint.team"]
        with self.registry.cursor() as other:
            self.assertTrue(team.with_env(self.env(cr=other))._lock_assignment())
        with self.registry.cursor() as later:
            later_team = team.with_env(self.env(cr=later))
            self.assertTrue(later_team._lock_assignment())
            self.assertTrue(later_team._lock_assignment(), "twice in a transaction")
