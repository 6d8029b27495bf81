from odoo import api, fields, models
from odoo.exceptions import UserError


class ComplaintEightdPartMixin(models.AbstractModel):
    """A record that belongs to one 8D report: who may read the report may read it.

    It never moves to another report, and stays what it is when the report has ended.
    Holds on any complaint that the report serves cover it.
    """

    _name = "complaint.eightd.part.mixin"
    _description = "Part of an 8D Report"
    _inherit = ["complaint.hold.mixin", "complaint.part.mixin"]
    _part_of = "eightd_id"
    _hold_cases_sql = """
        SELECT case_id FROM complaint_eightd WHERE id = rec.eightd_id
        UNION ALL
        SELECT id FROM complaint_case WHERE eightd_reference_id = rec.eightd_id
    """

    eightd_id = fields.Many2one(
        "complaint.eightd", "8D report", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one(related="eightd_id.case_id", store=True, index=True)
    company_id = fields.Many2one(related="eightd_id.company_id", store=True)

    # -- CRUD --------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._check_report_open()
        return parts

    def write(self, vals):
        # Before anything is said about the report.
        self.check_access("write")
        self._check_report_open()
        if "eightd_id" in vals and self.filtered(
            lambda part: part.eightd_id.id != vals["eightd_id"]
        ):
            raise UserError(
                self.env._("What belongs to an 8D report stays with that report.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ended(self):
        self._check_report_open()

    def _check_report_open(self):
        """Refuse with an error what changes a report that has ended."""
        # sudo: whether a report has ended holds for everybody
        self.sudo().eightd_id._check_open()
