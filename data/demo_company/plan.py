"""Decides, before anything is played, who complains when about what."""

from dataclasses import dataclass
from datetime import timedelta

from .partners import PORTAL
from .world import read_csv

SHARES = {"az": 48, "tr": 44, "fa": 30, "en": 28}
TOTAL = sum(SHARES.values())
# How many days ago: (cases, from, to).
AGES = ((9, 0.02, 0.9), (22, 0.9, 5), (40, 5, 40), (TOTAL - 71, 40, 364))
CHANNELS = {
    "email": 36,
    "phone": 24,
    "web_form": 15,
    "whatsapp": 12,
    "mobile_app": 10,
    "instagram": 7,
    "portal": 7,
    "telegram": 6,
    "live_chat": 6,
    "in_person": 6,
    "facebook": 4,
    "letter": 4,
    "api": 4,
    "sms": 3,
    "x": 3,
    "fax": 2,
}
PARTNER_ONLY = {"portal"}
ONCE = ("legal", "injury", "electric_shock")
EIGHTD = 16
CONFIDENTIAL, ANONYMOUS, ON_BEHALF, CANCELLED = 4, 2, 3, 8


@dataclass
class Plan:
    """One complaint to be: what is said, by whom, and how well it is handled."""

    number: int
    lang: str
    row: dict
    customer: str
    company: str
    channel: str
    received_at: object
    respond: float = 0.5
    resolve: float = 0.7
    flow: str = "standard"
    validity: str = "justified"
    story: dict = None
    # Which 8D of the year this is; some of them go less smoothly than others.
    eightd: int = 0
    is_confidential: bool = False
    is_anonymous: bool = False
    on_behalf_of: str = ""
    is_cancelled: bool = False
    is_stuck: bool = False

    @property
    def is_legal(self):
        return self.row["category"].startswith("legal")

    @property
    def is_grave(self):
        return self.row["priority"] in "23"


def make_plans(world):
    moments = _draw_moments(world)
    langs = [lang for lang, share in SHARES.items() for __ in range(share)]
    channels = [channel for channel, count in CHANNELS.items() for __ in range(count)]
    channels += ["email"] * (TOTAL - len(channels))
    world.random.shuffle(langs)
    world.random.shuffle(channels)
    texts = {lang: _Texts(world, lang) for lang in SHARES}
    people = _Customers(world)
    plans = [
        _make_plan(world, number, lang, texts[lang].draw(), people, channel, moment)
        for number, (lang, channel, moment) in enumerate(
            zip(langs, channels, moments, strict=False)
        )
    ]
    _choose_eightd(world, plans)
    _mark(world, plans)
    return plans


def _draw_moments(world):
    moments = [
        world.now - timedelta(days=world.between(low, high))
        for count, low, high in AGES
        for __ in range(count)
    ]
    # Few people complain at night.
    return sorted(
        moment.replace(hour=3 + moment.hour % 17) if moment.hour < 3 else moment
        for moment in moments
    )


def _make_plan(world, number, lang, row, people, channel, moment):
    dice = world.random
    customer = people.draw(lang, row["who"])
    company = "tr" if lang == "tr" or (lang == "en" and dice.random() < 0.3) else "az"
    simple = row["category"].startswith("service") or row["priority"] == "0"
    return Plan(
        number=number,
        lang=lang,
        row=row,
        customer=customer,
        company=company,
        channel=channel,
        received_at=moment.replace(second=0, microsecond=0),
        respond=dice.uniform(0.15, 0.85)
        if dice.random() < 0.8
        else dice.uniform(1.1, 2.5),
        resolve=dice.uniform(0.5, 0.95)
        if dice.random() < 0.72
        else dice.uniform(1.2, 3.0),
        flow="simple" if simple else "standard",
        validity=dice.choices(
            ("justified", "partly", "not_justified"), (0.72, 0.16, 0.12)
        )[0],
    )


class _Texts:
    """Deals the texts of a language; the grave ones only once."""

    def __init__(self, world, lang):
        self.world = world
        self.rows = read_csv(f"texts/complaints_{lang}.csv")
        self.deck = []
        self.rounds = 0

    def draw(self):
        if not self.deck:
            self.deck = [
                row
                for row in self.rows
                if not self.rounds
                or not (row["category"].startswith(ONCE) or row["error_type"] in ONCE)
            ]
            self.world.random.shuffle(self.deck)
            self.rounds += 1
        return self.deck.pop()


# Those with a portal login complain more often, so that they have something to see.
PORTAL_WEIGHT = 8


class _Customers:
    """Finds who writes in a language: people for themselves, contacts for companies."""

    def __init__(self, world):
        self.world = world
        rows = read_csv("customers.csv")
        with_contacts = {row["company"] for row in rows}
        self.people, self.companies = {}, {}
        for row in rows:
            if row["code"].startswith("C"):
                self.people.setdefault(row["lang"], []).append(row["code"])
            elif row["code"] not in with_contacts:
                self.companies.setdefault(row["lang"], []).append(row["code"])

    def draw(self, lang, who):
        pool = (self.companies if who == "company" else self.people)[lang]
        weights = [PORTAL_WEIGHT if c in PORTAL.values() else 1 for c in pool]
        return self.world.random.choices(pool, weights)[0]


def _choose_eightd(world, plans):
    """Give the gravest product complaints a full 8D with the story that fits."""
    candidates = []
    for plan in plans:
        for story in world.case_stories:
            fits = plan.row["product"] in story["products"]
            if fits and plan.row["error_type"] in story["error_types"]:
                plan.story = story
        if plan.story and not plan.is_legal:
            candidates.append(plan)
    candidates.sort(key=lambda plan: (-int(plan.row["priority"]), plan.number))
    # Spread over the year, so that reports stand in all disciplines.
    chosen = sorted(candidates[: 2 * EIGHTD], key=lambda plan: plan.number)
    chosen = chosen[:: max(1, len(chosen) // EIGHTD)][:EIGHTD]
    for count, plan in enumerate(chosen):
        plan.flow, plan.validity, plan.eightd = "eightd", "justified", count


def _mark(world, plans):
    """The rare kinds of case, and those in which work got stuck."""
    service = [p for p in plans if p.row["category"] == "service_support"]
    for plan in world.random.sample(service, CONFIDENTIAL):
        plan.is_confidential = True
        if plan.validity == "not_justified":
            # It takes two to say no, and only one sees this case.
            plan.validity = "partly"
    ordinary = [
        p for p in plans if p.flow != "eightd" and not (p.is_legal or p.is_confidential)
    ]
    strangers = [p for p in ordinary if p.channel in ("web_form", "mobile_app")]
    for plan in strangers[:ANONYMOUS]:
        plan.is_anonymous = True
    known = [p for p in ordinary if not p.is_anonymous and p.channel == "phone"]
    names = ("Əsmət Rəhimova", "Hatice Korkmaz", "پروین محمدی")
    for plan, name in zip(known[:ON_BEHALF], names, strict=False):
        plan.on_behalf_of = name
    mild = [p for p in ordinary if p.row["priority"] in "01" and p.flow != "eightd"]
    for plan in world.random.sample(mild, CANCELLED):
        plan.is_cancelled = True
    for plan in mild[10:40:7]:
        plan.is_stuck = not plan.is_cancelled
