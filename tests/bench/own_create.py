"""Creating cases: 500 in one call, and one at a time with a commit each.

``create`` is called with the same values as the peer's script gives to its tickets.
It does all that a case gets at birth: number, customer, promises, journal, history,
queued acknowledgement. Median of several rounds; one round first to warm up.
"""

import json
import os
import statistics
import time

SCALE = float(os.environ.get("BENCH_SCALE") or 1)
BATCH = max(int(500 * SCALE), 10)
SINGLES = max(int(40 * SCALE), 5)
ROUNDS = 7
counter = iter(range(10**9))


def values():
    n = next(counter)
    return {
        "subject": f"Dishwasher leaks {n}",
        "description": "It leaks from the door after a week of use. " * 10,
        "partner_name": f"Customer {n}",
        "email_from": f"customer{n}@customers.example",
        "channel_id": env.ref("complaint_management.complaint_channel_email").id,
    }


def batch():
    rows = [values() for __ in range(BATCH)]
    begin, before = time.perf_counter(), env.cr.sql_log_count
    env["complaint.case"].create(rows)
    env.cr.commit()
    queries = (env.cr.sql_log_count - before) / BATCH
    return BATCH / (time.perf_counter() - begin), queries


def singles():
    rows = [values() for __ in range(SINGLES)]
    begin, before = time.perf_counter(), env.cr.sql_log_count
    for row in rows:
        env["complaint.case"].create([row])
        env.cr.commit()
    queries = (env.cr.sql_log_count - before) / SINGLES
    return SINGLES / (time.perf_counter() - begin), queries


def show(figure, value, unit, must=None):
    line = {"figure": figure, "value": round(value, 3), "unit": unit}
    print(json.dumps({**line, "must": must} if must else line), flush=True)


def measure(function):
    """Return the medians of (rate, queries a case)."""
    function()
    env.invalidate_all()
    rounds = [function() for __ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


for name, function, must_rate, must_queries in (
    ("create_batch", batch, ">= 5", "<= 0.5"),
    ("create_single", singles, ">= 1", None),
):
    rate, queries = measure(function)
    show(name, rate, "cases/s", must_rate)
    show(f"{name}_own_queries", queries, "queries/case", must_queries)
