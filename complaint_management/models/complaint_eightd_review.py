from odoo import api, fields, models
from odoo.exceptions import AccessError

from .complaint_eightd_preset import DISCIPLINES

DECISIONS = [
    ("submitted", "Submitted"),
    ("accepted", "Accepted"),
    ("rejected", "Sent back"),
]


# What was handed in or sent back, as it was then.
KEPT_FIELDS = ("content", "validation", "not_needed_reason")
KEEPING = ("submitted", "rejected")


class ComplaintEightdReview(models.Model):
    """One round of one discipline: handed in, accepted or sent back, by whom, when and
    with which words. What was handed in or sent back is kept with it, since the next
    round writes over it. Nothing of it changes later, whoever asks."""

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
    # A copy of what was cleaned when it was written; not a letter differs.
    content = fields.Html("Result", sanitize=False)
    validation = fields.Text()
    not_needed_reason = fields.Text("Why nothing is needed")
    evidence = fields.Text(
        help="Names and SHA-1 of the files that were handed in.",
    )

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
                    **(self._prepare_kept_vals(step) if decision in KEEPING else {}),
                }
                for step in steps
            ]
        )

    @api.model
    def _prepare_kept_vals(self, step):
        # sudo: names and sums of the files of a discipline that the user may judge
        files = step.sudo().attachment_ids
        return {
            **{name: step[name] for name in KEPT_FIELDS},
            "evidence": "\n".join(f"{f.name} (SHA-1 {f.checksum})" for f in files),
        }

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
