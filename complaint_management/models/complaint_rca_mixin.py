from odoo import api, fields, models
from odoo.fields import Command


class ComplaintRcaMixin(models.AbstractModel):
    """Root cause work on the host: a chain of whys and the cause they end in."""

    _name = "complaint.rca.mixin"
    _description = "Root Cause Analysis"
    _complaint_host_of = ("complaint.rca.why", "complaint.rca.root")

    why_ids = fields.One2many(
        "complaint.rca.why",
        "res_id",
        "5 Whys",
        domain=lambda self: [("res_model", "=", self._name)],
    )
    root_cause_ids = fields.One2many(
        "complaint.rca.root",
        "res_id",
        "Root causes",
        domain=lambda self: [("res_model", "=", self._name)],
    )
    root_cause = fields.Text(
        "Root cause",
        help="The cause that, once removed, keeps the problem from coming back.",
    )
    has_root_cause = fields.Boolean(
        "Root cause found", compute="_compute_has_root_cause"
    )

    @api.depends("root_cause", "why_ids.is_root", "root_cause_ids")
    def _compute_has_root_cause(self):
        for host in self:
            host.has_root_cause = bool(
                (host.root_cause or "").strip()
                or host.root_cause_ids
                or host.why_ids.filtered("is_root")
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._name_host_of_lines(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._name_host_of_lines(vals)
        return super().write(vals)

    def _name_host_of_lines(self, vals):
        """New lines that come with their host don't know yet of which model it is."""
        for name in ("why_ids", "root_cause_ids"):
            for command in vals.get(name) or ():
                if command[0] == Command.CREATE:
                    command[2].setdefault("res_model", self._name)
