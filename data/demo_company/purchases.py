"""A year of purchase orders: received early, on time, late, in parts, sent back."""

from datetime import timedelta

from odoo.fields import Command

from .clock import to_office_hours
from .world import ZONES, read_csv, say

CYCLE_DAYS = 48
FAR = {"CN": 42, "DE": 24, "IR": 24, "GE": 21}
NEAR_DAYS = 16
# 18:00 in Baku: what comes on the promised day is on time.
DAY_END_UTC = 14
# Prices stand in manat; the Turkish company buys in lira.
RATE = {"az": 1.0, "tr": 24.0}


class Orders:
    """Plans the orders of all suppliers and plays them day by day."""

    def __init__(self, world):
        self.world = world
        self.events = []
        self.count = 0
        self.parts = {}
        for row in read_csv("parts.csv"):
            self.parts.setdefault(row["supplier"], []).append(row)

    def play(self):
        for supplier in read_csv("suppliers.csv"):
            self._plan_supplier(supplier)
        # An event may plan later ones: the backorder, the return.
        while self.events:
            self.events.sort(key=lambda event: event[0])
            moment, function, args = self.events.pop(0)
            if moment < self.world.now:
                with self.world.travel(moment):
                    function(moment, *args)
        say(f"  {self.count} purchase orders")

    def _add(self, moment, function, *args):
        moment = to_office_hours(moment, ZONES["az"], self.world.random.randint(5, 400))
        self.events.append((moment, function, args))

    def _plan_supplier(self, supplier):
        dice = self.world.random
        moment = self.world.start + timedelta(days=dice.randint(2, CYCLE_DAYS))
        while moment < self.world.now:
            self._add(moment, self._order, supplier)
            moment += timedelta(days=CYCLE_DAYS + dice.randint(-6, 6))

    # -- what happens ---------------------------------------------------------------
    def _order(self, moment, supplier):
        world, dice = self.world, self.world.random
        company_key = (
            "tr" if supplier["country"] == "TR" and dice.random() < 0.4 else "az"
        )
        days = FAR.get(supplier["country"], NEAR_DAYS) + dice.randint(-2, 6)
        promised = to_office_hours(moment + timedelta(days=days), ZONES["az"], 60)
        promised = promised.replace(hour=DAY_END_UTC, minute=0, second=0)
        rows = self.parts[supplier["code"]]
        rows = dice.sample(rows, dice.randint(1, len(rows)))
        company = world.companies[company_key]
        order = self._as_buyer("purchase.order", company).create(
            {
                "partner_id": world.suppliers[supplier["code"]].id,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "date_order": moment,
                "date_planned": promised,
                "order_line": [
                    Command.create(
                        {
                            "product_id": world.parts[row["code"]].id,
                            "product_qty": self._quantity(row),
                            "price_unit": float(row["cost"]) * RATE[company_key],
                            "date_planned": promised,
                        }
                    )
                    for row in rows
                ],
            }
        )
        order.button_confirm()
        self.count += 1
        self._plan_receipt(order.id, supplier, promised)

    def _as_buyer(self, model, company, **context):
        """Purchases and stock without a chatter that nobody reads: half the time."""
        records = self.world.as_user(self.world.env[model], "buyer", company)
        return records.with_context(tracking_disable=True, **context)

    def _quantity(self, row):
        return max(10, round(int(row["quantity"]) * self.world.between(0.6, 1.4), -1))

    def _plan_receipt(self, order_id, supplier, promised):
        """Decide by the supplier's habits when and how the goods come."""
        dice = self.world.random
        throw, late, early = (
            dice.random(),
            float(supplier["late"]),
            float(supplier["early"]),
        )
        days = 0
        if throw < late:
            days = dice.randint(2, 14)
        elif throw < late + early:
            days = -dice.randint(1, 5)
        moment = promised + timedelta(days=days, hours=-dice.randint(1, 3))
        share = 0.6 if dice.random() < float(supplier["partial"]) else 1.0
        self._add(moment, self._receive, order_id, supplier, share)

    def _receive(self, moment, order_id, supplier, share):
        order = self.world.env["purchase.order"].browse(order_id)
        order = self._as_buyer("purchase.order", order.company_id).browse(order_id)
        picking = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel") and not p.return_id
        )[:1]
        for move in picking.move_ids:
            self._fill(moment, move, round(move.product_uom_qty * share) or 1)
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        if share < 1:
            later = moment + timedelta(days=self.world.random.randint(4, 12))
            self._add(later, self._receive, order_id, supplier, 1.0)
        for move in picking.move_ids.filtered(lambda m: m.state == "done"):
            self._look_at_quality(moment, move, supplier)

    def _fill(self, moment, move, quantity):
        """Count the goods of a receipt, with the supplier's lot where one is kept."""
        lot = f"L{moment:%y%m%d}{move.product_id.id % 100:02d}"
        if move.product_id.tracking == "lot":
            vals = {"lot_name": lot, "quantity": quantity, "picked": True}
            lines = [
                Command.clear(),
                Command.create(move._prepare_move_line_vals() | vals),
            ]
            move.move_line_ids = lines
        else:
            move.quantity = quantity
        move.picked = True
        receipts = self.world.receipts.setdefault(move.product_id.default_code, [])
        receipts.append((moment, move.purchase_line_id.id, lot, quantity))

    def _look_at_quality(self, moment, move, supplier):
        """Incoming inspection finds bad parts; they go back some days later."""
        dice = self.world.random
        expected = move.quantity * float(supplier["defect"])
        bad = round(expected * dice.uniform(0.2, 1.8))
        if bad and dice.random() < 0.45:
            later = moment + timedelta(days=dice.randint(2, 9))
            self._add(later, self._send_back, move.id, bad)

    def _send_back(self, moment, move_id, quantity):
        move = self.world.env["stock.move"].browse(move_id)
        returns = self._as_buyer("stock.return.picking", move.company_id)
        wizard = returns.create({"picking_id": move.picking_id.id})
        for line in wizard.product_return_moves:
            line.quantity = quantity if line.move_id.id == move_id else 0
        picking = wizard._create_return()
        for back in picking.move_ids:
            back.quantity = quantity
            back.picked = True
        picking.with_context(skip_backorder=True, skip_sms=True).button_validate()


def make_orders(world):
    Orders(world).play()
