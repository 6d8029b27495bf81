"""Figures of clocks that 19.0.1.0.0 didn't store: time promised, closed time, pauses by
reason. They follow from the events, like all figures of a clock."""

import json

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from odoo.tools.misc import split_every

BATCH = 2000


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    clocks = env["complaint.sla.clock"].search([], order="id")
    for ids in split_every(BATCH, clocks.ids):
        _fill(clocks.browse(ids))


def _fill(clocks):
    """In plain SQL, so that who changed a clock last, and when, stays as it was."""
    rows = []
    for clock, state in clocks._get_folds().items():
        figures = clock._prepare_figures(state)
        totals = figures["pause_totals"]
        rows.append(
            (
                clock.id,
                figures["promised_hours"],
                figures["closed_hours"],
                figures["paused_hours"],
                json.dumps(totals) if totals else None,
            )
        )
    clocks.env.cr.execute(
        SQL(
            """
            UPDATE complaint_sla_clock clock
               SET promised_hours = figures.promised,
                   closed_hours = figures.closed,
                   paused_hours = figures.paused,
                   pause_totals = figures.totals::jsonb
              FROM (VALUES %s) AS figures (id, promised, closed, paused, totals)
             WHERE clock.id = figures.id
            """,
            SQL(", ").join(SQL("%s", row) for row in rows),
        )
    )
    clocks.invalidate_recordset(flush=False)
