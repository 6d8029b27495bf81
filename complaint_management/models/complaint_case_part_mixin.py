from odoo import api, fields, models
from odoo.fields import Domain


class ComplaintCasePartMixin(models.AbstractModel):
    """A record that belongs to one case: who may read the case may read it.

    ACL and rules of the model itself come first.
    """

    _name = "complaint.case.part.mixin"
    _description = "Part of a Case"

    case_id = fields.Many2one(
        "complaint.case",
        "Complaint",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, precompute=True, index=True
    )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if not self or self.env.su:
            return result
        forbidden = result[0] if result else self.browse()
        # sudo: only the pointers are read, to ask for access to what they point to
        cases = {part.id: part.case_id.id for part in (self - forbidden).sudo()}
        readable = set(
            self.env["complaint.case"]
            .browse(set(cases.values()))
            ._filtered_access("read")
            ._ids
        )
        denied = self.browse(
            [id_ for id_, case in cases.items() if case not in readable]
        )
        if denied:
            forbidden |= denied
            return forbidden, lambda: self.env["ir.rule"]._make_access_error(
                operation, forbidden
            )
        return result

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            cases = self.env["complaint.case"].with_context(active_test=False)
            readable = cases._search([]) if cases.has_access("read") else []
            domain = Domain(domain) & Domain("case_id", "in", readable)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
