from odoo import fields, models
from odoo.tools import SQL

from ..models.complaint_sla_clock import STATES
from ..models.complaint_sla_policy import CLOCK_KINDS
from ..models.complaint_triage_mixin import PRIORITIES


class ComplaintSlaFiguresMixin(models.AbstractModel):
    """Figures about the promises of cases: what they can be grouped by.

    Who may read a case may read its figures. A report says in :meth:`_select_figures`
    what it measures, of ``clock``, and in :meth:`_from_figures` what it adds to it.
    """

    _name = "complaint.sla.figures.mixin"
    _description = "Figures about Promises"
    _inherit = ["complaint.case.part.mixin"]
    _order = "started_at desc, id desc"
    _depends = {
        "complaint.sla.clock": [
            *("res_model", "res_id", "company_id", "kind", "state", "policy_id"),
            *("started_at", "stopped_at", "promised_hours", "used_hours"),
            *("paused_hours", "closed_hours", "pause_totals"),
        ],
        "complaint.case": [
            *("team_id", "user_id", "category_id", "priority", "segment_id"),
        ],
    }

    case_id = fields.Many2one(index=False)
    # A column of the query, not a stored copy of what the case has.
    company_id = fields.Many2one(
        "res.company", related=None, precompute=False, index=False, readonly=True
    )
    kind = fields.Selection(CLOCK_KINDS, "Kind of promise", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    team_id = fields.Many2one("complaint.team", readonly=True)
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    category_id = fields.Many2one("complaint.category", readonly=True)
    priority = fields.Selection(PRIORITIES, readonly=True)
    segment_id = fields.Many2one("complaint.segment", readonly=True)
    policy_id = fields.Many2one(
        "complaint.sla.policy", "Line of the matrix", readonly=True
    )
    started_at = fields.Datetime("Counts from", readonly=True)
    stopped_at = fields.Datetime("Stopped at", readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT clock.res_id AS case_id, clock.company_id, clock.kind, clock.state,
                   clock.policy_id, clock.started_at, clock.stopped_at,
                   complaint.team_id, complaint.user_id, complaint.category_id,
                   complaint.priority, complaint.segment_id, %s
              FROM complaint_sla_clock clock
              JOIN complaint_case complaint ON complaint.id = clock.res_id %s
             WHERE clock.res_model = 'complaint.case' AND clock.state <> 'cancelled'
            """,
            self._select_figures(),
            self._from_figures(),
        )

    def _select_figures(self) -> SQL:
        """Return the id of a row and its measures."""
        raise NotImplementedError

    def _from_figures(self) -> SQL:
        """Return what is joined to the clocks."""
        return SQL()
