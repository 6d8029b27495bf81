from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools import hold_sql

# Only code that imports this object writes which cases a hold covers.
HOLD_SENTINEL = object()


class ComplaintLegalHoldCase(models.Model):
    """One case under one hold, since when and until when. Nothing of it changes but
    that the case is freed, once, when the hold is released."""

    _name = "complaint.legal.hold.case"
    _description = "Case under a Legal Hold"
    _inherit = ["complaint.case.part.mixin"]
    _order = "hold_id, id"
    _rec_name = "case_id"

    hold_id = fields.Many2one(
        "complaint.legal.hold",
        "Legal hold",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    held_at = fields.Datetime("Held since", required=True, readonly=True)
    held_by_id = fields.Many2one("res.users", "Held by", required=True, readonly=True)
    freed_at = fields.Datetime("Freed on", readonly=True)
    state = fields.Selection(related="hold_id.state")
    subject = fields.Char(related="case_id.subject")
    stage_id = fields.Many2one(related="case_id.stage_id")

    _standing_unique = models.UniqueIndex(
        "(case_id, hold_id) WHERE freed_at IS NULL",
        "This complaint is under this hold already.",
    )

    def init(self):
        result = super().init()
        cr = self.env.cr
        hold_sql.create_functions(cr)
        hold_sql.create_plain_trigger(
            cr,
            self._table,
            "complaint_hold_line",
            "UPDATE OR DELETE",
            "complaint_hold_line_guard",
        )
        return result

    @api.model
    def _add(self, sentinel, vals_list):
        self._check_sentinel(sentinel)
        return super().create(vals_list)

    def _free(self, sentinel):
        self._check_sentinel(sentinel)
        return super().write({"freed_at": fields.Datetime.now()})

    def _check_sentinel(self, sentinel):
        if sentinel is not HOLD_SENTINEL:
            self._refuse()

    def _refuse(self):
        raise AccessError(
            self.env._(
                "Which complaints a legal hold covers is written by the hold itself. "
                "Add complaints there, or have the hold released."
            )
        )

    # Refusing is all that these do.
    # pylint: disable=method-required-super
    @api.model_create_multi
    def create(self, vals_list):
        self._refuse()

    def write(self, vals):
        self._refuse()

    # pylint: enable=method-required-super

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        self._refuse()
