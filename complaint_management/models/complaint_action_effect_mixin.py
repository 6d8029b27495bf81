from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import plaintext2html

from .complaint_action_source_mixin import APPROVER_GROUP

JUDGED_FIELDS = {
    "effectiveness_result",
    "effectiveness_note",
    "effectiveness_measured",
    "effectiveness_attachment_ids",
}


class ComplaintActionEffectMixin(models.AbstractModel):
    """Did an action work? Planned with it, judged by somebody else than its owner.

    A first judgement may be written by whoever may write the action and isn't its
    owner. Once judged, only :meth:`_judge_again` changes it, which asks for a reason.
    Every judgement stands in the journal of the case.
    """

    _name = "complaint.action.effect.mixin"
    _description = "Effectiveness of an Action"
    _guarded_fields = ("effectiveness_judged_by_id", "effectiveness_judged_at")
    _hold_free_fields = ("effectiveness_check_date", "effectiveness_checker_id")
    _hold_once_fields = (
        "effectiveness_criterion",
        "effectiveness_measure",
        "effectiveness_target",
        "effectiveness_measured",
        "effectiveness_result",
        "effectiveness_note",
        "effectiveness_attachment_ids",
        "effectiveness_judged_by_id",
        "effectiveness_judged_at",
    )

    effectiveness_criterion = fields.Text(
        "Effectiveness criterion", help="How will you see that the action worked?"
    )
    effectiveness_measure = fields.Char(
        "Measure",
        help="What is counted or measured, with its unit: for example complaints about "
        "the same defect in a month, or ppm.",
    )
    effectiveness_target = fields.Char(
        "Target",
        help="The value at which the action counts as effective: for example 0 "
        "or “below 50”.",
    )
    effectiveness_measured = fields.Char("Measured value", copy=False)
    effectiveness_check_date = fields.Date(
        "Check on",
        help="When it can be seen whether the action worked: leave enough time after "
        "its implementation. Empty: no check is planned.",
    )
    effectiveness_checker_id = fields.Many2one(
        "res.users",
        "Checked by",
        index="btree_not_null",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        help="Somebody else than the one who acts.",
    )
    effectiveness_result = fields.Selection(
        [
            ("not_yet", "Not checked yet"),
            ("effective", "Effective"),
            ("not_effective", "Not effective"),
        ],
        "Effectiveness",
        default="not_yet",
        required=True,
        tracking=True,
        copy=False,
    )
    effectiveness_note = fields.Text("Evidence of the check", copy=False)
    effectiveness_attachment_ids = fields.Many2many(
        "ir.attachment",
        "complaint_action_effect_file_rel",
        "action_id",
        "attachment_id",
        "Files of the check",
        copy=False,
    )
    effectiveness_judged_by_id = fields.Many2one(
        "res.users", "Judged by", readonly=True, copy=False
    )
    effectiveness_judged_at = fields.Datetime("Judged at", readonly=True, copy=False)

    @api.constrains("effectiveness_checker_id", "user_id")
    def _check_other_checker(self):
        for action in self:
            checker = action.effectiveness_checker_id
            if checker and checker == action.user_id:
                raise ValidationError(
                    self.env._(
                        "“%s” must be checked by somebody else than its owner.",
                        action.name,
                    )
                )

    @api.constrains("effectiveness_checker_id", "complaint_case_id")
    def _check_checker_is_impartial(self):
        for action in self:
            checker = action.effectiveness_checker_id
            if checker and action._is_about(checker):
                action._refuse_partial(
                    checker,
                    self.env._(
                        "The complaint is about %(user)s or their team, so somebody "
                        "else checks whether “%(action)s” worked.",
                        user=checker.name,
                        action=action.name,
                    ),
                )

    @api.constrains("effectiveness_result", "effectiveness_note")
    def _check_result_has_evidence(self):
        for action in self:
            judged = action.effectiveness_result != "not_yet"
            if judged and not (action.effectiveness_note or "").strip():
                raise ValidationError(
                    self.env._(
                        "Write down what shows whether “%s” worked.", action.name
                    )
                )

    # -- CRUD -----------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        judged = actions.filtered(lambda rec: rec.effectiveness_result != "not_yet")
        if judged and not self.env.su:
            judged._check_may_judge()
        judged._after_judgement(dict.fromkeys(judged.ids, "not_yet"))
        return actions

    def write(self, vals):
        if vals.keys() & JUDGED_FIELDS and not self.env.su:
            self._check_not_judged()
            self._check_may_judge(vals.get("effectiveness_result"))
        before = {action.id: action.effectiveness_result for action in self}
        result = super().write(vals)
        if "effectiveness_result" in vals:
            self._after_judgement(before)
        return result

    # -- who judges, and when -------------------------------------------------
    def _check_not_judged(self):
        for action in self:
            if action.effectiveness_result != "not_yet":
                raise UserError(
                    self.env._(
                        "“%s” is judged already. A manager can judge it again with the "
                        "button of its form, which asks why.",
                        action.name,
                    )
                )

    def _check_may_judge(self, result=None):
        """Refuse who isn't neutral or isn't asked, and good news about what isn't even
        implemented."""
        user = self.env.user
        is_approver = user.has_group(APPROVER_GROUP)
        for action in self:
            checker = action.effectiveness_checker_id
            if user == action.user_id:
                raise AccessError(
                    self.env._(
                        "You carry out “%s”, so a colleague judges whether it worked.",
                        action.name,
                    )
                )
            if action._is_about(user):
                raise AccessError(
                    self.env._(
                        "The complaint is about you or your team, so a colleague "
                        "judges whether “%s” worked.",
                        action.name,
                    )
                )
            if checker and user != checker and not is_approver:
                raise AccessError(
                    self.env._(
                        "%(user)s checks whether “%(action)s” worked.",
                        user=checker.name,
                        action=action.name,
                    )
                )
            wanted = result or action.effectiveness_result
            if wanted == "effective" and not action.stage_id.is_ending:
                raise UserError(
                    self.env._(
                        "“%s” isn't implemented yet, so nobody can say that it worked.",
                        action.name,
                    )
                )

    def _judge_again(self, vals, reason):
        """Replace a judgement: a manager does, and says why.

        :param dict vals: values of JUDGED_FIELDS
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group(APPROVER_GROUP):
            raise AccessError(
                self.env._("“%s” is judged. Only a manager judges it again.", self.name)
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Say why “%s” is judged again.", self.name))
        self._check_may_judge(vals["effectiveness_result"])
        why = self.env._("Judged again because: %s", reason.strip())
        note = f"{(vals['effectiveness_note'] or '').strip()}\n{why}"
        if self.effectiveness_result == vals["effectiveness_result"]:
            self._log_on_case("action_judged", note)
        # sudo: what is judged is locked; the right was checked
        self.sudo().write({**vals, "effectiveness_note": note})

    # -- what follows ---------------------------------------------------------
    def _after_judgement(self, before):
        """Sign and journal what was judged; what didn't work opens the question again.

        :param dict before: {id: result before}
        """
        labels = dict(
            self._fields["effectiveness_result"]._description_selection(self.env)
        )
        for action in self:
            if action.effectiveness_result == before[action.id]:
                continue
            is_judged = action.effectiveness_result != "not_yet"
            # sudo: guarded fields that follow from the judgement
            action.sudo().write(
                {
                    "effectiveness_judged_by_id": is_judged and self.env.uid,
                    "effectiveness_judged_at": is_judged and fields.Datetime.now(),
                }
            )
            label = labels[action.effectiveness_result]
            note = (action.effectiveness_note or "").strip()
            action._log_on_case("action_judged", f"{label}. {note}".strip())
            if action.effectiveness_result == "not_effective":
                action._on_not_effective()

    def _on_not_effective(self):
        """Hook: this action didn't work; its owner, and the owner of a case that has
        ended, find out what else would."""
        summary = self.env._("Not effective: find another way")
        self._plan_for(self.user_id, summary, self.effectiveness_note)
        # sudo: the one who judges needn't see the case
        case = self.complaint_case_id.sudo()
        if case and (not case.is_open or case.phase == "monitoring"):
            case._ask_about_failed_action(self)

    def _plan_for(self, user, summary, note=None):
        """Plan an activity for a user who may see this action, else for whoever does
        this: nothing gets lost."""
        told = (
            user if user and self.with_user(user).has_access("read") else self.env.user
        )
        # sudo: whoever judges may have no right to plan for others
        self.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=told.id,
            summary=summary,
            note=note and plaintext2html(note),
        )

    # -- buttons --------------------------------------------------------------
    def action_judge(self):
        """Open the form that asks whether this action worked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_action_judge_action"
        )
        return {**action, "context": {"default_action_id": self.id}}

    def action_follow_up(self):
        """Open the form of a new action that replaces this one."""
        self.ensure_one()
        values = self._prepare_follower_vals()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Another action instead"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    def _prepare_follower_vals(self):
        """Hook: return the values of the action that replaces this one."""
        return {
            "name": self.name,
            "type_action": self.type_action,
            "user_id": self.user_id.id,
            "company_id": self.company_id.id,
            "system_id": self.system_id.id,
            "complaint_case_id": self.complaint_case_id.id,
            "complaint_eightd_id": self.complaint_eightd_id.id,
            "complaint_step_id": self.complaint_step_id.id,
            "complaint_root_id": self.complaint_root_id.id,
            "effectiveness_criterion": self.effectiveness_criterion,
            "effectiveness_measure": self.effectiveness_measure,
            "effectiveness_target": self.effectiveness_target,
            "effectiveness_checker_id": self.effectiveness_checker_id.id,
            "verifier_id": self.verifier_id.id,
            "is_required": self.is_required,
            "follows_id": self.id,
        }
