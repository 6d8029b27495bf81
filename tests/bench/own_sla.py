"""The SLA engine: deadlines, a sweep with nothing due, a sweep with much due.

Deadlines are compared with ``resource.calendar.plan_hours(…, compute_leaves=True)`` on
the same starts, and must be equal. The sweep's costs are measured on clocks of real
cases; the million that is not due is laid down in SQL, since only its number matters.
"""

import json
import os
import random
import statistics
import time
from datetime import datetime, timedelta, timezone

SCALE = float(os.environ.get("BENCH_SCALE") or 1)
PLANS = max(int(10_000 * SCALE), 200)
PLANNED_BY_CORE = max(int(300 * SCALE), 50)
DUE = max(int(10_000 * SCALE), 500)
FEW, MANY = max(int(10_000 * SCALE), 1000), max(int(1_000_000 * SCALE), 50_000)
Clock = env["complaint.sla.clock"]


def show(figure, value, unit, must=None):
    line = {"figure": figure, "value": round(value, 4), "unit": unit}
    print(json.dumps({**line, "must": must} if must else line), flush=True)


def seconds(function, *args):
    begin = time.perf_counter()
    result = function(*args)
    return time.perf_counter() - begin, result


# -- deadlines -------------------------------------------------------------------------
calendar = env["resource.calendar"].create(
    {
        "name": "Bench",
        "tz": "Europe/Istanbul",
        "attendance_ids": [
            (0, 0, {"name": name, "dayofweek": str(day), "hour_from": a, "hour_to": b})
            for day in range(5)
            for name, a, b in (("morning", 9, 13), ("afternoon", 14, 18))
        ],
    }
)
env["resource.calendar.leaves"].create(
    [
        {
            "name": f"Holiday {week}",
            "calendar_id": calendar.id,
            "date_from": datetime(2026, 1, 6, 21) + timedelta(weeks=3 * week),
            "date_to": datetime(2026, 1, 7, 21) + timedelta(weeks=3 * week),
        }
        for week in range(30)
    ]
)
dice = random.Random(7)
starts = [
    datetime(2026, 1, 1) + timedelta(minutes=dice.randrange(500_000))
    for __ in range(PLANS)
]


def plan_ours():
    hours = calendar._get_business_time()
    return [hours.add(start, timedelta(hours=16)) for start in starts]


def plan_core(some):
    return [
        calendar.plan_hours(16, start.replace(tzinfo=timezone.utc), True)
        for start in some
    ]


plan_ours()
ours, answers = min(seconds(plan_ours) for __ in range(3))
core, expected = seconds(plan_core, starts[:PLANNED_BY_CORE])
same = [
    found == wanted.astimezone(timezone.utc).replace(tzinfo=None)
    for found, wanted in zip(answers, expected, strict=False)
]
if not all(same):
    raise SystemExit(f"{same.count(False)} of {len(same)} deadlines differ from core")
ratio = (core / PLANNED_BY_CORE) / (ours / PLANS)
show("sla_deadlines", ratio, "times plan_hours", ">= 100")
show("sla_deadlines_rate", PLANS / ours, "deadlines/s")

# -- a sweep with much due ----------------------------------------------------------
policy = env["complaint.sla.policy"].create(
    {
        "unit": "business_hours",
        "resolve": 8,
        "calendar_id": calendar.id,
        "company_id": env.company.id,
    }
)
env["complaint.sla.policy"].search([("id", "!=", policy.id)]).active = False
owner = env.ref("base.user_admin")
long_ago = env.cr.now() - timedelta(days=9)
for __ in range(0, DUE, 500):
    env["complaint.case"].create(
        [
            {"subject": f"Late {n}", "user_id": owner.id, "received_at": long_ago}
            for n in range(500)
        ]
    )
    env.cr.commit()
before = env["complaint.sla.event"].search_count([("kind", "=", "escalate")])
took, __ = seconds(Clock._cron_sweep)
fired = env["complaint.sla.event"].search_count([("kind", "=", "escalate")]) - before
activities = env["mail.activity"].search_count([("res_model", "=", "complaint.case")])
entries = env["complaint.journal.entry"].search_count([("event", "=", "escalated")])
if not fired == activities == entries:
    raise SystemExit(f"{fired} levels, {activities} activities, {entries} entries")
show("sla_sweep_due", fired / took, "escalations/s", ">= 500")


# -- a sweep with nothing due -------------------------------------------------------
def lay_down(count):
    """Have ``count`` running clocks with a deadline next year."""
    env.cr.execute("DELETE FROM complaint_sla_event")
    env.cr.execute("DELETE FROM complaint_sla_clock")
    env.cr.execute(
        """
        INSERT INTO complaint_sla_clock
               (res_model, res_id, company_id, kind, state, unit, target, started_at,
                deadline, next_at)
        SELECT 'complaint.case', (SELECT MAX(id) FROM complaint_case), %s, 'resolve',
               'running', 'clock_hours', 8, now(),
               now() + interval '1 year' + n * interval '1 second',
               now() + interval '1 year' + n * interval '1 second'
          FROM generate_series(1, %s) n
        """,
        [env.company.id, count],
    )
    env.cr.commit()
    env.cr.execute("ANALYZE complaint_sla_clock")
    env.cr.commit()
    env.invalidate_all()


def idle_sweep(count):
    lay_down(count)
    Clock._cron_sweep()
    return statistics.median(seconds(Clock._cron_sweep)[0] for __ in range(15))


few, many = idle_sweep(FEW), idle_sweep(MANY)
show("sla_sweep_idle", many / few, f"time at {MANY} / {FEW} clocks", "<= 1.5")
show("sla_sweep_idle_time", many * 1000, "ms")
