import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.complaint_sla_policy import CLOCK_KINDS
from ..models.complaint_triage_mixin import PRIORITIES

OUTCOMES = [
    ("met", "Kept"),
    ("missed", "Missed"),
    ("open", "Open"),
    ("none", "No promise"),
]


class ComplaintSlaReplayRow(models.TransientModel):
    """One promise to one case: what became of it, and what would have."""

    _name = "complaint.sla.replay.row"
    _description = "Promise in a Replay"
    _order = "received_at desc, id"
    _transient_max_hours = 24

    replay_id = fields.Many2one(
        "complaint.sla.replay", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one("complaint.case", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company")
    team_id = fields.Many2one("complaint.team")
    category_id = fields.Many2one("complaint.category")
    segment_id = fields.Many2one("complaint.segment")
    priority = fields.Selection(PRIORITIES)
    kind = fields.Selection(CLOCK_KINDS, "Promise", required=True)
    received_at = fields.Datetime("Received at")
    outcome_before = fields.Selection(OUTCOMES, "Before", required=True)
    outcome_after = fields.Selection(OUTCOMES, "After", required=True)
    deadline_before = fields.Datetime("Deadline before")
    deadline_after = fields.Datetime("Deadline after")
    stopped_at = fields.Datetime("Answered at")
    change = fields.Selection(
        [
            ("worse", "Newly missed"),
            ("better", "Kept now"),
            ("other", "Otherwise"),
            ("same", "The same"),
        ],
        required=True,
        help="Newly missed: kept or open before, missed under the draft. Kept now: "
        "missed before, not missed under the draft.",
    )
    # Numbers, so that a pivot or a graph can add them up.
    missed_before = fields.Integer("Missed before")
    missed_after = fields.Integer("Missed after")
    met_before = fields.Integer("Kept before")
    met_after = fields.Integer("Kept after")

    @api.depends("case_id", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{row.case_id.display_name}: {kinds.get(row.kind)}"

    @api.model
    def _store(self, replay, rows):
        """Store rows in one statement: there are tens of thousands, and nothing is
        computed from them. What they say about the case is taken from the case.

        :param rows: dicts, see ``_prepare_row`` of the replay
        """
        self.env["complaint.case"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO complaint_sla_replay_row (
                       replay_id, create_uid, write_uid, create_date, write_date,
                       case_id, company_id, team_id, category_id, segment_id, priority,
                       received_at, kind, outcome_before, outcome_after,
                       deadline_before, deadline_after, stopped_at, change,
                       missed_before, missed_after, met_before, met_after)
                SELECT %(replay)s, %(uid)s, %(uid)s, %(now)s, %(now)s,
                       "case".id, "case".company_id, "case".team_id,
                       "case".category_id, "case".segment_id, "case".priority,
                       "case".received_at, row.kind, row.outcome_before,
                       row.outcome_after, row.deadline_before, row.deadline_after,
                       row.stopped_at,
                       CASE WHEN row.outcome_before = row.outcome_after THEN 'same'
                            WHEN row.outcome_after = 'missed' THEN 'worse'
                            WHEN row.outcome_before = 'missed' THEN 'better'
                            ELSE 'other' END,
                       (row.outcome_before = 'missed')::int,
                       (row.outcome_after = 'missed')::int,
                       (row.outcome_before = 'met')::int,
                       (row.outcome_after = 'met')::int
                  FROM jsonb_to_recordset(%(rows)s) AS row(
                       case_id int, kind text, outcome_before text, outcome_after text,
                       deadline_before timestamp, deadline_after timestamp,
                       stopped_at timestamp)
                  JOIN complaint_case "case" ON "case".id = row.case_id
                """,
                replay=replay.id,
                uid=self.env.uid,
                now=self.env.cr.now(),
                rows=json.dumps(rows, default=str),
            )
        )

    def action_open_case(self):
        """Open the case of a row."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "complaint.case",
            "res_id": self.case_id.id,
            "views": [[False, "form"]],
        }
