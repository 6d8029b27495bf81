from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..models.complaint_sla_policy import CLOCK_KINDS
from ..models.complaint_triage_mixin import PRIORITIES

OUTCOMES = [
    ("met", "Kept"),
    ("missed", "Missed"),
    ("open", "Open"),
    ("none", "No promise"),
]
INSERT_BATCH = 2000


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
    def _store(self, replay, vals_list):
        """Store rows in plain SQL: there are tens of thousands, and nothing is computed
        from them.

        :param vals_list: dicts with the same keys, see the fields
        """
        if not vals_list:
            return
        now = self.env.cr.now()
        common = {
            "replay_id": replay.id,
            "create_uid": self.env.uid,
            "create_date": now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        columns = SQL(", ").join(
            SQL.identifier(name) for name in (*vals_list[0], *common)
        )
        tail = tuple(common.values())
        for batch in split_every(INSERT_BATCH, vals_list, list):
            rows = SQL(", ").join(SQL("%s", (*vals.values(), *tail)) for vals in batch)
            self.env.cr.execute(
                SQL("INSERT INTO %s (%s) VALUES %s", self._sql_table(), columns, rows)
            )

    @api.model
    def _sql_table(self):
        return SQL.identifier(self._table)

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
