from odoo import api, fields, models
from odoo.exceptions import ValidationError

VERDICTS = [
    ("suspected", "Suspected"),
    ("confirmed", "Confirmed"),
    ("excluded", "Excluded"),
]


class ComplaintRcaCause(models.Model):
    """A possible cause on one branch of the fishbone, with what came of it."""

    _name = "complaint.rca.cause"
    _description = "Possible Cause"
    _inherit = ["complaint.rca.tree.mixin"]

    branch_id = fields.Many2one(
        "complaint.ishikawa.branch",
        required=True,
        index=True,
        ondelete="restrict",
    )
    parent_id = fields.Many2one(
        "complaint.rca.cause",
        "Cause of",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('res_model', '=', res_model), ('res_id', '=', res_id), "
        "('branch_id', '=', branch_id)]",
        help="The cause on the same branch that this one leads to.",
    )
    child_ids = fields.One2many("complaint.rca.cause", "parent_id", "Because of")
    name = fields.Char("Possible cause", required=True)
    weight = fields.Integer(
        default=1,
        help="How much it could contribute, 1 (little) to 5 (much). Heavier causes are "
        "drawn with thicker lines.",
    )
    verdict = fields.Selection(
        VERDICTS,
        required=True,
        default="suspected",
        help="Confirmed or excluded only with evidence.",
    )
    evidence = fields.Char(
        help="What confirms or excludes it: test, measurement, record, photo."
    )

    _weight_range = models.Constraint(
        "CHECK(weight BETWEEN 1 AND 5)", "The weight of a cause is 1 to 5."
    )

    @api.constrains("verdict", "evidence")
    def _check_verdict_has_evidence(self):
        for cause in self:
            if cause.verdict != "suspected" and not (cause.evidence or "").strip():
                raise ValidationError(
                    self.env._(
                        "Write down what confirms or excludes “%s”: it stays suspected "
                        "without evidence.",
                        cause.name,
                    )
                )

    @api.constrains("branch_id", "parent_id")
    def _check_branch_of_parent(self):
        for cause in self | self.child_ids:
            if cause.parent_id and cause.branch_id != cause.parent_id.branch_id:
                raise ValidationError(
                    self.env._(
                        "“%(cause)s” and “%(parent)s”, which it leads to, stand on "
                        "different branches.",
                        cause=cause.name,
                        parent=cause.parent_id.name,
                    )
                )

    @api.model
    def _prepare_place(self, parent):
        vals = super()._prepare_place(parent)
        if parent:
            vals["branch_id"] = parent.branch_id.id
        return vals

    def _get_defaults_below(self):
        return {"default_branch_id": self.branch_id.id}
