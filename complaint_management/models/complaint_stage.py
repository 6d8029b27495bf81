from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PHASES = [
    ("received", "Received"),
    ("triage", "Triage"),
    ("investigation", "Investigation"),
    ("action", "Action"),
    ("response", "Response"),
    ("monitoring", "Monitoring"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
RESOLVED_PHASES = ("monitoring", "closed")
DONE_PHASES = ("closed", "cancelled")


class ComplaintStage(models.Model):
    """A step with a name of the company's own; the code tests its ``phase``."""

    _name = "complaint.stage"
    _description = "Complaint Stage"
    _inherit = ["complaint.company.mixin"]

    name = fields.Char(required=True, translate=True)
    phase = fields.Selection(PHASES, required=True)
    fold = fields.Boolean("Folded in kanban")
    is_customer_visible = fields.Boolean(
        "Shown to the customer",
        default=True,
        help="The customer sees this step in the timeline of the case.",
    )
    customer_text = fields.Char(
        "In the customer's words",
        translate=True,
        help="One plain sentence that tells the customer what happens in this step.",
    )
    can_pause = fields.Boolean(
        "Clocks may stand",
        help="In this step the promises may be paused with a reason.",
    )
    pause_reason_id = fields.Many2one(
        "complaint.sla.pause.reason",
        "Clocks stand because",
        ondelete="restrict",
        help="Entering this step pauses the promises for this reason, leaving it lets "
        "them run again.",
    )
    is_customer_told = fields.Boolean(
        "Tell the customer",
        help="The customer gets a mail when a case enters this step. Without a mail "
        "address the owner is asked to call.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        "Mail",
        domain="[('model', '=', 'complaint.case')]",
        ondelete="restrict",
        help="What the customer is sent, in their language.",
    )

    @api.constrains("is_customer_told", "mail_template_id")
    def _check_mail_template(self):
        for stage in self:
            if stage.is_customer_told and not stage.mail_template_id:
                raise ValidationError(
                    self.env._("Choose the mail of the step “%s”.", stage.name)
                )

    def write(self, vals):
        if "phase" in vals:
            changed = self.filtered(lambda stage: stage.phase != vals["phase"])
            changed._refuse_while_used(
                self.env._("The phase of a step with cases in it can't change."), []
            )
        if vals.get("active") is False:
            self._refuse_while_used(
                self.env._("A step with open cases in it can't be archived."),
                [("is_open", "=", True)],
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._refuse_while_used(
            self.env._("A step with cases in it can't be deleted. Archive it instead."),
            [],
        )

    def _refuse_while_used(self, reason, domain):
        """Raise when cases that match ``domain`` stand in one of these steps: they
        would change their phase without passing a gate."""
        # sudo: cases of all teams and confidential ones count, nothing of them is told
        cases = self.env["complaint.case"].sudo().with_context(active_test=False)
        counts = cases._read_group(
            [("stage_id", "in", self.ids), *domain], ["stage_id"], ["__count"]
        )
        if counts:
            used = ", ".join(f"{stage.name} ({count})" for stage, count in counts)
            message = f"{reason}\n{used}"
            raise UserError(message)
