from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..exceptions import HoldError
from .common import ComplaintCommon


class HoldCommon(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_legal = cls._new_user("legal", "second_legal")
        cls.env["complaint.gate"].search([]).active = False

    @classmethod
    def _hold(cls, *cases, user=None, **values):
        case_ids = [case.id for case in cases]
        vals = {"name": "Court 1/2026", "reason": "The customer sues"}
        if case_ids:
            vals["case_ids"] = [Command.set(case_ids)]
        holds = cls.env["complaint.legal.hold"].with_user(user or cls.legal)
        return holds.create(vals | values)

    def _release(self, hold):
        hold.with_user(self.legal)._ask_release("The judgment is final")
        hold.with_user(self.second_legal).action_confirm_release()

    def _is_free(self, case):
        try:
            with self.env.cr.savepoint():
                case.with_user(self.handler).write(
                    {"description": f"{case.description}!"}
                )
                case.flush_recordset()
        except HoldError:
            return False
        return True


@tagged("post_install", "-at_install")
class TestLegalHold(HoldCommon):
    # -- placing -----------------------------------------------------------------
    def test_hold_is_placed_by_legal_only(self):
        case = self._new_case()
        for user in (self.handler, self.manager, self.auditor):
            with self.assertRaises(AccessError):
                self._hold(case, user=user)
        # Code that runs with more rights doesn't lend them.
        with self.assertRaises(AccessError):
            self.env["complaint.legal.hold"].with_user(self.handler).sudo().create(
                {"name": "x", "reason": "x", "case_ids": [Command.set(case.ids)]}
            )
        self.assertTrue(self._is_free(case))
        hold = self._hold(case)
        self.assertEqual(hold.placed_by_id, self.legal)
        self.assertTrue(case.is_on_hold)
        self.assertFalse(self._is_free(case))

    def test_hold_that_covers_nothing_is_refused(self):
        with self.assertRaises(ValidationError):
            self._hold()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._hold(date_from="2026-02-01", date_to="2026-01-01")

    def test_form_places_and_adds_but_takes_nothing_back(self):
        first, second = self._new_case(), self._new_case()
        holds = self.env["complaint.legal.hold"].with_user(self.legal)
        with Form(holds) as form:
            form.name = "Court 2/2026"
            form.reason = "A letter of the court"
            form.case_ids.add(first)
        hold = form.record
        with Form(hold) as form:
            form.case_ids.add(second)
        self.assertEqual(hold.case_ids, first | second)
        self.assertTrue(second.is_on_hold)
        with self.assertRaises(UserError):
            hold.write({"case_ids": [Command.unlink(first.id)]})
        for vals in ({"name": "x"}, {"reason": "x"}, {"lot": "x"}):
            with self.assertRaises(AccessError):
                hold.sudo().write(vals)

    def test_list_of_cases_is_held_by_the_form_of_legal(self):
        cases = self._new_case() | self._new_case()
        wizards = self.env["complaint.legal.hold.place"]
        with self.assertRaises(AccessError):
            wizards.with_user(self.manager).create({"case_ids": cases.ids})
        wizard = (
            wizards.with_user(self.legal)
            .with_context(active_model="complaint.case", active_ids=cases.ids)
            .create({"name": "Court 3/2026", "reason": "x"})
        )
        action = wizard.action_place()
        hold = self.env["complaint.legal.hold"].browse(action["res_id"])
        self.assertEqual(hold.case_ids, cases)
        third = self._new_case()
        wizards.with_user(self.legal).create(
            {"case_ids": third.ids, "hold_id": hold.id}
        ).action_place()
        self.assertTrue(third.is_on_hold)

    def test_who_sees_the_case_sees_the_matter(self):
        case = self._new_case()
        self._hold(case)
        as_handler = case.with_user(self.handler)
        self.assertIn("Court 1/2026", as_handler.hold_notice)
        self.assertEqual(as_handler.hold_people, self.legal.name)
        self.assertFalse(as_handler.env["complaint.legal.hold"].has_access("read"))
        cases = self.env["complaint.case"].with_user(self.handler)
        self.assertIn(case, cases.search([("is_on_hold", "=", True)]))
        with self.assertRaises(AccessError):
            as_handler.read(["hold_line_ids"])

    def test_hold_and_release_stand_in_the_journals(self):
        case = self._new_case()
        hold = self._hold(case)
        self._release(hold)
        events = case.journal_entry_ids.sudo().sorted("chain_sequence").mapped("event")
        self.assertEqual(events[-2:], ["held", "freed"])
        self.assertEqual(len(hold.sudo().journal_entry_ids), 3)
        self.assertIn("judgment", case.journal_entry_ids.sudo()[0].note)

    # -- release -----------------------------------------------------------------
    def test_release_takes_two_people_of_legal_and_a_reason(self):
        case = self._new_case()
        hold = self._hold(case)
        with self.assertRaises(UserError):
            hold._ask_release("  ")
        with self.assertRaises(UserError):
            hold.with_user(self.second_legal).action_confirm_release()
        for user in (self.handler, self.manager):
            with self.assertRaises(AccessError):
                hold.with_user(user).sudo()._ask_release("x")
        hold._ask_release("The judgment is final")
        self.assertFalse(self._is_free(case))
        self.assertFalse(hold.can_confirm)
        for user in (self.legal, self.manager, self.handler, self.env.user):
            with self.assertRaises(AccessError):
                hold.with_user(user).sudo().action_confirm_release()
        self.assertFalse(self._is_free(case))
        as_second = hold.with_user(self.second_legal)
        self.assertTrue(as_second.can_confirm)
        as_second.action_confirm_release()
        self.assertEqual(
            (hold.state, hold.released_by_id), ("released", self.second_legal)
        )
        self.assertFalse(case.is_on_hold)
        self.assertTrue(self._is_free(case))
        with self.assertRaises(UserError):
            hold.write({"case_ids": [Command.link(self._new_case().id)]})

    def test_refused_release_keeps_the_hold(self):
        case = self._new_case()
        hold = self._hold(case)
        hold._ask_release("x")
        hold.with_user(self.second_legal).action_reject_release()
        self.assertEqual(hold.state, "active")
        self.assertFalse(self._is_free(case))
        with self.assertRaises(UserError):
            hold.with_user(self.second_legal).action_confirm_release()

    def test_release_is_not_written_by_anybody(self):
        hold = self._hold(self._new_case())
        vals = {
            "state": "released",
            "release_asked_by_id": self.legal.id,
            "released_by_id": self.second_legal.id,
        }
        for record in (hold, hold.with_user(self.manager), hold.sudo()):
            with self.assertRaises(AccessError):
                record.write(vals)
            with self.assertRaises(AccessError):
                record.with_context(complaint_hold_release=True).write(vals)

    def test_case_under_two_holds_is_free_when_the_last_ends(self):
        case = self._new_case()
        first, second = self._hold(case), self._hold(case, name="Police 7")
        self.assertIn("Police 7", case.hold_notice)
        self._release(first)
        self.assertTrue(case.is_on_hold)
        self.assertFalse(self._is_free(case))
        self.assertNotIn("Court", case.hold_notice)
        self._release(second)
        self.assertTrue(self._is_free(case))

    # -- scope -------------------------------------------------------------------
    def test_scope_takes_what_is_there_and_what_comes(self):
        company = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        contact = company.create({"name": "Contact", "parent_id": company.id})
        other = self._new_case()
        old = self._new_case(partner_id=contact.id)
        hold = self._hold(partner_id=company.id)
        self.assertEqual(hold.case_ids, old)
        new, late = self._new_case(partner_id=company.id), self._new_case()
        self.assertTrue(new.is_on_hold)
        self.assertFalse(late.is_on_hold)
        late.partner_id = contact
        self.assertTrue(late.is_on_hold)
        self.assertFalse(other.is_on_hold)
        self.assertEqual(hold.case_count, 3)
        self._release(hold)
        self.assertFalse(self._new_case(partner_id=company.id).is_on_hold)
        self.assertFalse(new.is_on_hold)

    def test_scope_has_to_fit_altogether(self):
        self._hold(
            product_id=self.product.id,
            lot="L-9",
            date_from=date(2026, 3, 1),
            date_to=date(2026, 3, 31),
        )
        facts = {"lot": "L-9", "received_at": self._at("2026-03-31 20:00:00")}
        self.assertTrue(self._new_case(**facts).is_on_hold)
        for change in (
            {"lot": "L-8"},
            {"product_id": False},
            {"received_at": self._at("2026-04-01 08:00:00")},
            {"received_at": self._at("2026-02-28 08:00:00")},
        ):
            self.assertFalse(self._new_case(**facts | change).is_on_hold, change)

    def test_hold_of_one_company_takes_no_case_of_another(self):
        company = self.env["res.company"].create({"name": "Another"})
        case = self._new_case(company_id=company.id, team_id=False, user_id=False)
        with self.assertRaises(UserError):
            self._hold(case)
        self._hold(partner_id=self.customer.id)
        self.assertFalse(case.is_on_hold)

    # -- what stays and what goes on -----------------------------------------------
    def test_work_goes_on_under_a_hold(self):
        case = self._new_case()
        case.stage_id = self._stage("triage")
        self._hold(case)
        case.with_user(self.handler).write(
            {"user_id": self.investigator.id, "priority": "3", "root_cause": "Fan"}
        )
        message = case.with_user(self.handler).message_post(body="A note")
        self.env["complaint.evidence"].with_user(self.handler)._add(
            case, [("photo.jpg", b"photo")]
        )
        self.env["ir.attachment"].with_user(self.handler).create(
            {"name": "a.txt", "raw": b"a", "res_model": case._name, "res_id": case.id}
        )
        case.activity_schedule("mail.mail_activity_data_todo", user_id=self.legal.id)
        case.with_user(self.manager).stage_id = self._stage("investigation")
        case.with_user(self.manager).stage_id = self._stage("closed")
        self.assertTrue(case.closed_at)
        case.with_user(self.manager)._reopen("New facts")
        self.assertEqual(case.phase, "investigation")
        with self.assertRaises(HoldError):
            message.unlink()
        with self.assertRaises(HoldError):
            case.root_cause = "Another cause"

    def test_same_values_once_more_are_no_change(self):
        case = self._new_case(lot="L-1")
        self._hold(case)
        vals = {"lot": "L-1", "partner_id": self.customer.id, "quantity": 0}
        case.with_user(self.handler).write(vals)
        with self.assertRaises(HoldError):
            case.with_user(self.handler).write(vals | {"quantity": 2})

    def test_closed_held_case_is_not_archived(self):
        case = self._new_case()
        case.stage_id = self._stage("closed")
        self._hold(case)
        for record in (case.with_user(self.manager), case.sudo()):
            with self.assertRaises(HoldError):
                record.action_archive()
        self.assertTrue(case.active)

    def test_mails_still_come_in(self):
        case = self._new_case()
        self._hold(case)
        case.message_post(
            body="I add a photo",
            message_type="email",
            author_id=self.customer.id,
            attachments=[("photo.jpg", b"photo")],
        )
        self.assertTrue(case.message_ids[0].attachment_ids)

    def test_customer_of_held_case_may_get_a_number_but_no_other_name(self):
        case = self._new_case()
        self._hold(case)
        self.customer.write({"phone": "+994 12 345 67 89", "street": "Nizami 1"})
        for vals in ({"name": "x"}, {"active": False}, {"email": "x@x.example"}):
            with self.assertRaises(HoldError):
                self.customer.sudo().write(vals)

    def test_privacy_lookup_cannot_delete_or_archive(self):
        if "privacy.lookup.wizard" not in self.env:
            self.skipTest("privacy_lookup isn't installed")
        case = self._new_case(email_from="aysel@customer.example")
        self._hold(case)
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": self.customer.name, "email": self.customer.email}
        )
        wizard.action_lookup()
        lines = wizard.line_ids.filtered(
            lambda line: (
                (line.res_model, line.res_id)
                in ((case._name, case.id), ("res.partner", self.customer.id))
            )
        )
        self.assertEqual(len(lines), 2)
        for line in lines:
            with self.assertRaises(UserError):
                line.action_unlink()
            with self.assertRaises(UserError):
                line.is_active = False
                line._onchange_is_active()
        self.assertTrue(case.exists().active and self.customer.exists().active)

    def test_promises_and_legal_hits_are_kept_too(self):
        """Promises go on under a hold; what happened to them, and what was found in
        the words of the customer, doesn't change."""
        case = self._new_case(description="I will see you in court")
        clocks, hits = case.sla_clock_ids, case.legal_hit_ids
        self.assertTrue(clocks.event_ids and hits)
        self._hold(case)
        self.env.flush_all()
        for query, ids in (
            ("UPDATE complaint_sla_event SET note = 'x'", clocks.event_ids.ids),
            ("DELETE FROM complaint_sla_event", clocks.event_ids.ids),
            ("UPDATE complaint_sla_clock SET res_id = res_id + 1", clocks.ids),
            ("DELETE FROM complaint_sla_clock", clocks.ids),
            ("UPDATE complaint_legal_hit SET snippet = 'x'", hits.ids),
            ("DELETE FROM complaint_legal_hit", hits.ids),
        ):
            with (
                self.subTest(query=query),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query + " WHERE id = ANY(%s)", [ids])
        with self.assertRaises(UserError), self.env.cr.savepoint():
            hits.sudo().unlink()
        with self.assertRaises(HoldError), self.env.cr.savepoint():
            clocks.sudo().unlink()
        self._answer_approved(case)
        self.assertEqual(
            case.sla_clock_ids.filtered(lambda c: c.kind == "respond").state, "met"
        )

    def _answer_approved(self, case):
        template = (
            self.env["complaint.response.template"]
            .with_user(self.legal)
            .create(
                {
                    "name": "We examine it",
                    "subject": "Your complaint",
                    "body": "<p>We examine it.</p>",
                    "lang": case._get_answer_lang(),
                }
            )
        )
        template.with_user(self.second_legal).action_approve()
        self.env["complaint.response.send"].with_user(self.handler).create(
            {"case_id": case.id, "template_id": template.id}
        ).action_send()

    # -- speed -------------------------------------------------------------------
    def _count(self, function, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function(*args)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_records(self):
        def make(count):
            return self.env["complaint.case"].create(
                [{"subject": f"Case {n}", "lot": "HELD"} for n in range(count)]
            )

        make(1)
        hold = self._hold(lot="HELD")
        few, many = self._count(make, 2), self._count(make, 40)
        self.assertLess(many, few + 20)
        self.assertGreaterEqual(hold.case_count, 43)
        cases = self.env["complaint.case"].browse(hold.case_ids.ids)
        one = self._count(cases[:2].write, {"color": 1})
        lot = self._count(cases.write, {"color": 2})
        self.assertLess(lot, one + 5)
        one = self._count(cases[:2].write, {"lot": "HELD"})
        lot = self._count(cases.write, {"lot": "HELD"})
        self.assertLess(lot, one + 5)
