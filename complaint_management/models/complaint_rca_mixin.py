from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import float_compare

from .complaint_rca_isnot import DIMENSIONS

LINES = ("why_ids", "cause_ids", "is_isnot_ids", "root_cause_ids")


class ComplaintRcaMixin(models.AbstractModel):
    """Search for the cause on the host: whys, fishbone, is / is not, root causes.

    Forms have an empty ``<page name="cause" />``; what stands in it is defined once, in
    the view of this mixin.
    """

    _name = "complaint.rca.mixin"
    _description = "Root Cause Analysis"
    _inherit = ["complaint.fishbone.mixin"]
    _complaint_host_of = (
        "complaint.rca.why",
        "complaint.rca.isnot",
        "complaint.rca.root",
    )

    rca_model = fields.Char("Kind of record", compute="_compute_rca_model")
    why_ids = fields.One2many(
        "complaint.rca.why",
        "res_id",
        "5 Whys",
        domain=lambda self: [("res_model", "=", self._name)],
    )
    is_isnot_ids = fields.One2many(
        "complaint.rca.isnot",
        "res_id",
        "Is / is not",
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
    contribution_total = fields.Float(
        "Explained (%)",
        compute="_compute_contribution",
        help="What the root causes explain of the problem, all together.",
    )
    contribution_note = fields.Char("Share", compute="_compute_contribution")

    def _compute_rca_model(self):
        self.rca_model = self._name

    @api.depends("root_cause", "why_ids.is_root", "root_cause_ids")
    def _compute_has_root_cause(self):
        for host in self:
            host.has_root_cause = bool(
                (host.root_cause or "").strip()
                or host.root_cause_ids
                or host.why_ids.filtered("is_root")
            )

    @api.depends("root_cause_ids.contribution")
    @api.depends_context("lang")
    def _compute_contribution(self):
        for host in self:
            total = sum(host.root_cause_ids.mapped("contribution"))
            host.contribution_total = total
            host.contribution_note = host._get_contribution_note(total)

    def _get_contribution_note(self, total):
        if not self.root_cause_ids:
            return False
        compared = float_compare(total, 100, precision_digits=2)
        if compared > 0:
            return self.env._(
                "%s %% are more than the whole problem. Lower a contribution.",
                f"{total:g}",
            )
        if compared < 0:
            return self.env._(
                "%s %% of the problem has no root cause yet.",
                f"{round(100 - total, 2):g}",
            )
        return self.env._("The root causes explain the whole problem.")

    # -- CRUD ----------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._prepare_lines(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._prepare_lines(vals)
        return super().write(vals)

    def _prepare_lines(self, vals):
        """New lines that come with their host don't know yet of which model it is."""
        for name in LINES:
            if not vals.get(name):
                continue
            for command in vals[name]:
                if command[0] == Command.CREATE:
                    command[2].setdefault("res_model", self._name)
            if name == "root_cause_ids":
                vals[name] = self._sort_contributions(vals[name])

    def _sort_contributions(self, commands):
        """Lower contributions before others rise: what adds up to 100 % in the end
        isn't refused because of what it adds up to in between."""
        roots = self.env["complaint.rca.root"]

        def rank(command):
            if command[0] in (Command.DELETE, Command.UNLINK, Command.CLEAR):
                return 0
            if command[0] == Command.UPDATE and "contribution" in command[2]:
                # sudo: the order is no secret; the write itself asks for the right
                before = roots.sudo().browse(command[1]).contribution
                return 1 if (command[2]["contribution"] or 0) <= before else 2
            return 3

        return sorted(commands, key=rank)

    # -- the page of the form --------------------------------------------------------
    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            for page in arch.iterfind(".//page[@name='cause']"):
                if not len(page):
                    page.extend(self._get_cause_page())
        return arch, view

    @api.model
    def _get_cause_page(self):
        """Return the elements of the page "Cause" in the user's language."""
        view = self.env.ref("complaint_management.complaint_rca_mixin_view_form")
        # sudo: whoever opens the form of a host sees its parts
        return [*view.sudo()._get_combined_arch()]

    # -- buttons -------------------------------------------------------------------
    def action_start_isnot(self):
        """Put the four questions down, for whoever starts comparing."""
        self.ensure_one()
        self.check_access("write")
        asked = set(self.is_isnot_ids.mapped("dimension"))
        self.env["complaint.rca.isnot"].create(
            [
                {
                    "res_model": self._name,
                    "res_id": self.id,
                    "dimension": dimension,
                    "sequence": 10 * rank,
                }
                for rank, (dimension, __) in enumerate(DIMENSIONS, 1)
                if dimension not in asked
            ]
        )

    def _move_rca_lines(self, target):
        """Move all lines to another host. Contributions that would be more than the
        whole problem together are weighed anew: those that come along count 0."""
        total = self.contribution_total + target.contribution_total
        if float_compare(total, 100, precision_digits=2) > 0:
            self.root_cause_ids.contribution = 0
        for name in LINES:
            self[name].write({"res_model": target._name, "res_id": target.id})
        (self | target).invalidate_recordset(LINES)
