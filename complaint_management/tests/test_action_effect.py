from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_actions import ActionCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestActionEffect(ActionCommon):
    """Complaints of the same kind before and after an action (CA-2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.error = cls.env.ref("complaint_management.complaint_error_type_overheating")
        cls.other_error = cls.env.ref("complaint_management.complaint_error_type_leak")
        cls.now = fields.Datetime.now()
        cls.done_at = cls.now - 90 * DAY
        # the first of the company, so that the time before is counted in full
        cls._received(400, product_id=False)
        cls.case.write({"error_type_id": cls.error.id})
        cls._move(cls.case, 100)
        cls.action = cls._new_action(stage_id=cls.closed.id)
        cls.action.date_closed = cls.done_at

    @classmethod
    def _move(cls, case, days):
        case.sudo().write({"received_at": cls.now - days * DAY})

    @classmethod
    def _received(cls, days, **values):
        """A complaint received so many days ago."""
        return cls._new_case(
            **{
                "error_type_id": False,
                "received_at": cls.now - days * DAY,
                "partner_id": False,
                "email_from": "x@customer.example",
                **values,
            }
        )

    def _figures(self, action=None):
        action = action or self.action
        self.env.flush_all()
        return action._get_effect_figures()[action.id]

    def _html(self, lang="en_US", action=None):
        action = (action or self.action).with_context(lang=lang)
        action.invalidate_recordset(["complaint_effect"])
        return str(action.complaint_effect)

    def _same(self, *days):
        return [self._received(ago, error_type_id=self.error.id) for ago in days]

    def test_only_complaints_of_the_same_kind_and_time_count(self):
        self._same(91, 95, 269, 89, 1)
        self._same(271)
        self._received(95, error_type_id=self.other_error.id)
        self._received(95, error_type_id=self.error.id, product_id=False)
        cancelled, merged = self._same(95, 96)
        cancelled.stage_id = self._stage("cancelled")
        merged.sudo().merged_into_id = self.case
        figures = self._figures()
        # 91, 95, 269 and the case itself; 89 and 1
        self.assertEqual((figures["before"], figures["after"]), (4, 2))
        self.assertEqual((figures["days_before"], figures["days_after"]), (180, 90))
        self.assertEqual(sum(count for __, count in figures["months"]), 6)
        self.assertEqual([index for index, __ in figures["months"]], [*range(-6, 3)])

    def test_other_company_does_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        team = self.env["complaint.team"].create(
            {"name": "Other", "company_id": other.id}
        )
        self._received(
            95,
            error_type_id=self.error.id,
            company_id=other.id,
            team_id=team.id,
            user_id=False,
        )
        self.assertEqual(self._figures()["before"], 1)

    def test_too_little_data_is_said_and_never_green(self):
        html = self._html()
        self.assertIn("Too few to say whether it worked", html)
        self.assertNotIn("text-success", html)
        self.assertIn(self.product.display_name, html)

    def test_clear_success_and_clear_failure(self):
        self._same(*range(100, 130))
        html = self._html()
        self.assertIn("hardly by chance", html)
        self.assertIn("text-success", html)
        self._same(*range(10, 80))
        html = self._html()
        self.assertIn("More than before", html)
        self.assertIn("text-danger", html)

    def test_what_can_be_chance_is_not_green(self):
        self._same(*range(100, 107), 50)
        figures = self._figures()
        self.assertEqual((figures["before"], figures["after"]), (8, 1))
        html = self._html()
        self.assertIn("This can be chance", html)
        self.assertIn("0.143", html)
        self.assertNotIn("text-success", html)

    def test_everybody_reads_the_same_figures(self):
        self._same(100)[0].write({"is_confidential": True, "user_id": self.manager.id})
        self._same(101)[0].write({"user_id": False, "team_id": False})
        for user in (self.handler, self.manager, self.auditor):
            self.env.invalidate_all()
            figures = self.action.with_user(user)._get_effect_figures()[self.action.id]
            self.assertEqual(figures["before"], 3, user.login)

    def test_company_that_began_lately_counts_from_its_first_complaint(self):
        company = self.env["res.company"].create({"name": "New"})
        team = self.env["complaint.team"].create(
            {"name": "New", "company_id": company.id}
        )
        case = self._received(
            120,
            company_id=company.id,
            team_id=team.id,
            user_id=False,
            error_type_id=self.error.id,
        )
        action = self._new_action(
            complaint_case_id=case.id, company_id=company.id, stage_id=self.closed.id
        )
        action.date_closed = self.done_at
        self.assertEqual(self._figures(action)["days_before"], 30)

    def test_what_is_missing_is_said(self):
        self.action.stage_id = self.opened
        self.assertIn("Shown once the action is implemented", self._html())
        self.action.stage_id = self.closed
        self.action.date_closed = self.now
        self.assertIn("too early", self._html())
        self.action.date_closed = self.done_at
        self.case.error_type_id = False
        self.assertIn("the error type isn&#39;t known", self._html())
        self.case.write({"product_id": False})
        self.assertIn("neither a product nor an error type", self._html())
        self.case.error_type_id = self.error
        self.assertIn("the product isn&#39;t known", self._html())
        alone = self._new_action(complaint_case_id=False, stage_id=self.closed.id)
        self.assertFalse(alone.complaint_effect)

    def test_cancelled_action_has_no_effect(self):
        self.action.stage_id = self.cancelled
        self.assertIn("Shown once", self._html())

    def test_words_are_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        html = self._html("fa_IR")
        self.assertIn(self.product.display_name, html)

    def test_as_many_queries_for_many_actions_as_for_one(self):
        actions = self.action
        for number in range(12):
            case = self._received(
                95,
                product_id=self.product.id if number % 3 else False,
                error_type_id=self.error.id if number % 2 else False,
            )
            action = self._new_action(
                complaint_case_id=case.id, stage_id=self.closed.id
            )
            action.date_closed = self.done_at
            actions |= action
        counts = []
        for some in (actions[:1], actions):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped("stage_id.is_ending")
            some.mapped("complaint_case_id.product_id")
            before = self.env.cr.sql_log_count
            some._get_effect_figures()
            counts.append(self.env.cr.sql_log_count - before)
        # one a kind of comparison
        self.assertLessEqual(counts[1] - counts[0], 2)

    def test_form_reads_the_comparison_as_plain_reader(self):
        action = self.action.with_user(self.auditor)
        self.assertTrue(action.complaint_effect)
        self.assertTrue(
            action.web_read({"complaint_effect": {}})[0]["complaint_effect"]
        )
