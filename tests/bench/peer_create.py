"""The peer's tickets, created with the same values as our cases: see own_create.py.

A promise is set up for them too (one line, two days), and their own acknowledgement
isn't configured, as after installing.
"""

import json
import os
import statistics
import time

SCALE = float(os.environ.get("BENCH_SCALE") or 1)
BATCH = max(int(500 * SCALE), 10)
SINGLES = max(int(40 * SCALE), 5)
ROUNDS = 5
counter = iter(range(10**9))

team = env["helpdesk.ticket.team"].create({"name": "Complaints", "use_sla": True})
channel = env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email")
env["helpdesk.sla"].create(
    {
        "name": "Two days",
        "days": 2,
        "team_ids": [(6, 0, team.ids)],
        "stage_id": env["helpdesk.ticket.stage"].search([("closed", "=", True)])[:1].id,
    }
)
env.cr.commit()


def values():
    n = next(counter)
    return {
        "name": f"Dishwasher leaks {n}",
        "description": "It leaks from the door after a week of use. " * 10,
        "partner_name": f"Customer {n}",
        "partner_email": f"customer{n}@customers.example",
        "channel_id": channel.id,
        "team_id": team.id,
    }


def batch():
    rows = [values() for __ in range(BATCH)]
    begin = time.perf_counter()
    env["helpdesk.ticket"].create(rows)
    env.cr.commit()
    return BATCH / (time.perf_counter() - begin)


def singles():
    rows = [values() for __ in range(SINGLES)]
    begin = time.perf_counter()
    for row in rows:
        env["helpdesk.ticket"].create([row])
        env.cr.commit()
    return SINGLES / (time.perf_counter() - begin)


for figure, function in (("create_batch", batch), ("create_single", singles)):
    function()
    env.invalidate_all()
    rate = statistics.median(function() for __ in range(ROUNDS))
    print(
        json.dumps({"figure": figure, "value": round(rate, 3), "unit": "tickets/s"}),
        flush=True,
    )
