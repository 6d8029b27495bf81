from odoo import api, fields, models
from odoo.exceptions import AccessError

from .complaint_eightd_preset import DISCIPLINES

DECISIONS = [
    ("submitted", "Submitted"),
    ("accepted", "Accepted"),
    ("rejected", "Sent back"),
]


class ComplaintEightdReview(models.Model):
    """One round of one discipline: handed in, accepted or sent back, by whom, when and
    with which words. Nothing of it changes later, whoever asks."""

    _name = "complaint.eightd.review"
    _description = "8D Review"
    _inherit = ["complaint.eightd.part.mixin"]
    _order = "id desc"
    _rec_name = "decision"

    step_id = fields.Many2one(
        "complaint.eightd.step", required=True, index=True, ondelete="cascade"
    )
    discipline = fields.Selection(DISCIPLINES, required=True)
    round = fields.Integer(required=True)
    decision = fields.Selection(DECISIONS, required=True)
    comment = fields.Text()
    user_id = fields.Many2one("res.users", "By", required=True)
    decided_at = fields.Datetime("At", required=True)

    @api.model
    def _append(self, steps, decision):
        """Note what the present user decided about disciplines; the rights were
        checked."""
        # sudo: nobody writes history by hand, so nobody has the right to create it
        return self.sudo().create(
            [
                {
                    "eightd_id": step.eightd_id.id,
                    "step_id": step.id,
                    "discipline": step.discipline,
                    "round": step.round + 1,
                    "decision": decision,
                    "comment": (step.comment or "").strip() or False,
                    "user_id": self.env.uid,
                    "decided_at": fields.Datetime.now(),
                }
                for step in steps
            ]
        )

    # Refusing is all that it does.
    def write(self, vals):  # pylint: disable=method-required-super
        self._refuse()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        self._refuse()

    def _refuse(self):
        raise AccessError(
            self.env._("What was decided about an 8D report stays as it was written.")
        )
