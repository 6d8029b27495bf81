from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

# Judges again, verifies and withdraws for others, loosens: complaint managers and the
# approving users of the management system.
APPROVER_GROUP = "mgmtsystem.group_mgmtsystem_user_manager"
# What an action hangs on and what belongs to one complaint.
CASE_POINTERS = {
    "complaint_step_id": "complaint.eightd.step",
    "complaint_eightd_id": "complaint.eightd",
    "complaint_feedback_id": "complaint.feedback",
}


class ComplaintActionSourceMixin(models.AbstractModel):
    """Where an action comes from, which root cause it removes, what it replaces, and
    whether a complaint or an 8D report waits for it."""

    _name = "complaint.action.source.mixin"
    _description = "Where an Action Comes From"
    _guarded_fields = ("complaint_source",)
    _hold_once_fields = (
        "complaint_case_id",
        "complaint_eightd_id",
        "complaint_step_id",
        "complaint_root_id",
        "complaint_feedback_id",
        "complaint_audit_ids",
        "follows_id",
        "is_required",
    )

    complaint_case_id = fields.Many2one(
        "complaint.case", "Complaint", index="btree_not_null", ondelete="restrict"
    )
    complaint_eightd_id = fields.Many2one(
        "complaint.eightd",
        "8D report",
        index="btree_not_null",
        ondelete="restrict",
        compute="_compute_complaint_eightd_id",
        store=True,
        readonly=False,
    )
    complaint_step_id = fields.Many2one(
        "complaint.eightd.step",
        "8D discipline",
        index="btree_not_null",
        domain="[('eightd_id', '=', complaint_eightd_id)]",
    )
    complaint_root_id = fields.Many2one(
        "complaint.rca.root",
        "Root cause addressed",
        index="btree_not_null",
        ondelete="restrict",
        domain="['|', '&', ('res_model', '=', 'complaint.case'), "
        "('res_id', '=', complaint_case_id or 0), '&', "
        "('res_model', '=', 'complaint.eightd'), "
        "('res_id', '=', complaint_eightd_id or 0)]",
        help="One of the root causes found for the complaint or in its 8D report.",
    )
    complaint_feedback_id = fields.Many2one(
        "complaint.feedback",
        "Feedback",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('case_id', '=', complaint_case_id)]",
        help="The answer of a customer from which this action comes.",
    )
    complaint_audit_ids = fields.Many2many(
        "mgmtsystem.audit",
        "mgmtsystem_audit_imp_opp_rel",
        # mgmtsystem_audit 19.0 names the two columns the wrong way round
        "mgmtsystem_audit_id",
        "mgmtsystem_action_id",
        "Audits",
        readonly=True,
        copy=False,
    )
    complaint_source = fields.Selection(
        [
            ("case", "Complaint"),
            ("eightd", "8D report"),
            ("feedback", "Customer feedback"),
            ("audit", "Audit"),
            ("nonconformity", "Nonconformity"),
            ("other", "Something else"),
        ],
        "Source",
        compute="_compute_complaint_source",
        store=True,
        index=True,
    )
    follows_id = fields.Many2one(
        "mgmtsystem.action",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="The action that didn't work and that this one replaces.",
    )
    followed_by_ids = fields.One2many(
        "mgmtsystem.action", "follows_id", "Followed by", readonly=True
    )
    is_required = fields.Boolean(
        "Required",
        compute="_compute_is_required",
        store=True,
        readonly=False,
        precompute=True,
        help="The complaint or 8D report can't be closed before this action is "
        "finished. Improvements aren't waited for, unless you say so. Only a manager "
        "takes it away again.",
    )

    @api.depends("complaint_step_id")
    def _compute_complaint_eightd_id(self):
        for action in self:
            action.complaint_eightd_id = (
                action.complaint_step_id.eightd_id or action.complaint_eightd_id
            )

    @api.depends(
        "complaint_case_id",
        "complaint_eightd_id",
        "complaint_feedback_id",
        "complaint_audit_ids",
        "nonconformity_ids",
        "nonconformity_immediate_id",
    )
    def _compute_complaint_source(self):
        for action in self:
            action.complaint_source = action._find_complaint_source()

    def _find_complaint_source(self):
        """Hook: return the code of where this action comes from, the nearest first."""
        if self.complaint_eightd_id:
            return "eightd"
        if self.complaint_feedback_id:
            return "feedback"
        if self.complaint_case_id:
            return "case"
        if self.complaint_audit_ids:
            return "audit"
        if self.nonconformity_ids or self.nonconformity_immediate_id:
            return "nonconformity"
        return "other"

    @api.depends("type_action")
    def _compute_is_required(self):
        for action in self:
            action.is_required = action.type_action != "improvement"

    @api.constrains("complaint_root_id", "complaint_eightd_id")
    def _check_root_is_of_source(self):
        for action in self:
            if not action._is_root_of_source():
                raise ValidationError(
                    self.env._(
                        "The root cause that “%s” addresses belongs to another "
                        "complaint or 8D report. Choose one that was found there.",
                        action.name,
                    )
                )

    def _is_root_of_source(self):
        """Hook: tell whether the root cause was found where the action comes from."""
        # sudo: whoever owns an action needn't see the work on causes
        root = self.complaint_root_id.sudo()
        hosts = {
            "complaint.case": self.complaint_case_id,
            "complaint.eightd": self.complaint_eightd_id
            | self.complaint_case_id.sudo().eightd_ids,
        }
        host = hosts.get(root.res_model)
        return host is None or root.res_id in host.ids

    @api.constrains("follows_id")
    def _check_follows_no_circle(self):
        if self._has_cycle("follows_id"):
            raise ValidationError(self.env._("An action can't follow itself."))

    # -- CRUD ---------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._complete_source(vals)
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & CASE_POINTERS.keys() and not self.complaint_case_id:
            self._complete_source(vals)
        if not vals.keys() & {"is_required", "type_action"}:
            return super().write(vals)
        required = self.filtered("is_required")
        if required and vals.get("is_required") is False:
            required._check_may_loosen()
        result = super().write(vals)
        if "is_required" not in vals and not self._may_loosen():
            # sudo: another type takes nothing off the list of what is waited for
            required.sudo().is_required = True
        for action in required.filtered(lambda rec: not rec.is_required):
            action._log_on_case("action_optional")
        for action in (self - required).filtered("is_required"):
            action._log_on_case("action_required")
        return result

    @api.model
    def _may_loosen(self):
        """Hook: tell whether the user may let cases close without an action."""
        return self.env.su or self.env.user.has_group(APPROVER_GROUP)

    def _check_may_loosen(self):
        if not self._may_loosen():
            raise AccessError(
                self.env._(
                    "The complaint waits for “%s”. Only a manager can let it go on "
                    "without.",
                    self[0].name,
                )
            )

    def _complete_source(self, vals):
        """What comes from an 8D report or from feedback comes from its complaint too,
        so that the same people see it and a legal hold keeps it."""
        if vals.get("complaint_case_id"):
            return
        for name, model in CASE_POINTERS.items():
            if vals.get(name):
                # sudo: only the pointer; it makes the action seen by fewer people
                pointed = self.env[model].sudo()
                vals["complaint_case_id"] = pointed.browse(vals[name]).case_id.id
                return

    def _log_on_case(self, event, note=None):
        """Write what was decided about this action into the journal of its case."""
        # sudo: whoever may decide about the action needn't see the case
        if case := self.complaint_case_id.sudo():
            text = f"{self.reference} {self.name}"
            case._journal_log(event, note=f"{text}: {note}" if note else text)
