from collections import defaultdict

from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..tools.class_names import collect_names


class ComplaintHostMixin(models.AbstractModel):
    """A record that hangs on any other record by ``res_model`` and ``res_id``.

    Its parent is whatever they name, the host.
    """

    _name = "complaint.host.mixin"
    _description = "Record on Any Host"
    _inherit = ["complaint.part.mixin"]

    res_model = fields.Char("Host model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Host", model_field="res_model", required=True, readonly=True
    )

    def _filter_readable_parents(self):
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
    @tools.ormcache()
    def _get_host_models(self):
        """Return the models whose records can carry this kind of record."""
        return tuple(
            name
            for name, model in self.env.registry.items()
            if not model._abstract
            # each mixin of a host names its own lines: ask the whole ancestry
            and self._name in collect_names(model, "_complaint_host_of")
        )

    @api.model
    def _get_readable_parent_domain(self):
        """Return the domain of the records whose host the user may read."""
        domain = Domain.FALSE
        for model in self._get_host_models():
            if self.env[model].has_access("read"):
                hosts = self.env[model].with_context(active_test=False)._search([])
                domain |= Domain("res_model", "=", model) & Domain(
                    "res_id", "in", hosts
                )
        return domain

    @api.model
    def _get_parent_fields(self):
        return {"res_model", "res_id"}
