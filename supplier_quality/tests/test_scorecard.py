from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .common import SupplierCommon

MARCH = date(2026, 3, 1)


@tagged("post_install", "-at_install")
class TestScorecard(SupplierCommon):
    """Figures by hand, from orders and pickings that Odoo itself moved."""

    def _delivered(self, planned, done, quantity=10, received=None, **values):
        with freeze_time("2026-02-01 08:00:00"):
            order = self._new_order(quantity, datetime.fromisoformat(planned), **values)
        with freeze_time(done):
            self._receive(order, received)
        return order

    def _card(self, month=MARCH, partner=None, now="2026-04-02 03:00:00"):
        with freeze_time(now):
            self.env["supplier.scorecard"]._compute_month(self.env.company, month)
        return self.env["supplier.scorecard"].search(
            [
                ("partner_id", "=", (partner or self.supplier).id),
                ("period_start", "=", month),
            ]
        )

    def test_figures_of_early_on_time_late_partial_and_returned(self):
        self._delivered("2026-03-10 08:00:00", "2026-03-05 09:00:00")  # early
        self._delivered("2026-03-10 08:00:00", "2026-03-10 13:00:00")  # same day
        late = self._delivered("2026-03-10 08:00:00", "2026-03-11 09:00:00")
        partial = self._delivered(  # 60 of 100 in time, the rest too late
            "2026-03-20 08:00:00", "2026-03-19 09:00:00", quantity=100, received=60
        )
        with freeze_time("2026-03-25 09:00:00"):
            self._receive(partial)
        with freeze_time("2026-03-26 09:00:00"):
            self._return(late.picking_ids[0], 2)
        card = self._card()
        # receipts: early, same day, late, 60 in time, 40 late
        self.assertEqual((card.delivered_lines, card.on_time_lines), (5, 3))
        self.assertAlmostEqual(card.on_time_rate, 60)
        # order lines: early and same day in full, late and partial not
        self.assertEqual((card.due_lines, card.in_full_lines), (4, 2))
        self.assertAlmostEqual(card.in_full_rate, 50)
        self.assertEqual((card.received_qty, card.rejected_qty), (130, 2))
        self.assertAlmostEqual(card.ppm, 2 / 130 * 1_000_000, places=3)
        # 40 × 60 + 20 × 50 + 40 × 0 points (over 10,000 ppm), of 100
        self.assertAlmostEqual(card.score, 34)
        self.assertEqual(card.grade, "D")
        self.assertEqual(card.state, "draft")

    def test_evidence_adds_up_to_the_figures(self):
        order = self._delivered("2026-03-10 08:00:00", "2026-03-11 09:00:00")
        with freeze_time("2026-03-12 09:00:00"):
            back = self._return(order.picking_ids, 4)
        card = self._card()
        lines = {line.kind: line for line in card.line_ids}
        self.assertEqual(len(card.line_ids), 3)
        self.assertEqual(
            lines["receipt"].move_id, order.order_line.move_ids - back.move_ids
        )
        self.assertEqual(lines["receipt"].verdict, "missed")
        self.assertEqual(lines["receipt"].qty, card.received_qty)
        self.assertEqual(str(lines["receipt"].planned_at), "2026-03-10 08:00:00")
        self.assertEqual(str(lines["receipt"].done_at), "2026-03-11 09:00:00")
        self.assertEqual(lines["return"].move_id, back.move_ids)
        self.assertEqual(lines["return"].rejected_qty, card.rejected_qty)
        self.assertEqual(lines["promise"].purchase_line_id, order.order_line)
        self.assertEqual(lines["promise"].verdict, "missed")

    def test_perfect_supplier_gets_100(self):
        self._delivered("2026-03-10 08:00:00", "2026-03-09 09:00:00")
        card = self._card()
        self.assertAlmostEqual(card.score, 100)
        self.assertEqual(card.grade, "A")

    def test_goods_that_never_came_count_as_not_in_full(self):
        with freeze_time("2026-02-01 08:00:00"):
            self._new_order(10, datetime(2026, 3, 10, 8))
        card = self._card()
        self.assertEqual((card.delivered_lines, card.due_lines), (0, 1))
        self.assertEqual(card.in_full_lines, 0)
        self.assertAlmostEqual(card.score, 0)
        self.assertEqual(card.grade, "D")
        self.env.cr.execute(
            "SELECT on_time_rate, ppm FROM supplier_scorecard WHERE id = %s", [card.id]
        )
        self.assertEqual(self.env.cr.fetchone(), (None, None))

    def test_only_returns_is_not_rated(self):
        order = self._delivered("2026-02-10 08:00:00", "2026-02-10 09:00:00")
        with freeze_time("2026-03-02 09:00:00"):
            self._return(order.picking_ids, 1)
        card = self._card()
        self.assertEqual(card.rejected_qty, 1)
        self.assertFalse(card.grade)
        self.assertEqual(card.grade_text, "Not rated")
        self.env.cr.execute(
            "SELECT score, ppm, on_time_rate FROM supplier_scorecard WHERE id = %s",
            [card.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (None, None, None))

    def test_month_and_day_are_those_of_the_company(self):
        # 1 April 00:30 in Baku is 31 March 20:30 UTC
        self._delivered("2026-03-31 20:30:00", "2026-03-31 20:45:00")
        self.assertFalse(self._card())
        april = self._card(date(2026, 4, 1), now="2026-05-01 08:00:00")
        self.assertEqual((april.delivered_lines, april.on_time_lines), (1, 1))
        self.assertEqual((april.due_lines, april.in_full_lines), (1, 1))

    def test_day_that_is_not_over_is_not_judged(self):
        with freeze_time("2026-02-01 08:00:00"):
            self._new_order(10, datetime(2026, 3, 10, 8))
        self.assertFalse(self._card(now="2026-03-10 12:00:00"))
        self.assertEqual(self._card(now="2026-03-11 12:00:00").due_lines, 1)

    def test_units_are_those_of_the_product(self):
        # moves keep the unit of the order
        self.env["ir.config_parameter"].set_param("stock.propagate_uom", "1")
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._delivered(
            "2026-03-10 08:00:00",
            "2026-03-10 09:00:00",
            quantity=10,
            product_uom_id=dozen.id,
        )
        with freeze_time("2026-03-12 09:00:00"):
            self._return(order.picking_ids, 1)
        self.assertEqual(order.order_line.move_ids.product_uom, dozen)
        card = self._card()
        self.assertEqual((card.received_qty, card.rejected_qty), (120, 12))
        self.assertAlmostEqual(card.ppm, 100_000)
        self.assertEqual(card.in_full_lines, 1)

    def test_replacement_is_received_but_breaks_no_promise(self):
        order = self._delivered("2026-03-10 08:00:00", "2026-03-10 09:00:00")
        with freeze_time("2026-03-12 09:00:00"):
            self._return(order.picking_ids, 2, exchange=True)
        with freeze_time("2026-03-20 09:00:00"):
            self._receive(order)
        card = self._card()
        self.assertEqual((card.delivered_lines, card.on_time_lines), (1, 1))
        self.assertEqual((card.received_qty, card.rejected_qty), (12, 2))

    def test_contacts_of_a_supplier_share_one_card(self):
        contact = self.supplier_user.partner_id
        for partner in (self.supplier, contact):
            self._delivered(
                "2026-03-10 08:00:00", "2026-03-10 09:00:00", partner=partner
            )
        self.assertEqual(self._card().delivered_lines, 2)

    def test_each_supplier_gets_only_own_facts(self):
        self._delivered("2026-03-10 08:00:00", "2026-03-10 09:00:00")
        self._delivered(
            "2026-03-10 08:00:00", "2026-03-12 09:00:00", partner=self.other_supplier
        )
        self.assertEqual(self._card().on_time_lines, 1)
        self.assertEqual(self._card(partner=self.other_supplier).on_time_lines, 0)

    def test_services_and_cancelled_orders_are_no_promise(self):
        service = self.env["product.product"].create(
            {"name": "Repair", "type": "service"}
        )
        with freeze_time("2026-02-01 08:00:00"):
            self._new_order(1, datetime(2026, 3, 10, 8), product_id=service.id)
            self._new_order(1, datetime(2026, 3, 10, 8)).button_cancel()
        self.assertFalse(self._card())

    def test_scrap_and_customer_moves_are_no_receipt(self):
        location = self.env.ref("stock.stock_location_stock")
        target = self.env.ref("stock.stock_location_customers")
        move = self.env["stock.move"].create(
            {
                "product_id": self.kettle.id,
                "product_uom_qty": 1,
                "location_id": location.id,
                "location_dest_id": target.id,
            }
        )
        with freeze_time("2026-03-12 09:00:00"):
            move._action_confirm()
            move.quantity = 1
            move.picked = True
            move._action_done()
        self.assertEqual(move.state, "done")
        self.assertFalse(self._card())
