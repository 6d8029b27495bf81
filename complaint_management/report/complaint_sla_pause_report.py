from odoo import fields, models
from odoo.tools import SQL


class ComplaintSlaPauseReport(models.Model):
    """One row a promise and reason for which it stood: what cases wait for."""

    _name = "complaint.sla.pause.report"
    _description = "Figures of Pauses"
    _inherit = ["complaint.sla.figures.mixin"]
    _auto = False

    pause_reason_id = fields.Many2one(
        "complaint.sla.pause.reason", "Reason of the pause", readonly=True
    )
    clock_count = fields.Integer("Promises paused", readonly=True)
    paused_hours = fields.Float(
        "Hours paused",
        readonly=True,
        help="In the time in which the clock counts: a night pauses nothing.",
    )
    paused_each = fields.Float(
        "Hours a promise", aggregator="avg", readonly=True, help="Mean of a promise."
    )

    def _select_figures(self):
        return SQL(
            """
            clock.id * 1000000::bigint + pause.key::int AS id,
            NULLIF(pause.key::int, 0) AS pause_reason_id,
            1 AS clock_count,
            pause.value::float AS paused_hours,
            pause.value::float AS paused_each
            """
        )

    def _from_figures(self):
        return SQL(
            """
              JOIN jsonb_each_text(clock.pause_totals) pause ON pause.key <> 'stop'
            """
        )
