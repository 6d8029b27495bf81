"""Runs in ``odoo shell``: prints what came out of a sweep as ``FOUND={…}``."""

import json

clocks = env["complaint.sla.clock"].search([])
events = env["complaint.sla.event"]
levels = events.search([("level_id", "!=", False)])
hosts = ("res_model", "=", "complaint.case")
late = env["complaint.case"].search([("sla_status", "=", "late")])
chains = {}
for entry in env["complaint.journal.entry"].search([("event", "=", "escalated")]):
    chains[entry.res_id] = chains.get(entry.res_id, 0) + 1
found = {
    "clocks": len(clocks),
    "missed": len(clocks.filtered(lambda c: c.state == "missed")),
    "due": len(clocks.filtered("next_at")),
    "differ_from_events": len(clocks._find_wrong()),
    "breaches": events.search_count([("kind", "=", "breach")]),
    "levels": len(levels),
    "levels_once": len({(e.clock_id, e.level_id) for e in levels}),
    "fired": sorted(levels.filtered(lambda e: e.kind == "escalate").level_id.ids),
    "passed": len(levels.filtered(lambda e: e.kind == "passed")),
    "activities": env["mail.activity"].search_count([hosts]),
    "activities_once": len({a.res_id for a in env["mail.activity"].search([hosts])}),
    "journal": sum(chains.values()),
    "journal_once": len(chains),
    "late_cases": len(late),
}
print("FOUND=" + json.dumps(found), flush=True)
