from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestMerge(ComplaintCommon):
    """Several cases become one, and nothing is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        now = fields.Datetime.now().replace(microsecond=0)
        cls.early = now - timedelta(days=30)
        cls.first = cls._new_case(subject="First", description="Cold since Monday")
        cls.second = cls._new_case(
            subject="Second", description="Still cold", received_at=cls.early
        )
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger"})

    def _merge(self, cases, survivor, user=None, **values):
        wizard = (
            self.env["complaint.merge"]
            .with_user(user or self.handler)
            .create(
                {"case_ids": cases.ids, "survivor_id": survivor.id, **values},
            )
        )
        return wizard.action_merge()

    def _fill(self, case):
        """Hang one of everything on a case."""
        env = case.env
        message = case.message_post(
            body="From the customer",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=case.partner_id.id,
            attachments=[("letter.txt", b"letter")],
        )
        file = env["ir.attachment"].create(
            {
                "name": "photo.txt",
                "raw": b"x",
                "res_model": case._name,
                "res_id": case.id,
            }
        )
        follower = env["res.partner"].create(
            {"name": "Colleague", "parent_id": case.partner_id.id}
        )
        case.message_subscribe(follower.ids)
        activity = case.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.handler.id
        )
        action = env["mgmtsystem.action"].create(
            {
                "name": "Replace the valve",
                "type_action": "correction",
                "complaint_case_id": case.id,
                "user_id": self.handler.id,
            }
        )
        report = env["complaint.eightd"].create({"case_id": case.id, "subject": "8D"})
        why = env["complaint.rca.why"].create(
            {"res_model": case._name, "res_id": case.id, "answer": "Valve stuck"}
        )
        evidence = env["complaint.evidence"]._add(case, [("proof.txt", b"proof")])
        return {
            "message": message,
            "file": file,
            "follower": follower,
            "activity": activity,
            "action": action,
            "report": report,
            "why": why,
            "evidence": evidence,
        }

    # -- nothing is lost -----------------------------------------------------------
    def test_merge_moves_everything_and_counts_it(self):
        things = self._fill(self.second)
        messages = self.env["mail.message"]
        domain = [("model", "=", "complaint.case")]
        both = (self.first | self.second).ids
        before = messages.search_count([*domain, ("res_id", "in", both)])
        files = self.env["ir.attachment"].search_count(
            [("res_model", "=", "complaint.case"), ("res_id", "in", both)]
        )
        action = self._merge(self.first | self.second, self.first)
        self.assertEqual(action["res_id"], self.first.id)
        case = self.first
        self.assertIn(things["message"], case.message_ids)
        self.assertIn(things["follower"], case.message_partner_ids)
        self.assertIn(things["activity"], case.activity_ids)
        self.assertIn(things["action"], case.action_ids)
        self.assertIn(things["report"], case.eightd_ids)
        self.assertIn(things["why"], case.why_ids)
        self.assertIn(things["evidence"], case.evidence_ids)
        self.assertEqual(things["file"].res_id, case.id)
        self.assertEqual(things["message"].attachment_ids.res_id, case.id)
        after = messages.search_count([*domain, ("res_id", "in", both)])
        self.assertGreaterEqual(after, before)
        self.assertEqual(
            self.env["ir.attachment"].search_count(
                [("res_model", "=", "complaint.case"), ("res_id", "=", case.id)]
            ),
            files,
        )
        self.assertIn("Still cold", "".join(case.message_ids.mapped("body")))

    def test_merged_case_is_cancelled_readable_and_leads_on(self):
        name = self.second.name
        self._merge(self.first | self.second, self.first)
        merged = self.second.with_user(self.handler)
        self.assertEqual(merged.phase, "cancelled")
        self.assertEqual(merged.merged_into_id, self.first)
        self.assertEqual((merged.name, merged.description), (name, "Still cold"))
        self.assertEqual(self.first.merged_case_ids, self.second)
        running = merged.sla_clock_ids.filtered(lambda c: c.state == "running")
        self.assertFalse(running)
        self.assertEqual(merged.notice_state, "none")
        self.assertEqual(merged.acknowledge_state, "none")
        events = [
            c.sudo().journal_entry_ids.mapped("event")
            for c in (self.first, self.second)
        ]
        self.assertIn("merged_from", events[0])
        self.assertIn("merged_into", events[1])

    def test_merge_keeps_earliest_receipt_and_counts_from_it(self):
        self._merge(self.first | self.second, self.first)
        self.assertEqual(self.first.received_at, self.early)
        started = self.first.sla_clock_ids.mapped("started_at")
        self.assertEqual(set(started), {self.early})

    def test_merge_form_proposes_case_received_first(self):
        cases = self.first | self.second
        wizards = self.env["complaint.merge"].with_user(self.handler)
        form = Form(
            wizards.with_context(active_model="complaint.case", active_ids=cases.ids)
        )
        self.assertEqual(form.survivor_id, self.second)
        self.assertFalse(form.has_several_customers)

    # -- what is refused -----------------------------------------------------------
    def test_merge_twice_or_alone_is_refused(self):
        self._merge(self.first | self.second, self.first)
        third = self._new_case()
        with self.assertRaisesRegex(UserError, "already"):
            self._merge(self.second | third, third)
        with self.assertRaisesRegex(UserError, "at least two"):
            self._merge(third, third)

    def test_merge_with_ended_case_is_refused(self):
        self.second.stage_id = self._stage("cancelled")
        for survivor in (self.first, self.second):
            with self.assertRaisesRegex(UserError, "has ended"):
                self._merge(self.first | self.second, survivor)

    def test_merge_of_companies_is_refused(self):
        company = self.env["res.company"].create({"name": "Other"})
        team = self.env["complaint.team"].create(
            {"name": "T", "company_id": company.id}
        )
        other = self._new_case(company_id=company.id, team_id=team.id, user_id=False)
        self.manager.company_ids |= company
        cases = (self.first | other).with_user(self.manager)
        cases = cases.with_context(allowed_company_ids=(self.env.company | company).ids)
        with self.assertRaisesRegex(UserError, "different companies"):
            cases._merge(cases[0])

    def test_merge_of_unreadable_case_is_refused(self):
        self.second.write({"is_confidential": True, "user_id": self.manager.id})
        with self.assertRaises(AccessError):
            self._merge(self.first | self.second, self.second)
        with self.assertRaises(AccessError):
            self._merge(self.first | self.second, self.first, self.auditor)

    def test_merge_of_confidential_into_open_one_is_refused(self):
        self.second.is_confidential = True
        self.second.confidential_user_ids = self.handler
        with self.assertRaisesRegex(UserError, "is confidential"):
            self._merge(self.first | self.second, self.first)
        self._merge(self.first | self.second, self.second)
        self.assertEqual(self.first.merged_into_id, self.second)

    def test_merge_under_hold_is_refused(self):
        def held(records):
            error = "held"
            raise UserError(error)

        cls = type(self.first)
        with patch.object(cls, "_check_not_held", held):
            with self.assertRaisesRegex(UserError, "held"):
                self._merge(self.first | self.second, self.first)
        self.assertFalse(self.second.merged_into_id)

    def test_merge_of_locked_case_is_refused(self):
        cls = type(self.first)

        def locked(records, **kwargs):
            return records[:1]

        with patch.object(cls, "try_lock_for_update", locked):
            with self.assertRaisesRegex(UserError, "Try again"):
                self._merge(self.first | self.second, self.first)

    def test_pointer_can_not_be_written(self):
        with self.assertRaises(AccessError):
            self.second.with_user(self.manager).merged_into_id = self.first

    def test_merged_case_is_not_reopened(self):
        self._merge(self.first | self.second, self.first)
        with self.assertRaisesRegex(UserError, "Work goes on there"):
            self.second.with_user(self.manager)._reopen("because")

    # -- different customers -----------------------------------------------------------
    def test_merge_of_customers_needs_manager_and_confirmation(self):
        self.second.partner_id = self.stranger
        cases = self.first | self.second
        with self.assertRaises(AccessError):
            self._merge(cases, self.first, is_other_customer_confirmed=True)
        with self.assertRaisesRegex(UserError, "Confirm"):
            self._merge(cases, self.first, self.manager)

    def test_merge_of_customers_hides_messages_from_the_other(self):
        self.second.partner_id = self.stranger
        things = self._fill(self.second)
        things["evidence"].is_customer_visible = True
        self._merge(
            self.first | self.second,
            self.first,
            self.manager,
            is_other_customer_confirmed=True,
        )
        self.assertIn(things["message"], self.first.message_ids)
        self.assertTrue(things["message"].is_internal)
        self.assertTrue(things["message"].subtype_id.internal)
        self.assertNotIn(things["follower"], self.first.message_partner_ids)
        self.assertFalse(things["evidence"].is_customer_visible)

    # -- afterwards -----------------------------------------------------------
    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_answer_to_merged_case_lands_in_survivor(self):
        name = self.second.name
        message = self.second.message_post(
            body="We look", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self._merge(self.first | self.second, self.first)
        alias = self.team.alias_id.alias_full_name or "baku-complaints@x.example"
        head = f"From: {self.customer.email}\nTo: {alias}\n"
        mails = (
            f"{head}Subject: Re: {name}\nMessage-Id: <a1@x>\n\nby number\n",
            f"{head}Subject: Re: so\nMessage-Id: <a2@x>\n"
            f"References: {message.message_id}\n\nby reference\n",
        )
        for mail in mails:
            self.env["mail.thread"].message_process("complaint.case", mail)
        bodies = "".join(self.first.message_ids.mapped("body"))
        self.assertIn("by number", bodies)
        self.assertIn("by reference", bodies)
        self.assertNotIn("by ", "".join(self.second.message_ids.mapped("body")))

    def test_answer_of_other_customer_is_internal_on_survivor(self):
        self.second.partner_id = self.stranger
        self._merge(
            self.first | self.second,
            self.first,
            self.manager,
            is_other_customer_confirmed=True,
        )
        message = self.second.message_post(
            body="private words",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.stranger.id,
        )
        self.assertEqual(message.res_id, self.first.id)
        self.assertTrue(message.is_internal)
        self.assertTrue(message.subtype_id.internal)

    def test_repeats_of_merged_case_follow(self):
        third = self._new_case(repeat_of_id=self.second.id)
        self._merge(self.first | self.second, self.first)
        self.assertEqual(third.repeat_of_id, self.first)
