from odoo import fields, models
from odoo.tools import SQL

# What a share is made of: (part, whole). A share of a group is the sum of the parts
# over the sum of the wholes, never the mean of the shares of its rows.
SHARES = {
    "share_kept": ("kept_count", "ended_count"),
    "share_paused": ("paused_hours", "counting_hours"),
}


class ComplaintSlaReport(models.Model):
    """One row a promise: how much time was promised, used and paused, and how it ended.

    Hours are those of the clock (a night counts in clock hours only), up to its last
    event.
    """

    _name = "complaint.sla.report"
    _description = "Figures of Promises"
    _inherit = ["complaint.sla.figures.mixin"]
    _auto = False

    pause_reason_id = fields.Many2one(
        "complaint.sla.pause.reason",
        "Main reason of the pauses",
        readonly=True,
        help="The reason for which the clock stood the longest.",
    )
    clock_count = fields.Integer("Promises", readonly=True)
    kept_count = fields.Integer("Kept", readonly=True)
    missed_count = fields.Integer("Missed", readonly=True)
    ended_count = fields.Integer("Kept or missed", readonly=True)
    share_kept = fields.Float(
        "Kept (%)",
        digits=(16, 1),
        aggregator="avg",
        readonly=True,
        help="Promises kept, of those kept or missed.",
    )
    promised_hours = fields.Float("Hours promised", readonly=True)
    used_hours = fields.Float("Hours used", readonly=True)
    paused_hours = fields.Float(
        "Hours paused",
        readonly=True,
        help="Time that clocks stood for a reason; without the time between an answer "
        "and a re-opening.",
    )
    counting_hours = fields.Float("Hours used or paused", readonly=True)
    share_paused = fields.Float(
        "Paused (%)",
        digits=(16, 1),
        aggregator="avg",
        readonly=True,
        help="Hours paused, of all hours used or paused. Of a group it is the sum of "
        "the one over the sum of the other, so that long promises weigh more.",
    )
    closed_hours = fields.Float(
        "Closed hours", readonly=True, help="Nights, breaks and holidays."
    )
    wait_hours = fields.Float(
        "The customer's wait (hours)", readonly=True, help="Day and night."
    )

    def _select_figures(self):
        return SQL(
            """
            clock.id,
            1 AS clock_count,
            (clock.state = 'met')::int AS kept_count,
            (clock.state = 'missed')::int AS missed_count,
            (clock.state IN ('met', 'missed'))::int AS ended_count,
            CASE clock.state WHEN 'met' THEN 100.0 WHEN 'missed' THEN 0 END
                AS share_kept,
            clock.promised_hours, clock.used_hours, clock.closed_hours,
            figures.paused AS paused_hours,
            clock.used_hours + figures.paused AS counting_hours,
            100 * figures.paused / NULLIF(clock.used_hours + figures.paused, 0)
                AS share_paused,
            clock.used_hours + clock.paused_hours + clock.closed_hours AS wait_hours,
            (SELECT pause.key::int
               FROM jsonb_each_text(clock.pause_totals) pause
              WHERE pause.key NOT IN ('stop', '0')
           ORDER BY pause.value::float DESC, pause.key
              LIMIT 1) AS pause_reason_id
            """
        )

    def _from_figures(self):
        return SQL(
            """
            CROSS JOIN LATERAL (
                SELECT COALESCE(clock.paused_hours, 0)
                     - COALESCE((clock.pause_totals->>'stop')::float, 0) AS paused
            ) figures
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        name, __, function = aggregate_spec.partition(":")
        if name not in SHARES or function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (
            self._field_to_sql(self._table, field, query) for field in SHARES[name]
        )
        return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", part, whole)
