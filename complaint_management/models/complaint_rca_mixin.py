from odoo import api, fields, models


class ComplaintRcaMixin(models.AbstractModel):
    """Root cause work on the host: a chain of whys and the cause they end in."""

    _name = "complaint.rca.mixin"
    _description = "Root Cause Analysis"
    _complaint_host_of = ("complaint.rca.why",)

    why_ids = fields.One2many(
        "complaint.rca.why",
        "res_id",
        "5 Whys",
        domain=lambda self: [("res_model", "=", self._name)],
        context=lambda self: {"default_res_model": self._name},
    )
    root_cause = fields.Text(
        help="The cause that, once removed, keeps the problem from coming back."
    )
    has_root_cause = fields.Boolean(compute="_compute_has_root_cause")

    @api.depends("root_cause", "why_ids.is_root")
    def _compute_has_root_cause(self):
        for host in self:
            host.has_root_cause = bool(
                (host.root_cause or "").strip() or host.why_ids.filtered("is_root")
            )
