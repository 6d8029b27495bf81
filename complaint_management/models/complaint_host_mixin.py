from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain


class ComplaintHostMixin(models.AbstractModel):
    """A record that hangs on any other record by ``res_model`` and ``res_id``.

    Who may read the host may read it; ACL and rules of the model itself come
    first. Nobody sees in a list what hangs on a host that they may not read.
    """

    _name = "complaint.host.mixin"
    _description = "Record on Any Host"

    res_model = fields.Char("Host model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Host", model_field="res_model", required=True, readonly=True
    )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if not self or self.env.su:
            return result
        allowed = self - result[0] if result else self
        # A create happens on behalf of whoever may read the host; the ACL of the
        # model decides who creates at all.
        denied = allowed - allowed._filter_readable_hosts()
        if denied:
            forbidden = denied | (result[0] if result else self.browse())
            return forbidden, lambda: forbidden._make_host_access_error(operation)
        return result

    def _make_host_access_error(self, operation):
        return self.env["ir.rule"]._make_access_error(operation, self)

    def _filter_readable_hosts(self):
        """Return the records of self whose host the user may read."""
        by_model = defaultdict(list)
        # sudo: only the pointers are read, to find whom to ask for access
        pairs = [(line.id, line.res_model, line.res_id) for line in self.sudo()]
        for __, res_model, res_id in pairs:
            by_model[res_model].append(res_id)
        readable = {
            (model, host_id)
            for model, ids in by_model.items()
            if model in self.env
            for host_id in self.env[model].browse(ids)._filtered_access("read")._ids
        }
        return self.browse([i for i, m, h in pairs if (m, h) in readable])

    @api.model
    def _get_host_models(self):
        """Return the models whose records can carry this kind of record."""
        return [
            name
            for name, model in self.env.registry.items()
            if not model._abstract
            # each mixin of a host names its own lines: ask the whole ancestry
            and any(
                self._name in vars(parent).get("_complaint_host_of", ())
                for parent in model.mro()
            )
        ]

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._get_readable_host_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _get_readable_host_domain(self):
        """Return the domain of the records whose host the user may read."""
        domain = Domain.FALSE
        for model in self._get_host_models():
            if self.env[model].has_access("read"):
                hosts = self.env[model].with_context(active_test=False)._search([])
                domain |= Domain("res_model", "=", model) & Domain(
                    "res_id", "in", hosts
                )
        return domain
