from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ComplaintFlow(models.Model):
    """Which stages a case passes through."""

    _name = "complaint.flow"
    _description = "Complaint Flow"
    _inherit = ["complaint.company.mixin", "complaint.journal.mixin"]
    _journal_fields = ("name", "active", "stage_ids", "optional_stage_ids")

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    stage_ids = fields.Many2many("complaint.stage", string="Stages", required=True)
    optional_stage_ids = fields.Many2many(
        "complaint.stage",
        "complaint_flow_optional_stage_rel",
        string="Optional steps",
        domain="[('id', 'in', stage_ids)]",
        help="A case may leave these out. What must be there before them is asked for "
        "only when they are entered.",
    )
    reopened_template_id = fields.Many2one(
        "mail.template",
        "Mail when re-opened",
        domain="[('model', '=', 'complaint.case')]",
        ondelete="restrict",
        help="What the customer is sent when a case of this flow is re-opened.",
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "This flow code exists already."
    )

    @api.constrains("stage_ids")
    def _check_stages(self):
        """A case must be born open, and be able to end."""
        for flow in self:
            phases = flow.stage_ids.sorted("sequence").mapped("phase")
            if phases[:1] != ["received"] or "closed" not in phases:
                raise ValidationError(
                    self.env._(
                        "The flow “%s” must begin with a step of the phase Received "
                        "and have one of the phase Closed.",
                        flow.name,
                    )
                )

    @api.constrains("stage_ids")
    def _check_open_cases_keep_their_stage(self):
        # sudo: cases of all teams and confidential ones count, nothing of them is told
        cases = self.env["complaint.case"].sudo()
        standing = cases._read_group(
            [("flow_id", "in", self.ids), ("is_open", "=", True)],
            ["flow_id", "stage_id"],
        )
        lost = [
            f"{flow.name}: {stage.name}"
            for flow, stage in standing
            if stage not in flow.with_context(active_test=False).stage_ids
        ]
        if lost:
            raise ValidationError(
                self.env._(
                    "Open cases stand in these steps. Move them first: %s",
                    ", ".join(lost),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: see _check_open_cases_keep_their_stage
        cases = self.env["complaint.case"].sudo().with_context(active_test=False)
        if cases.search([("flow_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Cases have this flow. Archive it instead of deleting it.")
            )

    def _first_stage(self):
        """Return the stage in which a new case of this flow starts."""
        self.ensure_one()
        return self.stage_ids.sorted("sequence")[:1]

    def _get_stage_like(self, stage):
        """Return the step of this flow for a case that stands in ``stage``: the same
        phase, else the nearest before it."""
        self.ensure_one()
        stages = self.stage_ids.sorted("sequence").filtered(
            lambda s: s.phase != "cancelled"
        )
        earlier = stages.filtered(lambda s: s.sequence <= stage.sequence)
        same = stages.filtered(lambda s: s.phase == stage.phase)
        return same[:1] or earlier[-1:] or stages[:1]
