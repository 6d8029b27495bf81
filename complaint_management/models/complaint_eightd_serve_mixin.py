from odoo import fields, models
from odoo.exceptions import UserError


class ComplaintEightdServeMixin(models.AbstractModel):
    """The report's side of serving several complaints with the same defect: others than
    its own refer to it (``complaint.eightd.reference.mixin``)."""

    _name = "complaint.eightd.serve.mixin"
    _description = "8D Report of Several Complaints"

    reference_case_ids = fields.One2many(
        "complaint.case",
        "eightd_reference_id",
        "Complaints that refer to it",
        readonly=True,
        help="Complaints with the same defect that this report serves too.",
    )

    def _check_no_reference(self):
        """A complaint that refers to another report has none of its own."""
        for report in self:
            # sudo: whether there is a reference holds for everybody
            other = report.case_id.sudo().eightd_reference_id
            if other:
                raise UserError(
                    self.env._(
                        "%(case)s refers to %(report)s. Take the reference away to "
                        "start a report of its own.",
                        case=report.case_id.name,
                        report=other.name,
                    )
                )

    def _check_not_referenced(self):
        for report in self:
            # sudo: complaints count, also those that the user doesn't see
            cases = report.sudo().reference_case_ids
            if cases:
                raise UserError(
                    self.env._(
                        "%(count)s other complaints refer to %(report)s. Take these "
                        "references away before it is cancelled.",
                        count=len(cases),
                        report=report.name,
                    )
                )

    def _check_referable(self, case):
        """Refuse with an error when ``case`` can't refer to this report."""
        self.ensure_one()
        if self.state == "cancelled":
            raise UserError(
                self.env._("%s is cancelled, nothing can refer to it.", self.name)
            )
        if self.case_id == case:
            raise UserError(
                self.env._("%s is the complaint's own report already.", self.name)
            )
        if self.case_id.eightd_reference_id:
            raise UserError(
                self.env._(
                    "The complaint of %(report)s refers to %(other)s itself. Refer to "
                    "that one.",
                    report=self.name,
                    other=self.case_id.eightd_reference_id.name,
                )
            )
        cause = self._get_step("d4")
        if cause.state != "accepted":
            raise UserError(
                self.env._(
                    "%(step)s of %(report)s isn't accepted yet. Only then is it known "
                    "whether both complaints have the same cause.",
                    step=cause.display_name,
                    report=self.name,
                )
            )
