from odoo import api, fields, models


class ComplaintActionJudge(models.TransientModel):
    """Asks whether an action worked, and what follows when it didn't."""

    _name = "complaint.action.judge"
    _description = "Judge the Effectiveness of an Action"

    action_id = fields.Many2one("mgmtsystem.action", required=True, readonly=True)
    # Not as the superuser: whoever may open this form may not read every action.
    criterion = fields.Text(
        related="action_id.effectiveness_criterion", related_sudo=False
    )
    measure = fields.Char(related="action_id.effectiveness_measure", related_sudo=False)
    target = fields.Char(related="action_id.effectiveness_target", related_sudo=False)
    effect = fields.Html(related="action_id.complaint_effect", related_sudo=False)
    is_again = fields.Boolean(compute="_compute_is_again")
    reason = fields.Text(
        "Why again?", help="Stands in the journal together with the new judgement."
    )
    result = fields.Selection(
        [("effective", "It worked"), ("not_effective", "It didn't work")],
        "Did it work?",
        required=True,
    )
    measured = fields.Char("Measured value")
    note = fields.Text(
        "Evidence", required=True, help="What shows it: figures, tests, records."
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    can_follow = fields.Boolean(compute="_compute_can_follow")
    is_followed = fields.Boolean(
        "Plan another action instead",
        default=lambda self: self._default_is_followed(),
        help="The question is open again: the new action names the one it follows.",
    )
    follower_name = fields.Char("New action")
    follower_user_id = fields.Many2one(
        "res.users",
        "Owner",
        domain="[('share', '=', False)]",
        compute="_compute_follower_user_id",
        store=True,
        readonly=False,
    )
    follower_deadline = fields.Date("Deadline")
    can_reopen = fields.Boolean(compute="_compute_can_reopen")
    is_reopened = fields.Boolean(
        "Open the complaint again",
        compute="_compute_is_reopened",
        store=True,
        readonly=False,
        help="Otherwise its owner is asked.",
    )

    @api.model
    def _default_is_followed(self):
        return self.env["mgmtsystem.action"].has_access("create")

    @api.depends_context("uid")
    def _compute_can_follow(self):
        self.can_follow = self._default_is_followed()

    @api.depends("action_id")
    def _compute_is_again(self):
        for wizard in self:
            wizard.is_again = wizard.action_id.effectiveness_result != "not_yet"

    @api.depends("action_id")
    def _compute_follower_user_id(self):
        for wizard in self:
            wizard.follower_user_id = wizard.action_id.user_id

    @api.depends("action_id")
    def _compute_can_reopen(self):
        for wizard in self:
            case = wizard.action_id.complaint_case_id
            wizard.can_reopen = (
                case.has_access("write")
                # sudo: the phase only, of a case that the user may write
                and case.sudo().phase in ("closed", "monitoring")
            )

    @api.depends("action_id")
    def _compute_is_reopened(self):
        for wizard in self:
            wizard.is_reopened = wizard.can_reopen

    def action_judge(self):
        """Store the judgement; go to the new action, if there is one."""
        self.ensure_one()
        action = self.action_id
        vals = {
            "effectiveness_result": self.result,
            "effectiveness_note": self.note,
            "effectiveness_measured": self.measured,
            "effectiveness_attachment_ids": [
                fields.Command.link(file.id) for file in self.attachment_ids
            ],
        }
        is_failed = self.result == "not_effective"
        if is_failed and self.can_reopen and self.is_reopened:
            action.complaint_case_id._reopen(self.note)
        if self.is_again:
            action._judge_again(vals, self.reason)
        else:
            action.write(vals)
        # Found in the wizard, they now belong to the action and are read with it.
        # sudo: a user may not move files, these are their own of a moment ago
        own = self.attachment_ids.sudo().filtered(lambda f: f.res_model == self._name)
        own.write({"res_model": action._name, "res_id": action.id})
        if is_failed and self.is_followed:
            return self._follow_up()
        return {"type": "ir.actions.act_window_close"}

    def _follow_up(self):
        """Make the action that replaces the one that didn't work, and go there."""
        action = self.action_id
        follower = self.env["mgmtsystem.action"].create(
            {
                **action._prepare_follower_vals(),
                "name": (self.follower_name or "").strip() or action.name,
                "user_id": (self.follower_user_id or action.user_id).id,
                "date_deadline": self.follower_deadline,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": follower._name,
            "res_id": follower.id,
            "views": [(False, "form")],
        }
