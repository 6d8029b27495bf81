"""What complaints have cost, and what customers say when they are asked."""

import random
from datetime import timedelta

# Dice of its own: the rest of the year stays as it was.
SEED = 1912
# What a price in manat is in the other company's currency, roughly.
PRICES = {"AZN": 1, "TRY": 20}
LIMIT = 400
# Type of cost, least and most of quantity and unit cost in manat, how often.
COSTS = {
    "product": (
        ("labour", (1, 4), (14, 18), 0.8),
        ("transport", (1, 1), (15, 60), 0.6),
        ("replacement", (1, 1), (180, 620), 0.35),
        ("scrap", (1, 2), (25, 90), 0.25),
        ("inspection", (1, 3), (12, 15), 0.3),
        ("compensation", (1, 1), (20, 150), 0.15),
    ),
    "service": (
        ("administration", (0.5, 2), (12, 15), 0.7),
        ("compensation", (1, 1), (10, 80), 0.4),
        ("travel", (1, 1), (10, 40), 0.3),
    ),
    "supplier": (
        ("sorting", (4, 20), (11, 13), 0.8),
        ("scrap", (2, 30), (8, 25), 0.6),
        ("rework", (3, 16), (12, 15), 0.5),
        ("laboratory", (1, 1), (120, 480), 0.25),
    ),
}
BORNE_BY_SUPPLIER = ("sorting", "scrap", "laboratory")


def play(world):
    """Costs of what was solved, then the calls to the customers."""
    dice = random.Random(SEED)
    for company in world.env["res.company"].search([]):
        company.complaint_cost_limit = LIMIT * _price_level(company)
    cases = world.env["complaint.case"].search(
        [("resolved_at", "!=", False), ("phase", "!=", "cancelled")],
        order="resolved_at, id",
    )
    for case in cases.filtered(lambda case: case.user_id.login in world.users):
        _enter_costs(world, dice, case)
        if case.phase == "closed" and not case.is_anonymous and dice.random() < 0.6:
            _call(world, dice, case)
    _approve(world)


def _price_level(company):
    return PRICES.get(company.currency_id.name, 1)


def _enter_costs(world, dice, case):
    origin = case.origin if case.origin in COSTS else "product"
    level = _price_level(case.company_id)
    plan = [cost for cost in COSTS[origin] if dice.random() < cost[3]]
    rows = [
        {
            "case_id": case.id,
            "type_id": _type(world, code).id,
            "quantity": round(dice.uniform(*quantities), 1 if code != "scrap" else 0),
            "unit_cost": round(dice.uniform(*prices) * level, 2),
            "bearer": (
                "supplier"
                if origin == "supplier" and code in BORNE_BY_SUPPLIER
                else "us"
            ),
        }
        for code, quantities, prices, __ in plan
    ]
    borne = [row for row in rows if row["bearer"] == "supplier"]
    if borne and dice.random() < 0.5:
        rows.append(
            {
                **borne[0],
                "kind": "recovered",
                "quantity": 1,
                "unit_cost": round(
                    borne[0]["quantity"] * borne[0]["unit_cost"] * 0.8, 2
                ),
            }
        )
    moment = min(case.resolved_at + timedelta(hours=20), world.now)
    if rows:
        with world.travel(moment):
            lines = world.as_user(
                world.env["complaint.cost.line"], case.user_id.login, case.company_id
            ).create([{**row, "date": moment.date()} for row in rows])
            # Of the last days something is still open.
            if case.resolved_at < world.now - timedelta(days=6):
                lines.action_submit()


def _type(world, code):
    return world.env.ref(f"complaint_management.complaint_cost_type_{code}")


def _approve(world):
    """Managers have decided on what is older than a fortnight."""
    waiting = world.env["complaint.cost.line"].search(
        [
            ("state", "=", "to_approve"),
            ("submitted_at", "<", world.now - timedelta(days=14)),
        ]
    )
    for line in waiting:
        people = line._get_approvers().filtered(lambda u: u.login in world.users)
        if people:
            with world.travel(line.submitted_at + timedelta(hours=26)):
                world.as_user(line, people[0].login).action_approve()


def _call(world, dice, case):
    """A colleague calls some days later."""
    moment = case.resolved_at + timedelta(days=dice.randint(2, 5), hours=2)
    if moment > world.now:
        return
    is_happy = dice.random() < (0.35 if case.customer_verdict == "disputed" else 0.75)
    score = dice.choice((7, 8, 9, 9, 10, 10) if is_happy else (0, 3, 4, 5, 6, 7))
    vals = {"nps_score": score}
    if dice.random() < 0.8:
        vals["satisfaction"] = str(
            dice.randint(4, 5) if is_happy else dice.randint(1, 3)
        )
        vals["effort"] = str(dice.randint(5, 7) if is_happy else dice.randint(2, 5))
    if dice.random() < 0.5:
        lang = (case.lang or "en_US")[:2]
        kind = "feedback_good" if is_happy else "feedback_bad"
        vals["comment"] = dice.choice(world.phrases[lang, kind])
    with world.travel(moment):
        seen = world.as_user(case, case.user_id.login)
        if seen._can_give_feedback():
            seen._check_may_give_feedback()
            seen._register_feedback(vals)
