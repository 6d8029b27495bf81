from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.why_check import HUMAN_ERROR, REPEATS, Why, why_findings


class ComplaintRcaWhy(models.Model):
    """One "why?" and its answer; the next why asks on from there."""

    _name = "complaint.rca.why"
    _description = "Why in a Root Cause Analysis"
    _inherit = ["complaint.rca.tree.mixin"]
    _rec_name = "answer"

    parent_id = fields.Many2one(
        "complaint.rca.why",
        "Asks on from",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('res_model', '=', res_model), ('res_id', '=', res_id)]",
        help="The answer that this why goes on from. Several can go on from one.",
    )
    child_ids = fields.One2many("complaint.rca.why", "parent_id", "Asked further")
    question = fields.Char("Why?")
    answer = fields.Char("Because", required=True)
    evidence = fields.Char(help="What proves the answer: measurement, record, photo.")
    is_root = fields.Boolean(
        "Root cause",
        help="Nothing is asked on from here: when this is removed, the problem stays "
        "away.",
    )
    finding = fields.Char("To think about", compute="_compute_finding")

    @api.depends("question", "answer", "parent_id.answer")
    def _compute_finding(self):
        words = self._get_finding_words()
        for why in self:
            codes = [code for __, code in why._get_findings()]
            why.finding = " ".join(words[code] for code in codes)

    def _get_findings(self):
        """Return [(why, code)] of what is weak in these; see ``tools/why_check``."""
        return why_findings(
            [
                Why(
                    why,
                    why.question or "",
                    why.answer or "",
                    why.parent_id.answer or "",
                )
                for why in self
            ]
        )

    @api.model
    def _get_finding_words(self):
        return {
            REPEATS: self.env._("This repeats the question. What is behind it?"),
            HUMAN_ERROR: self.env._(
                "Anybody can make a mistake. What made it possible, and why did "
                "nothing catch it?"
            ),
        }

    @api.constrains("is_root", "parent_id")
    def _check_root_is_leaf(self):
        for why in self | self.child_ids:
            if why.parent_id.is_root:
                raise ValidationError(
                    self.env._(
                        "“%(root)s” is marked as root cause, but “%(why)s” asks on "
                        "from it. Only the last answer of a branch can be the root "
                        "cause.",
                        root=why.parent_id.answer,
                        why=why.answer,
                    )
                )

    def _get_defaults_below(self):
        return {"default_question": self.env._("Why: %s?", self.answer)}
