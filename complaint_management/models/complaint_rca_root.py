from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

CELLS = [
    ("occurrence_technical", "Why it occurred: technical"),
    ("occurrence_systemic", "Why it occurred: systemic"),
    ("detection_technical", "Why it wasn't found: technical"),
    ("detection_systemic", "Why it wasn't found: systemic"),
]


class ComplaintRcaRoot(models.Model):
    """A root cause: one of the four cells of VDA 8D, with its share of the problem."""

    _name = "complaint.rca.root"
    _description = "Root Cause"
    _inherit = ["complaint.rca.line.mixin"]

    name = fields.Char("Root cause", required=True)
    cell = fields.Selection(
        CELLS,
        required=True,
        default="occurrence_technical",
        help="Why the problem occurred, or why it wasn't found in time; in the product "
        "and its process (technical), or in how the company works (systemic).",
    )
    contribution = fields.Float(
        "Contribution (%)",
        digits=(5, 2),
        help="Share of this cause in the problem. All root causes together make 100 %.",
    )
    category_id = fields.Many2one(
        "complaint.failure.category",
        "Kind of cause",
        index="btree_not_null",
        ondelete="restrict",
    )
    why_id = fields.Many2one(
        "complaint.rca.why",
        "Shown by why",
        index="btree_not_null",
        domain="[('res_model', '=', res_model), ('res_id', '=', res_id)]",
    )
    cause_id = fields.Many2one(
        "complaint.rca.cause",
        "Shown by cause",
        index="btree_not_null",
        domain="[('res_model', '=', res_model), ('res_id', '=', res_id)]",
    )
    evidence = fields.Text(help="What proves that it is a cause: test, data, record.")
    action_ids = fields.One2many(
        "mgmtsystem.action", "complaint_root_id", "Actions against it"
    )

    @api.depends("name")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        """An action names its cause to people who may not see the complaint."""
        readable = self.sudo(False)._filtered_access("read")
        for root in self:
            root.display_name = root.name if root in readable else ""

    _contribution_range = models.Constraint(
        "CHECK(contribution BETWEEN 0 AND 100)",
        "The contribution of a root cause is 0 to 100 %.",
    )

    @api.constrains("contribution", "res_model", "res_id")
    def _check_contribution(self):
        """Less than 100 % is work in progress; more can't be."""
        totals = {}
        for root in self._get_lines_of_hosts():
            key = root._get_host_key()
            totals[key] = totals.get(key, 0) + root.contribution
        for key, total in totals.items():
            if float_compare(total, 100, precision_digits=2) > 0:
                raise ValidationError(
                    self.env._(
                        "The root causes of %(host)s add up to %(total)s %%. Together "
                        "they make 100 %%: lower one of them first.",
                        host=self.env[key[0]].browse(key[1]).display_name,
                        total=f"{total:g}",
                    )
                )

    @api.constrains("why_id", "cause_id", "res_model", "res_id")
    def _check_proof_of_same_host(self):
        for root in self:
            for proof in (root.why_id, root.cause_id):
                if proof and proof._get_host_key() != root._get_host_key():
                    raise ValidationError(
                        self.env._(
                            "“%(proof)s” belongs to another record than the root cause "
                            "“%(root)s”.",
                            proof=proof.display_name,
                            root=root.name,
                        )
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_addressed(self):
        # sudo: an action that the user can't see needs its root cause too
        actions_sudo = self.env["mgmtsystem.action"].sudo()
        action_sudo = actions_sudo.with_context(active_test=False).search(
            [("complaint_root_id", "in", self.ids)], limit=1
        )
        if action_sudo:
            raise UserError(
                self.env._(
                    "Action %(action)s works against the root cause “%(root)s”. Point "
                    "the action to another root cause before you delete this one.",
                    action=action_sudo.reference or action_sudo.id,
                    root=action_sudo.complaint_root_id.name,
                )
            )
