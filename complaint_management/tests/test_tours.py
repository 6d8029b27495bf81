from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestTours(ComplaintCommon, HttpCase):
    """The main way of a handler in a real browser."""

    # The tour is refused a step on purpose; the server writes refusals down.
    @mute_logger("odoo.http")
    def test_handler_takes_in_and_classifies_a_case(self):
        self.start_tour(
            "/odoo", "complaint_management_handler", login=self.handler.login
        )
        case = self.env["complaint.case"].search(
            [("subject", "=", "The oven smokes")], limit=1
        )
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.user_id, self.handler)
        self.assertEqual(case.phase, "investigation")
        self.assertEqual(case.priority, "3")
        self.assertEqual(case.sla_policy_id.priority, "3")

    # The tour is refused steps on purpose; the server writes refusals down.
    @mute_logger("odoo.http")
    def test_handler_answers_and_closes_a_case(self):
        case = self._new_case(
            validity="justified", validity_reason="Seen", root_cause="Loose cable"
        )
        case.stage_id = self._stage("response")
        self.start_tour(
            f"/odoo/complaints/{case.id}",
            "complaint_management_close",
            login=self.handler.login,
        )
        self.assertEqual(case.phase, "closed")
        self.assertEqual(case.customer_verdict, "accepted")
        self.assertTrue(case.decision_sent_at)
        self.assertEqual(case.lesson, "Test the cable at the end of the line.")

    def test_phone_intake_finds_caller_and_similar_cases(self):
        self.env.company.country_id = self.env.ref("base.az")
        caller = self.env["res.partner"].create(
            {"name": "Elşad Quliyev", "phone": "+994 50 123 45 67"}
        )
        self._new_case(partner_id=caller.id, subject="Loud fridge")
        self._new_case(subject="Oven door glass broken")
        self.start_tour("/odoo", "complaint_management_phone", login=self.handler.login)
        case = self.env["complaint.case"].search(
            [("subject", "=", "The oven door glass is broken")]
        )
        self.assertEqual(len(case), 1)
        self.assertEqual(case.partner_id, caller)
        self.assertEqual(case.channel_id.code, "phone")
        self.assertEqual(case.acknowledged_way, "phone")
        rude = self.env["complaint.case"].search(
            [("subject", "=", "Rude at the counter")]
        )
        self.assertEqual(len(rude), 1)
        self.assertTrue(rude.is_anonymous)

    def test_handler_merges_two_cases(self):
        early = fields.Datetime.now() - timedelta(days=3)
        first = self._new_case(subject="Oven cold once", received_at=early)
        second = self._new_case(subject="Oven cold twice")
        self.start_tour("/odoo", "complaint_management_merge", login=self.handler.login)
        self.assertEqual(second.merged_into_id, first)

    def test_handler_assesses_reports_and_judges(self):
        case = self._new_case()
        self.start_tour(
            f"/odoo/complaints/{case.id}",
            "complaint_management_triage",
            login=self.handler.login,
        )
        self.assertEqual((case.risk_level, case.assessed_by_id), ("high", self.handler))
        self.assertEqual((case.priority, case.is_priority_decided), ("3", False))
        self.assertEqual(case.initial_report_ids.sent_by, "post")
        self.assertTrue(case.responded_at)
        self.assertEqual(case.validity, "pending")
        self.assertEqual(case.validity_proposed_by_id, self.handler)

    def test_manager_edits_the_matrix_and_the_next_case_takes_it(self):
        category = self.env["complaint.category"].create({"name": "Tour category"})
        self.start_tour(
            "/odoo/complaint-promise-matrix",
            "complaint_management_sla_matrix",
            login=self.manager.login,
        )
        case = self._new_case(category_id=category.id, priority="3")
        self.assertEqual(case.sla_policy_id.category_id, category)
        resolve = case.sla_clock_ids.filtered(lambda c: c.kind == "resolve")
        self.assertEqual((resolve.unit, resolve.target), ("clock_hours", 6))

    def test_legal_alert_hold_approved_answer_release(self):
        """A threat to sue: legal hears of it, holds the evidence, a second person of
        legal approves an answer, the handler sends it, and two release the hold."""
        second_legal = self._new_user("legal", "second_legal")
        template = self.env["complaint.response.template"].with_user(self.legal)
        template = template.create(
            {
                "name": "We look into it",
                "lang": "en_US",
                "subject": "Your complaint {{ case }}",
                "body": "<p>Our legal department is examining it.</p>",
            }
        )
        case = self._new_case(
            description="My lawyer will sue you in court.", lang="en_US"
        )
        self.assertTrue(case.is_legal_risk)
        self.assertIn(self.legal, case.activity_ids.user_id, "the alert")
        form = f"/odoo/complaints/{case.id}"

        self.start_tour(form, "complaint_management_legal_hold", login=self.legal.login)
        hold = case.hold_line_ids.hold_id
        self.assertEqual((hold.name, hold.state), ("District Court 114/2026", "active"))
        self.start_tour(
            f"/odoo/complaint-approved-answers/{template.id}",
            "complaint_management_legal_approve",
            login=second_legal.login,
        )
        self.start_tour(
            form, "complaint_management_legal_answer", login=self.handler.login
        )
        self.assertIn("approved_answer_sent", case.journal_entry_ids.mapped("event"))
        form = f"/odoo/complaint-legal-holds/{hold.id}"
        self.start_tour(
            form, "complaint_management_legal_release", login=self.legal.login
        )
        self.assertTrue(case.is_on_hold, "one person alone releases nothing")
        self.start_tour(
            form, "complaint_management_legal_confirm", login=second_legal.login
        )
        self.assertFalse(case.is_on_hold)
