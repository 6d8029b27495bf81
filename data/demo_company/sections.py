"""The parts of the load, in their order."""

import time

from . import (
    afterwards,
    company,
    finish,
    legal,
    logins,
    partners,
    purchases,
    stories,
    supplier_requests,
)
from .world import World, say

SETUP = (
    ("languages", company.activate_languages),
    ("companies, working hours, holidays", company.make_companies),
    ("people", company.make_users),
    ("teams", company.make_teams),
    ("customers", partners.make_customers),
    ("suppliers", partners.make_suppliers),
    ("products and parts", partners.make_products),
    ("portal logins", partners.make_portal_users),
    ("approved answers", legal.approve_answers),
)
HISTORY = (
    ("purchase orders, receipts, returns", "purchase.order", purchases.make_orders),
    ("complaints", "complaint.case", stories.play_cases),
    ("requests to suppliers", "supplier.scar", supplier_requests.make_requests),
    ("scorecards", "supplier.scorecard", supplier_requests.make_scorecards),
    ("costs and feedback", "complaint.cost.line", afterwards.play),
)


def run(env):
    world = World(env)
    passwords = logins.Passwords(world)
    for title, function in SETUP:
        with _Step(title), world.travel(world.start):
            function(world)
    for title, model, function in HISTORY:
        if world.has(model):
            with _Step(title):
                function(world)
    with _Step("passwords; nothing is sent"):
        passwords.set_all()
        finish.prepare_numbers(world)
        finish.seal(world)


class _Step:
    def __init__(self, title):
        self.title = title

    def __enter__(self):
        self.begin = time.monotonic()
        say(f"… {self.title}")

    def __exit__(self, *error):
        if not error[0]:
            say(f"✓ {self.title} ({time.monotonic() - self.begin:.1f} s)")
