from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import SupplierCommon

MARCH = date(2026, 3, 1)


@tagged("post_install", "-at_install")
class TestScorecardLife(SupplierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-03-01 08:00:00"):
            cls.order = cls._new_order(10, datetime(2026, 3, 10, 8))
        with freeze_time("2026-03-10 09:00:00"):
            cls._receive(cls.order)

    def _compute(self, month=MARCH, now="2026-04-02 03:00:00"):
        cards = self.env["supplier.scorecard"]
        with freeze_time(now):
            cards._compute_month(self.env.company, month)
        return cards.search([("partner_id", "=", self.supplier.id)], limit=1)

    def _facts(self, card):
        skipped = {"computed_at", "write_date", "line_ids", "journal_entry_ids"}
        names = [name for name in card._fields if name not in skipped]
        lines = card.line_ids.sorted("kind")
        return card.read(names), lines.mapped("kind"), lines.mapped("qty")

    def test_compute_twice_gives_the_same_card(self):
        card = self._compute()
        before = self._facts(card)
        again = self._compute(now="2026-04-03 03:00:00")
        self.assertEqual(again, card)
        self.assertEqual(self._facts(again), before)
        self.assertEqual(str(again.computed_at), "2026-04-03 03:00:00")

    def test_compute_after_the_facts_went_resets_the_draft(self):
        card = self._compute()
        self.order.order_line.move_ids.write({"date": "2026-05-05 09:00:00"})
        self.order.order_line.date_planned = datetime(2026, 5, 5, 8)
        self._compute()
        self.assertFalse(card.grade)
        self.assertFalse(card.line_ids)
        self.assertEqual(card.delivered_lines, 0)

    def test_final_card_is_never_changed_silently(self):
        card = self._compute()
        card.with_user(self.quality).action_finalize()
        before = self._facts(card)
        with freeze_time("2026-03-15 09:00:00"):
            self._return(self.order.picking_ids, 5)
        self._compute()
        self.assertEqual(self._facts(card), before)
        with self.assertRaises(UserError):
            card.sudo().write({"score": 100})
        with self.assertRaises(UserError):
            card.sudo().unlink()
        draft = card.copy({"period_start": "2026-01-01"})
        with self.assertRaises(AccessError):
            draft.with_user(self.manager).write({"score": 100})

    def test_reopened_card_is_recomputed_and_the_reason_kept(self):
        card = self._compute()
        card.with_user(self.quality).action_finalize()
        with freeze_time("2026-03-15 09:00:00"):
            self._return(self.order.picking_ids, 5)
        with self.assertRaises(AccessError):
            card.with_user(self.quality)._reopen("I want to")
        wizard = (
            self.env["supplier.scorecard.reopen"]
            .with_user(self.manager)
            .with_context(default_scorecard_ids=card.ids)
            .create({"reason": "Return was booked late"})
        )
        wizard.action_reopen()
        self._compute()
        self.assertEqual(card.rejected_qty, 5)
        entry = card.journal_entry_ids.filtered(lambda e: e.event == "reopened")
        self.assertEqual(entry.note, "Return was booked late")
        self.assertEqual(entry.actor_id, self.manager)

    def test_month_that_runs_can_not_be_final(self):
        card = self._compute(now="2026-03-20 03:00:00")
        with freeze_time("2026-03-31 10:00:00"), self.assertRaises(UserError):
            card.with_user(self.quality).action_finalize()

    def test_roles_without_the_right_compute_and_freeze_nothing(self):
        card = self._compute()
        for user in (self.auditor, self.buyer):
            with self.assertRaises(AccessError):
                card.with_user(user).action_finalize()
        for user in (self.handler, self.auditor, self.buyer):
            with self.assertRaises(AccessError):
                self.env["supplier.scorecard.compute"].with_user(user).create({})

    def test_wizard_computes_each_month_of_the_span(self):
        with freeze_time("2026-04-02 03:00:00"):
            form = Form(self.env["supplier.scorecard.compute"].with_user(self.quality))
            self.assertEqual(form.date_to, MARCH)
            form.date_from = date(2026, 2, 14)
            action = form.save().action_compute()
        cards = self.env["supplier.scorecard"].search(action["domain"])
        self.assertEqual(
            cards.filtered(lambda c: c.partner_id == self.supplier).mapped(
                "period_start"
            ),
            [MARCH],
        )
        for span in ((date(2026, 4, 1), MARCH), (date(2020, 1, 1), MARCH)):
            wizard = self.env["supplier.scorecard.compute"].create(
                {"date_from": span[0], "date_to": span[1]}
            )
            with self.assertRaises(UserError):
                wizard.action_compute()

    def test_wizard_for_foreign_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Ankara"})
        wizard = self.env["supplier.scorecard.compute"].with_user(self.quality)
        wizard = wizard.create({"company_id": company.id})
        with self.assertRaises(AccessError):
            wizard.action_compute()

    def test_cron_computes_last_month_and_survives_a_bad_company(self):
        bad = self.env["res.company"].create({"name": "Broken"})
        cards = type(self.env["supplier.scorecard"])
        original = cards._compute_month

        def compute(records, company, month):
            if company == bad:
                raise ValueError("broken")
            return original(records, company, month)

        self.patch(cards, "_compute_month", compute)
        logger = "odoo.addons.supplier_quality.models.supplier_scorecard"
        with freeze_time("2026-04-02 03:00:00"), self.enter_registry_test_mode():
            with self.assertLogs(logger, "ERROR"):
                self.env.ref(
                    "supplier_quality.ir_cron_scorecards"
                ).method_direct_trigger()
        card = self.env["supplier.scorecard"].search(
            [("partner_id", "=", self.supplier.id)]
        )
        self.assertEqual(card.period_start, MARCH)

    def test_grade_near_the_limit_does_not_flap(self):
        cards = self.env["supplier.scorecard"]
        card = self._compute()
        cards.create(
            {
                "partner_id": self.supplier.id,
                "company_id": self.env.company.id,
                "period_start": "2026-02-01",
                "grade": "B",
            }
        )
        self.patch(type(cards), "_get_score", lambda *args: 91)
        self.assertEqual(self._compute().grade, "B")
        self.patch(type(cards), "_get_score", lambda *args: 92)
        self._compute()
        self.assertEqual(card.grade, "A")

    def test_partner_shows_the_latest_grade(self):
        self._compute()
        for user in (self.quality, self.buyer):
            contact = self.supplier_user.partner_id.with_user(user)
            self.assertEqual(contact.supplier_grade, "A")
            self.assertEqual(contact.supplier_scorecard_count, 1)

    def test_grades_with_a_gap_are_refused(self):
        bands = self.env["supplier.scorecard.band"]
        company = self.env["res.company"].create({"name": "Ankara"})
        with self.assertRaises(ValidationError):
            bands.create({"name": "X", "lower": 10, "company_id": company.id})
        with self.assertRaises(ValidationError):
            bands.create({"name": "E", "lower": 101})
        with self.assertRaises(ValidationError):
            self.env.ref("supplier_quality.supplier_scorecard_band_d").unlink()
        own = bands.create({"name": "All", "lower": 0, "company_id": company.id})
        self.assertTrue(own)
        self.assertEqual(bands._get_bands(company).grade(50), "All")
        self.assertEqual(bands._get_bands(self.env.company).grade(50), "D")

    def test_queries_do_not_grow_with_suppliers(self):
        def queries():
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            self._compute()
            return self.env.cr.sql_log_count - start

        queries()
        few = queries()
        for number in range(8):
            partner = self.env["res.partner"].create({"name": f"Supplier {number}"})
            with freeze_time("2026-03-01 08:00:00"):
                order = self._new_order(partner=partner)
            with freeze_time("2026-03-10 09:00:00"):
                self._receive(order)
        self.assertLessEqual(queries(), few)
