from odoo import api, fields, models
from odoo.exceptions import AccessError


class ComplaintNonconformityWaiver(models.Model):
    """A manager lets a case close although one of its nonconformities isn't closed.

    It holds for this case, this nonconformity and until the case is opened again. It
    never changes and is never deleted, whoever asks.
    """

    _name = "complaint.nonconformity.waiver"
    _description = "Closing in spite of a Nonconformity"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.guard.mixin",
        "complaint.case.part.mixin",
    ]
    _guarded_fields = (
        *("case_id", "nonconformity_id", "reason", "user_id", "granted_at"),
        "reopen_count",
    )
    _order = "id desc"
    _rec_name = "reason"

    nonconformity_id = fields.Many2one(
        "mgmtsystem.nonconformity",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    nonconformity_ref = fields.Char(
        related="nonconformity_id.ref", string="Nonconformity number"
    )
    reason = fields.Text(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True)
    granted_at = fields.Datetime("On", required=True, readonly=True)
    reopen_count = fields.Integer(
        "Times re-opened before",
        readonly=True,
        help="How often the complaint had been re-opened by then: after another time "
        "it is asked again.",
    )

    _once_unique = models.UniqueIndex(
        "(case_id, nonconformity_id, reopen_count)",
        "This complaint may close in spite of that nonconformity already.",
    )
    _reason_given = models.Constraint(
        "CHECK(btrim(reason) <> '')", "Say why the complaint may close all the same."
    )

    @api.model
    def _grant(self, case, nonconformity, reason):
        """Store the decision of the present user, who has been checked."""
        # sudo: nobody has the right to write these lines
        return self.sudo().create(
            {
                "case_id": case.id,
                "nonconformity_id": nonconformity.id,
                "reason": reason.strip(),
                "user_id": self.env.uid,
                "granted_at": fields.Datetime.now(),
                "reopen_count": case.reopen_count,
            }
        )

    def write(self, vals):
        # What derives from the case follows it.
        if self and vals.keys() - {"company_id"}:
            self._raise_final()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        self._raise_final()

    def _raise_final(self):
        raise AccessError(
            self.env._("A decision of a manager stays as it is, with its reason.")
        )
