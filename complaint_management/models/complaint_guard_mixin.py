from odoo import api, models
from odoo.exceptions import AccessError

from ..tools.class_names import collect_names


class ComplaintGuardMixin(models.AbstractModel):
    """Fields that only the system writes, whatever route a user takes.

    A readonly field of a view can still be written by an import or by RPC. What
    follows from an action (dates, states, sign-offs) is named in ``_guarded_fields``
    and is written by the code with ``sudo()``, after it has checked the right. Every
    mixin of a model names its own.
    """

    _name = "complaint.guard.mixin"
    _description = "Fields Written by the System"
    _guarded_fields = ()

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            guarded = self._get_guarded_fields()
            defaults = self.default_get(guarded)
            for vals in vals_list:
                self._refuse_guarded(
                    name
                    for name in guarded
                    if vals.get(name) and vals[name] != defaults.get(name)
                )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_guarded(
                name for name in self._get_guarded_fields() if name in vals
            )
        return super().write(vals)

    @api.model
    def _get_guarded_fields(self):
        """Return the names of the fields that only the system writes."""
        return collect_names(type(self), "_guarded_fields")

    def _refuse_guarded(self, names):
        labels = [self._fields[name]._description_string(self.env) for name in names]
        if labels:
            raise AccessError(
                self.env._(
                    "“%(fields)s” of %(model)s is written by the system only. Use the "
                    "buttons of the form.",
                    fields=", ".join(labels),
                    model=self._description,
                )
            )
