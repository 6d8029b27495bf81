"""Checking the chains of the journal: cases with a few entries each."""

import json
import os
import time

CASES = max(int(2000 * float(os.environ.get("BENCH_SCALE") or 1)), 50)
env["complaint.case"].create([{"subject": f"Journal {n}"} for n in range(CASES)])
for number in range(4):
    cases = env["complaint.case"].search([("subject", "=like", "Journal %")])
    cases._journal_log("told", note=f"By phone, call {number}")
entries = env["complaint.journal.entry"]
count = entries.search_count([])
begin = time.perf_counter()
faults = entries._find_faults()
rate = count / (time.perf_counter() - begin) * 60
if faults:
    raise SystemExit(f"The journal is broken: {faults[:3]}")
print(
    json.dumps(
        {
            "figure": "journal_check",
            "value": round(rate),
            "unit": "entries/min",
            "must": ">= 100000",
        }
    ),
    flush=True,
)
env.cr.rollback()
