"""Requests to suppliers in all states, and a year of scorecards."""

from dataclasses import dataclass
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from .clock import to_office_hours
from .world import ZONES, say

WANTED = 20
TEXTS = {
    "P-PMP-30": (
        "Drain pump leaks at the housing",
        "Appliances with this pump leak at the pump housing after 20 to 40 cycles. "
        "Opened pumps show a rolled-up sealing ring without grease. Please check the "
        "assembly of the lot named here and tell us the cause.",
        "Blocked 2,400 pumps of the lot in our warehouse and in transit.",
        "Grease dispenser of station 4 ran empty; the ring was pressed in dry.",
        "Level sensor with line stop installed; every pump is leak tested.",
        "Sensor and test added to all pump lines and to the control plan.",
    ),
    "P-GSK-340": (
        "Door seal too hard in the cold",
        "The seals of this delivery measure 74 Shore A instead of 62 and leave a gap "
        "of 3 to 4 mm at the lower corner. Please compare the compound with the "
        "released one.",
        "Stopped deliveries from this batch; replacement of 900 seals on the way.",
        "Less plasticiser in the compound after a change of recipe.",
        "Back to the released recipe; hardness is measured at -18 °C for each batch.",
        "Recipe changes need the customer's written release.",
    ),
    "P-THR-17": (
        "Thermostat contacts weld together",
        "Two returned thermostats have welded contacts; the alloy has 6 % silver "
        "instead of the agreed 10 %. Please explain and secure all stock.",
        "All stock of the lot is blocked, 12,000 pieces.",
        "The sub-supplier of the contact rivet was changed without a test.",
        "Old sub-supplier used again; alloy certificate with each lot.",
        "Changes at sub-suppliers go through the change board.",
    ),
    "P-GLS-60": (
        "Edge cracks in oven door glass",
        "Fragments show that the break starts at the ground edge. Please check edge "
        "grinding and final inspection of this delivery.",
        "100 % check of 1,150 panes in stock, 41 scrapped.",
        "Worn grinding wheel left micro cracks at the edge.",
        "Wheel is changed by counter; edge check of every pane.",
        "The same rule for all grinding lines.",
    ),
    "P-PCB-AC": (
        "Control board fails in hot weather",
        "A capacitor of the board is short-circuited after some weeks at high ambient "
        "temperature. Please check the temperature margin of the part.",
        "Boards with this capacitor are not delivered any more.",
        "Capacitor rated for 85 °C runs at 98 °C.",
        "Part of the 105 °C class from now on.",
        "Thermal margin is part of our design review.",
    ),
}


# How far a request gets, dealt out per supplier; a second round is marked by "+".
ENDS = {
    "EGE": ["acknowledged", "closed+", "answered", "closed", "rejected", "sent"],
    "PRL": ["sent", "closed", "rejected", "closed+", "accepted"],
    "": ["closed", "answered+", "closed+", "cancelled", "draft", "accepted", "late"],
}
OPEN_DAYS = 12
PORTAL_PARTS = ("P-PMP-30", "P-THR-17")


@dataclass
class Delivery:
    """A receipt that a request can be about."""

    moment: object
    line_id: int
    lot: str
    quantity: float


class Requests:
    """Makes requests from cases and plays both sides of them."""

    def __init__(self, world):
        self.world = world
        self.made = 0
        self.ends = {key: list(ends) for key, ends in ENDS.items()}
        self.codes = {partner: code for code, partner in world.suppliers.items()}

    def play(self):
        candidates = [s for s in self.world.stories if self._is_candidate(s)]
        candidates.sort(key=self._get_rank)
        for story in candidates:
            delivery = self._find_delivery(story)
            if delivery and self.made < WANTED:
                self._play_one(story, delivery)
        say(f"  {self.made} requests to suppliers")

    def _get_rank(self, story):
        """Suppliers with a portal login first, then the full 8Ds."""
        plan = story.plan
        is_seen = plan.story["part"] in PORTAL_PARTS
        return not is_seen, plan.flow != "eightd", plan.number

    def _is_candidate(self, story):
        found = story.plan.story and story.plan.story["part"] in TEXTS
        return found and story.case.user_id and story.case.phase != "cancelled"

    def _find_delivery(self, story):
        """The last delivery of the part to this company before the complaint."""
        lines = self.world.env["purchase.order.line"]
        for receipt in reversed(self.world.receipts.get(story.plan.story["part"], [])):
            delivery = Delivery(*receipt)
            company = lines.browse(delivery.line_id).company_id
            if company == story.company and delivery.moment < story.plan.received_at:
                return delivery
        return None

    def _draw_end(self, delivery):
        line = self.world.env["purchase.order.line"].browse(delivery.line_id)
        code = self.codes[line.order_id.partner_id]
        key = code if self.ends.get(code) else ""
        return self.ends[key].pop(0) if self.ends[key] else "closed"

    # -- one request --------------------------------------------------------------
    def _play_one(self, story, delivery):
        end = self._draw_end(delivery)
        self.time = story.plan.received_at + timedelta(hours=26)
        if not end.startswith("closed"):
            # What is still open was asked some days ago.
            recent = self.world.now - timedelta(days=OPEN_DAYS)
            self.time = max(self.time, recent)
        self.made += 1
        self.part = story.plan.story["part"]
        scar = self._step(0, self._make, story, delivery)
        if not scar or end == "draft":
            return
        ours = self.world.as_user(scar, "quality", story.company)
        if not self._step(3, ours.action_send) or end == "sent":
            return
        if end == "cancelled":
            self._step(30, ours.action_cancel)
            return
        self._answer(scar, ours, end.rstrip("+"), end.endswith("+"))

    def _answer(self, scar, ours, end, second_round):
        """The supplier's side, with sudo as the portal does after its own checks."""
        user = self._portal_user(scar)
        if not self._step(20, scar._supplier_acknowledge, user):
            return
        if end == "acknowledged":
            self._step(24, self._write, scar, user, "First analysis is running.")
            return
        # A late one comes after the promised three or ten working days.
        hours = 168 if end == "late" or scar.answer_kind == "eightd" else 60
        if not self._hand_in(scar, user, TEXTS[self.part][3], hours):
            return
        if second_round or end == "rejected":
            comment = "Please add why your final inspection did not find it."
            if not self._step(20, ours._reject, comment) or end == "rejected":
                return
            cause = f"{TEXTS[self.part][3]} Final inspection takes samples only."
            if not self._hand_in(scar, user, cause, 40):
                return
        if end in ("accepted", "closed") and self._step(26, ours.action_accept):
            if end == "closed":
                self._step(150, ours.action_close)

    def _hand_in(self, scar, user, cause, hours):
        return self._step(hours, self._write, scar, user, cause) and self._step(
            1, scar._supplier_submit, user
        )

    def _make(self, story, delivery):
        """The engineer makes the request from the case, as the wizard does."""
        world = self.world
        part = world.parts[self.part]
        line = world.env["purchase.order.line"].browse(delivery.line_id)
        supplier = line.order_id.partner_id
        subject, problem = TEXTS[self.part][:2]
        wizard = world.as_user(
            world.env["supplier.scar.create"], "quality", story.company
        ).create(
            {
                "case_id": story.case.id,
                "product_id": part.id,
                "lot": delivery.lot if part.tracking == "lot" else False,
                "partner_id": (supplier.child_ids[:1] or supplier).id,
                "purchase_line_ids": [(6, 0, line.ids)],
                "answer_kind": "eightd" if story.plan.flow == "eightd" else "short",
                "subject": subject,
                "problem": problem,
                "qty_complained": story.case.quantity,
                "qty_defective": world.random.randint(2, 30),
                "is_text_confirmed": True,
            }
        )
        wizard.attachment_ids = wizard.available_attachment_ids[:1]
        scar_id = wizard.action_create()["res_id"]
        return world.env["supplier.scar"].browse(scar_id)

    def _write(self, scar, user, cause):
        __, __, containment, __, corrective, preventive = TEXTS[self.part]
        vals = {
            "containment": containment,
            "root_cause": cause,
            "corrective_action": corrective,
            "preventive_action": preventive,
        }
        scar._supplier_save_draft(user, vals)
        if not scar.answer_ids[:1].attachment_ids:
            photo = self.world.photo("INSPECTION", [self.part, "see report"])
            scar._supplier_add_files(user, [("inspection.png", photo)])

    def _portal_user(self, scar):
        """The supplier's own login; where they have none, what came by mail is typed
        in by us."""
        users = scar.commercial_partner_id.child_ids.user_ids
        return users[:1] or self.world.users["quality"]

    def _step(self, hours, function, *args):
        """Let hours pass and do something; nothing happens after today."""
        moment = to_office_hours(
            self.time + timedelta(hours=hours), ZONES["az"], self.made * 5
        )
        if moment >= self.world.now:
            return False
        self.time = moment
        with self.world.travel(moment):
            return function(*args) or True


def make_requests(world):
    Requests(world).play()


def make_scorecards(world):
    """A year of months; those before the last two are final."""
    cards = world.env["supplier.scorecard"]
    for company in world.companies.values():
        this_month = cards._get_month(company)
        for back in range(11, -1, -1):
            month = this_month - relativedelta(months=back)
            # A month is computed on the second day of the next, as the job does.
            moment = min(
                world.now, world.now + relativedelta(months=1 - back, day=2, hour=3)
            )
            with world.travel(moment):
                cards._compute_month(company, month)
                if back > 1:
                    domain = [
                        ("company_id", "=", company.id),
                        ("period_start", "=", month),
                    ]
                    found = world.as_user(cards, "manager", company).search(domain)
                    found.action_finalize()
    say(f"  {cards.search_count([])} scorecards")
