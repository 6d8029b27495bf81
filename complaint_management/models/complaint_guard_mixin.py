from odoo import api, models
from odoo.exceptions import AccessError


class ComplaintGuardMixin(models.AbstractModel):
    """Fields that only the system writes, whatever route a user takes.

    A readonly field of a view can still be written by an import or by RPC. What
    follows from an action (dates, states, sign-offs) is named in ``_guarded_fields``
    and is written by the code with ``sudo()``, after it has checked the right.
    """

    _name = "complaint.guard.mixin"
    _description = "Fields Written by the System"
    _guarded_fields = ()

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            defaults = self.default_get(self._guarded_fields)
            for vals in vals_list:
                self._refuse_guarded(
                    name
                    for name in self._guarded_fields
                    if vals.get(name) and vals[name] != defaults.get(name)
                )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_guarded(name for name in self._guarded_fields if name in vals)
        return super().write(vals)

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
