from odoo import api, fields, models
from odoo.fields import Domain

from ..models.complaint_sla_line_mixin import TARGET_FIELDS

DRAFT_FIELDS = (
    *("company_id", "category_id", "priority", "segment_id", "unit"),
    *(*TARGET_FIELDS.values(), "calendar_id", "sequence"),
)


class ComplaintSlaReplayLine(models.TransientModel):
    """A line of the matrix as it might be; nothing is promised by it."""

    _name = "complaint.sla.replay.line"
    _description = "Draft of a Promise"
    _inherit = ["complaint.sla.line.mixin"]
    _transient_max_hours = 24

    replay_id = fields.Many2one(
        "complaint.sla.replay", required=True, index=True, ondelete="cascade"
    )
    policy_id = fields.Many2one(
        "complaint.sla.policy", "Line that holds", ondelete="cascade"
    )
    change = fields.Selection(
        [("same", "As now"), ("changed", "Changed"), ("new", "New")],
        compute="_compute_change",
    )

    @api.depends("policy_id", *DRAFT_FIELDS)
    def _compute_change(self):
        for line in self:
            if not line.policy_id:
                line.change = "new"
            else:
                line.change = "changed" if line._prepare_changes() else "same"

    @api.model
    def _prepare_draft_vals(self, policy):
        """Return the values of a draft that says what a line says now."""
        values = {name: policy[name] for name in DRAFT_FIELDS}
        return {
            name: value.id if isinstance(value, models.BaseModel) else value
            for name, value in values.items()
        } | {"policy_id": policy.id}

    def _prepare_changes(self):
        """Return the values in which the draft differs from the line that holds; all
        of them for a new one."""
        self.ensure_one()
        draft = self._prepare_draft_vals(self)
        del draft["policy_id"]
        if not self.policy_id:
            return draft
        present = self._prepare_draft_vals(self.policy_id)
        return {name: value for name, value in draft.items() if present[name] != value}

    def _activate(self):
        """Let these drafts hold: change lines and make new ones."""
        for line in self.filtered(lambda rec: rec.change == "changed"):
            line.policy_id.write(line._prepare_changes())
        new = self.filtered(lambda rec: rec.change == "new")
        self.env["complaint.sla.policy"].create(
            [line._prepare_changes() for line in new]
        )

    @api.model
    def _get_company_domain(self):
        """Return the domain of the lines that a replay starts from."""
        companies = self.env.companies.ids
        return Domain("company_id", "in", [False, *companies])
