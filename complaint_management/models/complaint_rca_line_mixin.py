from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError


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

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_is_host()
        lines._check_host_open()
        return lines

    def write(self, vals):
        # Before anything is said about the host.
        self.check_access("write")
        self._check_host_open()
        result = super().write(vals)
        if self._get_parent_fields() & vals.keys():
            self._check_is_host()
            self._check_host_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_host_open()

    def _check_is_host(self):
        """Refuse what isn't looked for there: nobody would ever find it again."""
        hosts = self._get_host_models()
        for line in self:
            if line.res_model not in hosts:
                raise ValidationError(
                    self.env._(
                        "Causes are looked for on complaints and reports, not on “%s”.",
                        line.res_model,
                    )
                )

    def _check_host_open(self):
        """Refuse to change what a host has signed off (``_check_rca_open``)."""
        hosts = defaultdict(set)
        # sudo: only the pointers are read; what is signed is so for everybody
        for line in self.sudo():
            hosts[line.res_model].add(line.res_id)
        for model, ids in hosts.items():
            records = self.env[model].sudo().browse(ids)
            if hasattr(records, "_check_rca_open"):
                records._check_rca_open()

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
            lines |= self.search(
                [("res_model", "=", res_model), ("res_id", "in", [*ids])]
            )
        return lines
