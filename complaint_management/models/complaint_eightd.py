from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint_eightd_preset import DISCIPLINES


class ComplaintEightd(models.Model):
    """An 8D report: nine disciplines, each with owner, deadline and sign-off."""

    _name = "complaint.eightd"
    _description = "8D Report"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.guard.mixin",
        "complaint.number.mixin",
        "complaint.rca.mixin",
        "complaint.action.gate.mixin",
        "complaint.journal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "create_date desc, id desc"
    _rec_names_search = ["name", "subject"]
    _check_company_auto = True
    _number_prefix = "8D"
    _hold_free_fields = ("leader_id", "champion_id", "member_ids", "state")
    _hold_once_fields = ("root_cause",)
    _guarded_fields = ("name", "state")
    _journal_fields = ("leader_id", "champion_id", "state")

    subject = fields.Char(required=True)
    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    leader_id = fields.Many2one(
        "res.users", "Team leader", index="btree_not_null", tracking=True
    )
    champion_id = fields.Many2one("res.users", tracking=True)
    member_ids = fields.Many2many("res.users", string="Team members")
    started_at = fields.Datetime(
        "Started at", required=True, default=fields.Datetime.now
    )
    preset_id = fields.Many2one(
        "complaint.eightd.preset",
        "Deadlines",
        default=lambda self: self._default_preset_id(),
    )
    step_ids = fields.One2many("complaint.eightd.step", "eightd_id", "Disciplines")
    current_step_id = fields.Many2one(
        "complaint.eightd.step", "Now at", compute="_compute_progress"
    )
    progress = fields.Integer("Done (%)", compute="_compute_progress")
    date_due = fields.Datetime("Due", compute="_compute_progress")
    state = fields.Selection(
        [("open", "In progress"), ("done", "Finished"), ("cancelled", "Cancelled")],
        default="open",
        required=True,
        tracking=True,
        copy=False,
    )
    action_ids = fields.One2many("mgmtsystem.action", "complaint_eightd_id", "Actions")

    def _default_preset_id(self):
        return self.env.company.complaint_eightd_preset_id or self.env[
            "complaint.eightd.preset"
        ].search([], limit=1)

    @api.depends("step_ids.state", "step_ids.date_due")
    def _compute_progress(self):
        for report in self:
            finished = report.step_ids.filtered(lambda s: s.state == "accepted")
            pending = report.step_ids - finished
            report.current_step_id = pending[:1]
            report.date_due = pending[:1].date_due
            total = len(report.step_ids)
            report.progress = round(100 * len(finished) / total) if total else 0

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        reports._create_steps()
        return reports

    def _create_steps(self):
        """Give each report its nine disciplines, whose clocks start with them."""
        self.env["complaint.eightd.step"].create(
            [
                {
                    "eightd_id": report.id,
                    "discipline": discipline,
                    "owner_id": report.leader_id.id,
                }
                for report in self
                for discipline, __ in DISCIPLINES
            ]
        )

    def write(self, vals):
        """Other deadlines, or another start, move the clocks of the disciplines."""
        result = super().write(vals)
        pending = self.filtered(lambda report: report.state == "open")
        if "started_at" in vals:
            for step in pending.step_ids:
                step._sla_restart(step._sla_get_start())
        elif "preset_id" in vals:
            for step in pending.step_ids:
                step._sla_retarget()
        return result

    def action_done(self):
        """Close the report: every discipline accepted, every action finished."""
        for report in self:
            missing = report._get_missing()
            if missing:
                raise UserError(
                    self.env._("%s can't be closed yet. Missing:", report.name)
                    + "".join(f"\n  • {item}" for item in missing)
                )
        self._move("done")

    def _get_missing(self):
        """Return in words what still stands in the way of closing this report."""
        missing = [
            self.env._("%s is accepted", step.display_name)
            for step in self.step_ids.filtered(lambda s: s.state != "accepted")
        ]
        missing += self._gate_missing_actions_done()
        if not self.leader_id:
            missing.append(self.env._("Team leader"))
        return missing

    def action_cancel(self):
        self._move("cancelled")
        self.step_ids._sla_cancel(self.env._("Report cancelled"))

    def _move(self, state):
        self.check_access("write")
        # sudo: guarded field; the right is checked, what must be there was asked for
        self.sudo().write({"state": state})
