from odoo import fields, models


class ComplaintRcaLineMixin(models.AbstractModel):
    """A line of the search for the cause: it hangs on a case, an 8D or another host of
    ``complaint.rca.mixin``, and stays while a legal hold stands."""

    _name = "complaint.rca.line.mixin"
    _description = "Line of a Root Cause Analysis"
    _inherit = ["complaint.hold.mixin", "complaint.host.mixin"]
    _hold_cases_sql = "SELECT complaint_held(rec.res_model, rec.res_id)"
    _order = "sequence, id"

    res_model = fields.Char("Res model", readonly=False)
    res_id = fields.Many2oneReference(readonly=False, index=True)
    sequence = fields.Integer(default=10)

    def write(self, vals):
        result = super().write(vals)
        if {"res_model", "res_id"} & vals.keys():
            # a line goes only where its writer may go too
            self.check_access("write")
        return result

    def _get_host_key(self):
        self.ensure_one()
        return self.res_model, self.res_id

    def _get_lines_of_hosts(self):
        """Return all lines that hang on the hosts of these, as they are ordered."""
        hosts = {}
        for line in self:
            hosts.setdefault(line.res_model, set()).add(line.res_id)
        lines = self.browse()
        for res_model, ids in hosts.items():
            lines |= self.search([("res_model", "=", res_model), ("res_id", "in", [*ids])])
        return lines
