from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .complaint_discipline_promise_mixin import PENDING_STATES
from .complaint_eightd_member import HEADS
from .complaint_eightd_preset import DISCIPLINES

# What stands in a report besides its parts: it stays when the report has ended.
SIGNED_FIELDS = {"subject", "started_at", "preset_id", *HEADS.values()}


class ComplaintEightd(models.Model):
    """An 8D report: nine disciplines, each with owner, deadline and sign-off."""

    _name = "complaint.eightd"
    _description = "8D Report"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.guard.mixin",
        "complaint.number.mixin",
        "complaint.eightd.team.mixin",
        "complaint.eightd.serve.mixin",
        "complaint.eightd.quality.mixin",
        "complaint.eightd.print.mixin",
        "complaint.rca.mixin",
        "complaint.action.gate.mixin",
        "complaint.journal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    # Late ones first; what has ended has no date.
    _order = "date_due, id desc"
    _rec_names_search = ["name", "subject"]
    _check_company_auto = True
    _number_prefix = "8D"
    _hold_cases_sql = """
        SELECT rec.case_id
        UNION ALL
        SELECT id FROM complaint_case WHERE eightd_reference_id = rec.id
    """
    _hold_free_fields = ("state",)
    _hold_once_fields = ("root_cause",)
    _guarded_fields = ("name", "state")
    _journal_fields = ("state",)

    subject = fields.Char(required=True)
    case_id = fields.Many2one(
        "complaint.case", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    product_id = fields.Many2one(related="case_id.product_id")
    started_at = fields.Datetime(
        "Started at", required=True, default=fields.Datetime.now
    )
    preset_id = fields.Many2one(
        "complaint.eightd.preset",
        "Deadlines",
        check_company=True,
        default=lambda self: self._default_preset_id(),
    )
    step_ids = fields.One2many("complaint.eightd.step", "eightd_id", "Disciplines")
    containment_ids = fields.One2many("complaint.eightd.containment", "eightd_id")
    review_ids = fields.One2many(
        "complaint.eightd.review", "eightd_id", "Reviews", readonly=True
    )
    current_step_id = fields.Many2one(
        "complaint.eightd.step",
        "Now at",
        compute="_compute_progress",
        store=True,
        index="btree_not_null",
        help="The first discipline that isn't signed off.",
    )
    current_discipline = fields.Selection(
        DISCIPLINES,
        "Discipline",
        compute="_compute_progress",
        store=True,
        help="The first discipline that isn't signed off.",
    )
    progress = fields.Integer("Done (%)", compute="_compute_progress", store=True)
    date_due = fields.Datetime(
        "Due",
        compute="_compute_progress",
        store=True,
        index="btree_not_null",
        help="When the next discipline has to be submitted.",
    )
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
    waiting_count = fields.Integer(
        "Waiting for review", compute="_compute_progress", store=True
    )
    state = fields.Selection(
        [("open", "In progress"), ("done", "Finished"), ("cancelled", "Cancelled")],
        default="open",
        required=True,
        tracking=True,
        copy=False,
        index=True,
    )
    action_ids = fields.One2many("mgmtsystem.action", "complaint_eightd_id", "Actions")

    def _default_preset_id(self):
        case = self.env["complaint.case"].browse(
            self.env.context.get("default_case_id")
        )
        return self._get_default_preset(case)

    @api.model
    def _get_default_preset(self, case):
        """Return the deadlines of the company of a case, else of the present one."""
        # sudo: the company of a complaint and what it has set up hold for everybody
        company = (case.sudo().company_id or self.env.company).sudo()
        presets = self.env["complaint.eightd.preset"]
        own = company.complaint_eightd_preset_id.with_env(self.env)
        return own or presets.search(
            [("company_id", "in", (False, company.id))], limit=1
        )

    @api.depends("state", "step_ids.state", "step_ids.date_due")
    def _compute_progress(self):
        for report in self:
            steps = report.step_ids.sorted("discipline")
            finished = steps.filtered(lambda s: s.state == "accepted")
            to_do = steps.filtered(lambda s: s.state in PENDING_STATES)
            is_open = report.state == "open"
            current = (steps - finished)[:1] if is_open else steps.browse()
            report.current_step_id = current
            report.current_discipline = current.discipline
            report.date_due = to_do[:1].date_due if is_open else False
            report.waiting_count = (
                len(steps - finished - to_do) if report.state == "open" else 0
            )
            report.progress = round(100 * len(finished) / len(steps)) if steps else 0

    @api.depends("date_due")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for report in self:
            report.is_late = bool(report.date_due and report.date_due < now)

    @api.model
    def _search_is_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = Domain("date_due", "<", fields.Datetime.now())
        return late if (True in value) == (operator == "in") else ~late

    # -- CRUD --------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        cases = self.env["complaint.case"]
        for vals in vals_list:
            if vals.get("case_id") and "preset_id" not in vals:
                case = cases.browse(vals["case_id"])
                vals["preset_id"] = self._get_default_preset(case).id
        reports = super().create(vals_list)
        reports._check_no_reference()
        reports._check_case_lives()
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
        if "root_cause" in vals:
            self._check_rca_open()
        elif SIGNED_FIELDS & vals.keys():
            self._check_open()
        self._check_stays(vals)
        result = super().write(vals)
        if "case_id" in vals:
            self._check_no_reference()
        pending = self.filtered(lambda report: report.state == "open")
        if "started_at" in vals:
            for step in pending.step_ids:
                step._sla_restart(step._sla_get_start())
        elif "preset_id" in vals:
            for step in pending.step_ids:
                step._sla_retarget()
        return result

    def _check_stays(self, vals):
        """A report is read by the people of its complaint: only a merge moves it."""
        if "case_id" in vals and not self.env.su:
            for report in self:
                if report.case_id.id != vals["case_id"]:
                    raise UserError(
                        self.env._(
                            "%s stays with its complaint. Let another complaint refer "
                            "to it instead.",
                            report.name,
                        )
                    )

    def _check_case_lives(self):
        for report in self:
            # sudo: whether a complaint was cancelled holds for everybody
            if report.case_id.sudo().phase == "cancelled":
                raise UserError(
                    self.env._("%s has ended. Re-open it first.", report.case_id.name)
                )

    # -- what parts and steps ask ----------------------------------------------------
    def _get_step(self, discipline):
        self.ensure_one()
        return self.step_ids.filtered(lambda step: step.discipline == discipline)

    def _check_rca_open(self):
        """Refuse to change the search for the cause while D4 is reviewed or signed."""
        self._check_open()
        for report in self:
            report._get_step("d4")._check_not_signed()

    def _check_open(self):
        """Refuse with an error what changes a report that has ended."""
        for report in self:
            if report.state != "open":
                raise UserError(
                    self.env._(
                        "%s has ended. What stands in it stays.", report.display_name
                    )
                )

    @api.model
    def _filter_live_actions(self, actions):
        """Return the actions that weren't called off."""
        return actions.filtered(lambda action: not action.stage_id.is_cancelled)

    # -- buttons -------------------------------------------------------------------
    def action_done(self):
        """Close the report: every discipline accepted, every action finished."""
        for report in self:
            report._check_open()
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
            missing.append(self.env._("A team leader"))
        return missing

    def action_cancel(self):
        self._check_open()
        self._check_not_referenced()
        self._move("cancelled")
        self.step_ids._sla_cancel(self.env._("Report cancelled"))

    def _move(self, state):
        self.check_access("write")
        # sudo: guarded field; the right is checked, what must be there was asked for
        self.sudo().write({"state": state})
