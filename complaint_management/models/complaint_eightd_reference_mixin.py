from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .complaint_eightd_quality_mixin import MANAGER_GROUP


class ComplaintEightdReferenceMixin(models.AbstractModel):
    """A complaint that has the same defect as another one refers to its 8D report
    instead of having one of its own. References don't chain: who refers has no report,
    and who has one doesn't refer."""

    _name = "complaint.eightd.reference.mixin"
    _description = "Reference to an 8D Report"
    _hold_once_fields = ("eightd_reference_id", "eightd_reference_reason")
    _journal_fields = ("eightd_reference_id", "eightd_reference_reason")

    eightd_reference_id = fields.Many2one(
        "complaint.eightd",
        "8D report of another complaint",
        index="btree_not_null",
        copy=False,
        tracking=True,
        check_company=True,
        ondelete="restrict",
        domain="[('state', '!=', 'cancelled'), ('case_id', '!=', id)]",
        help="A report whose root cause (D4) is accepted and that solves this "
        "complaint too. Another customer's report takes a manager and a reason.",
    )
    eightd_reference_reason = fields.Text(
        "Why the same report",
        copy=False,
        help="What shows that both complaints have the same cause.",
    )

    @api.constrains("eightd_reference_id")
    def _check_eightd_reference(self):
        for case in self.filtered("eightd_reference_id"):
            report = case.eightd_reference_id
            report._check_referable(case)
            case._check_no_own_eightd()
            case._check_reference_customer()

    def _check_no_own_eightd(self):
        # sudo: reports count, also those that the user doesn't see
        own = self.sudo().eightd_ids.filtered(lambda r: r.state != "cancelled")
        if own:
            raise UserError(
                self.env._(
                    "%(case)s has a report of its own, %(report)s. Cancel it to refer "
                    "to another one.",
                    case=self.name,
                    report=own[0].name,
                )
            )

    def _check_reference_customer(self):
        """Another customer's report: a manager decides, with a reason."""
        # sudo: only whether the customer is the same matters
        if self.sudo()._is_same_customer(self.sudo().eightd_reference_id.case_id):
            return
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._(
                    "%s is a report for another customer. A manager decides, with a "
                    "reason, whether it serves this complaint too.",
                    self.eightd_reference_id.name,
                )
            )
        if not (self.eightd_reference_reason or "").strip():
            raise UserError(
                self.env._(
                    "%s is a report for another customer. Write why it serves this "
                    "complaint too.",
                    self.eightd_reference_id.name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_refer([vals.get("eightd_reference_id") for vals in vals_list])
        cases = super().create(vals_list)
        if any(vals.get("eightd_reference_id") for vals in vals_list):
            cases.filtered("eightd_reference_id")._journal_reference("eightd_referred")
        return cases

    def _check_may_refer(self, report_ids):
        """Nobody points to what they may not read. Constraints have all rights."""
        if found := [report_id for report_id in report_ids if report_id]:
            self.env["complaint.eightd"].browse(found).check_access("read")

    def write(self, vals):
        if "eightd_reference_id" not in vals:
            return super().write(vals)
        self._check_may_refer([vals["eightd_reference_id"]])
        changing = self.filtered(
            lambda case: case.eightd_reference_id.id != vals["eightd_reference_id"]
        )
        changing._journal_reference("eightd_released")
        result = super().write(vals)
        changing._journal_reference("eightd_referred")
        return result

    def _journal_reference(self, event):
        """The report hears of it too."""
        for case in self.filtered("eightd_reference_id"):
            case.eightd_reference_id._journal_log(
                event,
                note=": ".join(filter(None, (case.name, case.eightd_reference_reason))),
            )

    # -- what the case asks ----------------------------------------------------------
    def _get_live_eightds(self):
        """Return the reports that serve this complaint, its own or another one's."""
        # sudo: how far they are counts, also for who may not read them
        case = self.sudo()
        reports = case.eightd_ids | case.eightd_reference_id
        return reports.filtered(lambda report: report.state != "cancelled")

    def _get_printed_eightds(self):
        """Return the reports that are printed for the customer of this complaint; who
        may not read them prints none."""
        self.ensure_one()
        reports = self._get_live_eightds().with_env(self.env)
        if not reports:
            raise UserError(self.env._("%s has no 8D report.", self.name))
        reports.check_access("read")
        return reports

    def _get_eightd_lang(self):
        """Return the language in which the customer reads the report."""
        self.ensure_one()
        return self.lang or self.company_id.partner_id.lang or self.env.lang

    def _gate_check_eightd_finished(self):
        """In the flow that is about 8D there must be a report at all."""
        reports = self._get_live_eightds()
        if not reports:
            return self.flow_id.code != "eightd"
        return all(report.state == "done" for report in reports)

    def _merge_eightd_reference(self, survivor, is_same_customer):
        """The survivor takes the reference over where it has nothing of its own; a
        report that comes with this case takes the place of a reference."""
        report = self.eightd_reference_id
        self.eightd_reference_id = False
        if self.eightd_ids:
            survivor.eightd_reference_id = False
        if report and is_same_customer and not survivor._get_live_eightds():
            survivor.eightd_reference_id = report

    def action_open_eightd_reference(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "complaint.eightd",
            "res_id": self.eightd_reference_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
