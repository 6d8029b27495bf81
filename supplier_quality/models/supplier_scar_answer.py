from odoo import api, fields, models
from odoo.exceptions import UserError

# What the supplier writes; everything else is ours.
SUPPLIER_FIELDS = (
    "is_not_responsible",
    "not_responsible_reason",
    "containment",
    "root_cause",
    "corrective_action",
    "preventive_action",
)
REQUIRED_FIELDS = {
    "short": ("containment", "root_cause", "corrective_action"),
    "eightd": (
        "containment",
        "root_cause",
        "corrective_action",
        "preventive_action",
    ),
}


class SupplierScarAnswer(models.Model):
    """One version of a supplier's answer. What was handed in never changes."""

    _name = "supplier.scar.answer"
    _description = "Supplier's Answer"
    _inherit = ["complaint.hold.mixin"]
    _hold_cases_sql = "SELECT case_id FROM supplier_scar WHERE id = rec.scar_id"
    _hold_free_fields = ("state", "is_late", "date_due")
    # The supplier goes on answering; what stands in an answer stays.
    _hold_once_fields = (
        *SUPPLIER_FIELDS,
        "attachment_ids",
        "submitted_at",
        "submitted_by_id",
        "review_comment",
        "reviewed_by_id",
        "reviewed_at",
    )
    _order = "scar_id, version desc"

    scar_id = fields.Many2one(
        "supplier.scar", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="scar_id.company_id", store=True, index=True)
    answer_kind = fields.Selection(related="scar_id.answer_kind")
    version = fields.Integer(required=True, readonly=True, default=1)
    state = fields.Selection(
        [
            ("draft", "Being written"),
            ("submitted", "To judge"),
            ("accepted", "Accepted"),
            ("rejected", "Sent back"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    is_not_responsible = fields.Boolean("Not the supplier's fault")
    not_responsible_reason = fields.Text("Why not")
    containment = fields.Text("Immediate containment")
    root_cause = fields.Text()
    corrective_action = fields.Text()
    preventive_action = fields.Text()
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "supplier_scar_answer_attachment_rel",
        "answer_id",
        "attachment_id",
        "Files",
        bypass_search_access=True,
    )
    submitted_at = fields.Datetime("Handed in at", readonly=True)
    submitted_by_id = fields.Many2one("res.users", "Handed in by", readonly=True)
    date_due = fields.Datetime("Was due", readonly=True)
    is_late = fields.Boolean("Late", readonly=True)
    review_comment = fields.Text("Comment to the supplier", readonly=True)
    reviewed_by_id = fields.Many2one("res.users", "Judged by", readonly=True)
    reviewed_at = fields.Datetime("Judged at", readonly=True)

    _version_unique = models.UniqueIndex(
        "(scar_id, version)", "This version of the answer exists already."
    )
    _draft_unique = models.UniqueIndex(
        "(scar_id) WHERE state = 'draft'", "An answer is being written already."
    )

    @api.depends("scar_id.name", "version")
    def _compute_display_name(self):
        for answer in self:
            answer.display_name = f"{answer.scar_id.name} / {answer.version}"

    # -- CRUD ----------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            extra = vals.keys() - {"scar_id", "version", *SUPPLIER_FIELDS}
            if extra:
                raise UserError(
                    self.env._("A new answer can't set: %s", ", ".join(sorted(extra)))
                )
        answers = super().create(vals_list)
        for scar in answers.scar_id:
            scar._check_waiting()
        return answers

    def write(self, vals):
        if vals.keys() - {*SUPPLIER_FIELDS, "attachment_ids"}:
            raise UserError(self.env._("Use the buttons to judge an answer."))
        self._check_draft()
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._check_own_files()
        return result

    def _check_draft(self):
        for answer in self.filtered(lambda answer: answer.state != "draft"):
            raise UserError(
                self.env._(
                    "%s was handed in. The supplier's words are never changed.",
                    answer.display_name,
                )
            )

    def _check_own_files(self):
        for answer in self:
            # sudo: only looks at where each file belongs
            for file in answer.attachment_ids.sudo():
                if (file.res_model, file.res_id) != (self._name, answer.id):
                    raise UserError(
                        self.env._("“%s” belongs to another record.", file.name)
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        self._check_draft()

    # -- flow ----------------------------------------------------------------------
    @api.model
    def _get_supplier_fields(self):
        """Hook: return the names of the fields that a supplier may write."""
        return set(SUPPLIER_FIELDS)

    def _copy_supplier_vals(self):
        """Return what the next version starts with."""
        return {name: self[name] for name in SUPPLIER_FIELDS} if self else {}

    def _check_complete(self):
        """Raise one error that names every part that is missing."""
        if not self:
            raise UserError(self.env._("Write an answer first."))
        self.ensure_one()
        labels = self.fields_get(SUPPLIER_FIELDS, ["string"])
        missing = [
            labels[name]["string"]
            for name in self._get_required_fields()
            if not (self[name] or "").strip()
        ]
        if missing:
            raise UserError(
                self.env._("Please fill in as well:")
                + "".join(f"\n  • {label}" for label in missing)
            )

    def _get_required_fields(self):
        """Hook: return the fields without which this answer isn't complete."""
        self.ensure_one()
        if self.is_not_responsible:
            return ("not_responsible_reason",)
        return REQUIRED_FIELDS[self.scar_id.answer_kind]

    def _submit(self, user, moment, date_due):
        # Past the guard in write() above.
        return super().write(
            {
                "state": "submitted",
                "submitted_at": moment,
                "submitted_by_id": user.id,
                "date_due": date_due,
                "is_late": bool(date_due and moment > date_due),
            }
        )

    def _review(self, state, comment=None):
        # sudo: the right to judge was checked; past the guard in write() above
        return super(SupplierScarAnswer, self.sudo()).write(
            {
                "state": state,
                "review_comment": comment,
                "reviewed_by_id": self.env.uid,
                "reviewed_at": fields.Datetime.now(),
            }
        )

    # -- buttons -------------------------------------------------------------------
    def action_submit(self):
        """Hand in what a colleague typed for the supplier."""
        self.ensure_one()
        self.check_access("write")
        scar = self.scar_id
        scar._check_reviewer()
        # sudo: as the portal does, after the same checks
        scar.sudo()._supplier_submit(self.env.user)
        return {
            "type": "ir.actions.act_window",
            "res_model": scar._name,
            "res_id": scar.id,
            "view_mode": "form",
            "target": "current",
        }
