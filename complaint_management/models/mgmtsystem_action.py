from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class MgmtsystemAction(models.Model):
    """The one action register of the company, with where an action comes from and
    whether it worked."""

    _name = "mgmtsystem.action"
    _inherit = ["complaint.hold.mixin", "mgmtsystem.action"]
    _hold_cases_sql = """
        SELECT rec.complaint_case_id
        UNION ALL
        SELECT case_id FROM complaint_eightd WHERE id = rec.complaint_eightd_id
        UNION ALL
        SELECT link.case_id
          FROM mgmtsystem_nonconformity_action_rel AS action
          JOIN complaint_case_nonconformity_rel AS link
            ON link.nonconformity_id = action.nonconformity_id
         WHERE action.action_id = rec.id
    """
    _hold_free_fields = (
        "user_id",
        "stage_id",
        "priority",
        "sequence",
        "date_deadline",
        "date_open",
        "date_closed",
        "tag_ids",
        "effectiveness_check_date",
        "effectiveness_checker_id",
    )
    _hold_once_fields = (
        "description",
        "nonconformity_ids",
        "complaint_case_id",
        "complaint_eightd_id",
        "complaint_step_id",
        "complaint_root_id",
        "effectiveness_criterion",
        "effectiveness_result",
        "effectiveness_note",
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
    )
    is_finished = fields.Boolean(
        "Is finished",
        compute="_compute_is_finished",
        help="In an ending stage and, where a check is planned, found effective.",
    )
    effectiveness_criterion = fields.Text(
        "Effectiveness criterion", help="How will you see that the action worked?"
    )
    effectiveness_check_date = fields.Date("Check on")
    effectiveness_checker_id = fields.Many2one(
        "res.users", "Checked by", help="Somebody else than the one who acts."
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
    )
    effectiveness_note = fields.Text("Evidence of the check")

    @api.depends("complaint_step_id")
    def _compute_complaint_eightd_id(self):
        for action in self:
            action.complaint_eightd_id = (
                action.complaint_step_id.eightd_id or action.complaint_eightd_id
            )

    @api.depends(
        "stage_id.is_ending", "effectiveness_check_date", "effectiveness_result"
    )
    def _compute_is_finished(self):
        for action in self:
            checked = (
                not action.effectiveness_check_date
                or action.effectiveness_result == "effective"
            )
            action.is_finished = action.stage_id.is_ending and checked

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
                raise ValidationError(
                    self.env._(
                        "The complaint is about %(user)s or their team, so somebody "
                        "else checks whether “%(action)s” worked.",
                        user=checker.name,
                        action=action.name,
                    )
                )

    def _is_about(self, user):
        """Tell whether a user is the subject of the complaint behind this action."""
        case = self.complaint_case_id
        return bool(case) and case._is_about(user)

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

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("complaint_step_id") and not vals.get("complaint_case_id"):
                step = self.env["complaint.eightd.step"].browse(
                    vals["complaint_step_id"]
                )
                vals["complaint_case_id"] = step.case_id.id
            elif vals.get("complaint_eightd_id") and not vals.get("complaint_case_id"):
                report = self.env["complaint.eightd"].browse(
                    vals["complaint_eightd_id"]
                )
                vals["complaint_case_id"] = report.case_id.id
        actions = super().create(vals_list)
        actions._join_nonconformities()
        return actions

    def write(self, vals):
        judged = {"effectiveness_result", "effectiveness_note"} & vals.keys()
        if judged and not self.env.su:
            self._check_judge_is_impartial()
        return super().write(vals)

    def _check_judge_is_impartial(self):
        if about := self.filtered(lambda action: action._is_about(self.env.user)):
            raise AccessError(
                self.env._(
                    "The complaint is about you or your team, so a colleague judges "
                    "whether “%s” worked.",
                    about[0].name,
                )
            )

    def _join_nonconformities(self):
        """A new action of a case is also one of its nonconformities."""
        for action in self.filtered("complaint_case_id"):
            # sudo: the link follows from the case, also for who can't see the DİF
            nonconformities = action.complaint_case_id.sudo().nonconformity_ids
            open_ones = nonconformities.filtered(
                lambda nc: nc.state not in ("done", "cancel")
            )
            open_ones.write({"action_ids": [fields.Command.link(action.id)]})

    def send_mail_for_action(self, force_send=True):
        """Queue the mail: sending inside the transaction would tell people about
        actions that a later error undoes (mgmtsystem_action 19.0 forces it)."""
        return super().send_mail_for_action(force_send=False)
