from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestPhone(ComplaintCommon):
    """Calls, visits and letters, typed in by the smallest role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.az")
        cls.company_partner = cls.env["res.partner"].create(
            {"name": "Qafqaz MMC", "is_company": True}
        )
        cls.caller = cls.env["res.partner"].create(
            {
                "name": "Elşad Quliyev",
                "phone": "+994 50 123 45 67",
                "parent_id": cls.company_partner.id,
                "country_id": cls.env.ref("base.az").id,
            }
        )
        cls.phone = cls.env.ref("complaint_management.complaint_channel_phone")
        cls.calls = cls.env["complaint.call"].with_user(cls.handler)

    def _find(self, typed, user=None):
        partners = self.env["res.partner"].with_user(user or self.handler)
        found = partners.with_context(complaint_caller_search=1).name_search(typed)
        return [partner_id for partner_id, __ in found]

    def _new_call(self, **values):
        return self.calls.create(
            {"subject": "The oven smokes", "partner_id": self.caller.id, **values}
        )

    # -- finding the caller --------------------------------------------------------
    def test_caller_by_number_in_every_notation_is_found(self):
        for typed in (
            "+994501234567",
            "+994 50 123",
            "00994 50 123 45 67",
            "050 123 45 67",
            "0501234567",
            "(050) 123-45",
            "50 123 45 67",
            "123 45 67",
            "۰۵۰ ۱۲۳ ۴۵ ۶۷",
            "٠٥٠١٢٣٤٥٦٧",
        ):
            with self.subTest(typed):
                self.assertIn(self.caller.id, self._find(typed))

    def test_caller_by_other_number_is_not_found(self):
        for typed in ("+994 55 123 45 67", "050 124", "+90 50 123 45 67"):
            with self.subTest(typed):
                self.assertNotIn(self.caller.id, self._find(typed))

    def test_caller_by_name_and_mail_is_found(self):
        self.assertIn(self.customer.id, self._find("aysel@cust"))
        self.assertIn(self.caller.id, self._find("Quliyev"))

    def test_caller_by_order_and_lot_is_found(self):
        self._new_case(partner_id=self.caller.id, lot="LT-0042", order_ref="SO-991")
        for typed in ("LT-0042", "lt-0042", "LT-00", "SO-991"):
            with self.subTest(typed):
                self.assertEqual(self._find(typed), [self.caller.id])

    def test_caller_by_lot_of_hidden_case_is_not_found(self):
        self._new_case(
            partner_id=self.caller.id, lot="LT-77", is_confidential=True, user_id=False
        )
        self.assertEqual(self._find("LT-77", self.other_handler), [])
        self.assertEqual(self._find("LT-77", self.manager), [self.caller.id])

    def test_search_elsewhere_stays_as_it_was(self):
        partners = self.env["res.partner"].with_user(self.handler)
        self.assertEqual(partners.name_search("050 123 45 67"), [])
        self.assertNotIn("·", partners.browse(self.caller.id).display_name)

    def test_caller_is_shown_with_number(self):
        partners = self.env["res.partner"].with_context(complaint_caller_search=1)
        self.assertIn("123 45 67", partners.browse(self.caller.id).display_name)

    # -- the screen ------------------------------------------------------------------
    def test_call_of_known_customer_becomes_case(self):
        with Form(self.calls) as form:
            form.partner_id = self.caller
            self.assertEqual(form.partner_phone, self.caller.phone)
            form.subject = "The oven smokes"
            form.description = "From the back."
            form.product_id = self.product
            form.lot = "L1"
            form.priority = "2"
            form.complainant_kind = "employee"
        action = form.record.action_open_case()
        case = self.env["complaint.case"].browse(action["res_id"])
        self.assertEqual(case.partner_id, self.caller)
        self.assertEqual(case.channel_id.code, "phone")
        self.assertEqual(case.create_uid, self.handler)
        self.assertEqual((case.lot, case.priority), ("L1", "2"))
        self.assertEqual(case.complainant_kind, "employee")
        self.assertEqual(case.product_id, self.product)

    def test_call_finished_twice_makes_one_case(self):
        call = self._new_call()
        first = call.action_open_case()["res_id"]
        call.action_next_call()
        self.assertEqual(call.action_open_case()["res_id"], first)
        made = self.env["complaint.case"].search_count(
            [("partner_id", "=", self.caller.id)]
        )
        self.assertEqual(made, 1)

    def test_call_without_subject_or_caller_is_refused(self):
        with self.assertRaisesRegex(UserError, "in short"):
            self._new_call(subject=" ").action_open_case()
        with self.assertRaisesRegex(UserError, "Who complains"):
            self._new_call(partner_id=False).action_open_case()

    def test_call_anonymous_needs_no_caller(self):
        call = self._new_call(partner_id=False, is_anonymous=True)
        case = self.env["complaint.case"].browse(call.action_open_case()["res_id"])
        self.assertTrue(case.is_anonymous)
        self.assertFalse(case.partner_id)
        self.assertFalse(case.activity_ids)

    def test_call_of_unknown_caller_keeps_what_was_typed(self):
        call = self._new_call(
            partner_id=False, partner_name="Rəna", partner_phone="0551112233"
        )
        case = self.env["complaint.case"].browse(call.action_open_case()["res_id"])
        self.assertEqual(case.partner_name, "Rəna")
        self.assertEqual(case.partner_phone, "0551112233")

    def test_call_shows_latest_cases_of_whole_company(self):
        colleague = self.env["res.partner"].create(
            {"name": "Colleague", "parent_id": self.company_partner.id}
        )
        old = self._new_case(partner_id=colleague.id)
        other = self._new_case()
        hidden = self._new_case(
            partner_id=colleague.id, is_confidential=True, user_id=self.manager.id
        )
        call = self._new_call()
        self.assertIn(old, call.recent_case_ids)
        self.assertNotIn(other, call.recent_case_ids)
        self.assertNotIn(hidden, call.recent_case_ids)

    def test_call_added_to_open_case_is_note_on_it(self):
        case = self._new_case(partner_id=self.caller.id)
        call = self._new_call(existing_case_id=case.id, description="<b>Still</b> cold")
        self.assertEqual(call.action_open_case()["res_id"], case.id)
        note = case.message_ids[0]
        self.assertIn("&lt;b&gt;Still&lt;/b&gt; cold", note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertFalse(case.responded_at)
        self.assertIn("call_added", case.journal_entry_ids.mapped("event"))

    def test_call_added_to_closed_or_hidden_case_is_refused(self):
        closed = self._new_case(partner_id=self.caller.id)
        closed.stage_id = self._stage("cancelled")
        with self.assertRaisesRegex(UserError, "has ended"):
            self._new_call(existing_case_id=closed.id).action_open_case()
        hidden = self._new_case(is_confidential=True, user_id=self.manager.id)
        with self.assertRaises(AccessError):
            self._new_call(existing_case_id=hidden.id).action_open_case()

    def test_call_by_auditor_is_refused(self):
        with self.assertRaises(AccessError):
            self.env["complaint.call"].with_user(self.auditor).create({"subject": "x"})

    def test_call_that_took_long_needs_no_reason(self):
        start = fields.Datetime.now() - timedelta(minutes=40)
        call = self._new_call(started_at=start, received_at=start)
        case = self.env["complaint.case"].browse(call.action_open_case()["res_id"])
        self.assertEqual(case.received_at, start.replace(microsecond=0))
        self.assertTrue(case.received_reason)

    # -- receipt in the past -------------------------------------------------------
    def _yesterday(self):
        return fields.Datetime.now().replace(microsecond=0) - timedelta(days=1)

    def test_early_receipt_without_reason_is_refused_on_every_route(self):
        cases = self.env["complaint.case"].with_user(self.handler)
        vals = {"subject": "x", "received_at": self._yesterday()}
        for reason in (False, "  "):
            with self.assertRaisesRegex(UserError, "only now"):
                cases.create({**vals, "received_reason": reason})
        with self.assertRaisesRegex(UserError, "only now"):
            cases.with_context(default_received_at=self._yesterday()).create(
                {"subject": "x"}
            )
        with self.assertRaisesRegex(UserError, "only now"):
            self._new_call(received_at=self._yesterday()).action_open_case()

    def test_early_receipt_with_reason_counts_from_then(self):
        case = (
            self.env["complaint.case"]
            .with_user(self.handler)
            .create(
                {
                    "subject": "x",
                    "received_at": self._yesterday(),
                    "received_reason": "The letter lay on a desk",
                }
            )
        )
        entries = case.sudo().journal_entry_ids
        early = entries.filtered(lambda e: e.event == "received_earlier")
        self.assertEqual(early.note, "The letter lay on a desk")
        self.assertEqual(
            set(case.sla_clock_ids.mapped("started_at")), {case.received_at}
        )

    def test_receipt_some_minutes_ago_needs_no_reason(self):
        now = fields.Datetime.now()
        cases = self.env["complaint.case"].with_user(self.handler)
        case = cases.create({"subject": "x", "received_at": now - timedelta(minutes=9)})
        self.assertFalse(case.received_reason)

    def test_imported_receipt_is_noted(self):
        cases = self.env["complaint.case"].with_user(self.manager)
        result = cases.with_context(import_file=True).load(
            ["subject", "received_at"], [["Old one", "2024-03-01 08:00:00"]]
        )
        case = self.env["complaint.case"].browse(result["ids"])
        self.assertEqual(case.received_reason, "Imported")
        self.assertIn("received_earlier", case.journal_entry_ids.mapped("event"))

    def test_changed_receipt_needs_new_reason_and_plans_anew(self):
        case = self._new_case().with_user(self.handler)
        before = {c.kind: c.deadline for c in case.sla_clock_ids}
        earlier = self._yesterday() - timedelta(days=6)
        with self.assertRaises(UserError):
            case.received_at = earlier
        case.write({"received_at": earlier, "received_reason": "Told at the counter"})
        self.assertIn("received_changed", case.sudo().journal_entry_ids.mapped("event"))
        for clock in case.sla_clock_ids:
            self.assertEqual(clock.started_at, earlier)
            self.assertLess(clock.deadline, before[clock.kind])
        with self.assertRaises(UserError):
            case.received_at = earlier - timedelta(days=1)

    def test_changed_receipt_of_ended_case_is_refused(self):
        case = self._new_case()
        case.stage_id = self._stage("cancelled")
        with self.assertRaisesRegex(UserError, "has ended"):
            case.with_user(self.handler).write(
                {"received_at": self._yesterday(), "received_reason": "x"}
            )

    # -- acknowledgement by hand ---------------------------------------------------
    def _unreachable(self, **values):
        vals = {
            "subject": "Loud fridge",
            "partner_name": "Rəna",
            "partner_phone": "0551112233",
            "channel_id": self.phone.id,
            "team_id": self.team.id,
            **values,
        }
        return self.env["complaint.case"].with_user(self.handler).create(vals)

    def _tasks(self, case):
        kind = self.env.ref("complaint_management.mail_activity_type_acknowledge")
        return case.sudo().activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def test_case_without_mail_asks_team_leader_to_acknowledge(self):
        task = self._tasks(self._unreachable())
        self.assertEqual(task.user_id, self.manager)
        self.assertIn("0551112233", task.note)

    def test_case_without_mail_asks_owner_first(self):
        task = self._tasks(self._unreachable(user_id=self.handler.id))
        self.assertEqual(task.user_id, self.handler)

    def test_case_of_nobody_has_task_and_is_found_by_filter(self):
        team = self.env["complaint.team"].create({"name": "No leader"})
        case = self._unreachable(team_id=team.id)
        self.assertEqual(len(self._tasks(case)), 1)
        self.assertFalse(self._tasks(case).user_id)
        found = self.env["complaint.case"].search([("is_acknowledge_due", "=", True)])
        self.assertIn(case, found)

    def test_case_with_mail_or_of_import_asks_nobody(self):
        self.assertFalse(self._tasks(self._unreachable(email_from="r@x.example")))
        cases = self.env["complaint.case"].with_user(self.handler)
        imported = cases.with_context(import_file=True).create(
            {"subject": "Old", "partner_name": "R", "channel_id": self.phone.id}
        )
        self.assertFalse(self._tasks(imported))

    def test_acknowledge_stops_clock_and_closes_task(self):
        case = self._unreachable()
        action = case.action_acknowledge()
        wizard = (
            self.env["complaint.acknowledge"]
            .with_user(self.handler)
            .with_context(**action["context"])
            .create({"way": "letter", "note": "sent today"})
        )
        wizard.action_confirm()
        self.assertTrue(case.acknowledged_at)
        self.assertEqual(case.acknowledged_way, "letter")
        clock = case.sla_clock_ids.filtered(lambda c: c.kind == "acknowledge")
        self.assertEqual(clock.state, "met")
        self.assertFalse(self._tasks(case))
        self.assertFalse(case.is_acknowledge_due)
        notes = case.sudo().journal_entry_ids.mapped("note")
        self.assertIn("By letter: sent today", notes)
        with self.assertRaisesRegex(UserError, "already"):
            wizard.action_confirm()

    def test_acknowledge_by_others_is_refused(self):
        case = self._unreachable()
        for user in (self.auditor, self.other_handler):
            with self.assertRaises(AccessError):
                case.with_user(user)._register_acknowledgement("phone")
        with self.assertRaises(AccessError):
            case.write({"acknowledged_way": "phone"})

    def test_told_on_the_phone_is_acknowledged_at_once(self):
        call = self._new_call()
        case = self.env["complaint.case"].browse(call.action_open_case()["res_id"])
        self.assertEqual(case.acknowledged_way, "phone")
        self.assertFalse(self._tasks(case))

    def test_not_told_on_the_phone_waits_for_a_call_back(self):
        call = self._new_call(is_told=False)
        case = self.env["complaint.case"].browse(call.action_open_case()["res_id"])
        self.assertFalse(case.acknowledged_at)
        self.assertEqual(len(self._tasks(case)), 1)

    def test_tasks_of_a_batch_make_flat_number_of_queries(self):
        def vals(count):
            return [
                {
                    "subject": f"Case {number}",
                    "partner_name": "R",
                    "channel_id": self.phone.id,
                    "team_id": self.team.id,
                }
                for number in range(count)
            ]

        cases = self.env["complaint.case"]
        cases.create(vals(1))
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        cases.create(vals(100))
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 90)
