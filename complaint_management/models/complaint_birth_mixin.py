from odoo import api, models

from ..tools.class_names import collect_names


class _Complete(dict):
    """Values of a new record in which the defaults stand already, all but those of the
    fields ``own``."""

    own = ()


class ComplaintBirthMixin(models.AbstractModel):
    """Records of a batch ask for their defaults once.

    Odoo asks for them record by record, and once more for each field that a
    computation reads on a record that isn't stored yet. Here they are asked for once
    for the whole batch; the fields that computations read at birth (each mixin of a
    model names its own in ``_birth_fields``) are given as empty.

    It stands last among the parents, so that what the other parents add to the values
    comes first. Not for models with defaults that have to differ between records.
    """

    _name = "complaint.birth.mixin"
    _description = "Defaults of a Batch"
    _birth_fields = ()

    @api.model_create_multi
    def create(self, vals_list):
        names = collect_names(type(self), "_birth_fields")
        empty = [name for name in names if not self._fields[name].compute]
        # Finding a default can take a query: none for what every record brings along.
        given = set(vals_list[0]).intersection(*vals_list[1:]) if vals_list else ()
        defaults = {
            **dict.fromkeys(empty, False),
            **self._add_missing_default_values(dict.fromkeys(given)),
        }
        # Fields for some groups only: whoever creates would be refused to give them.
        own = [name for name in defaults if self._fields[name].groups]
        common = {name: defaults[name] for name in defaults.keys() - set(own)}
        complete = [_Complete({**common, **vals}) for vals in vals_list]
        for vals in complete:
            vals.own = own
        return super().create(complete)

    @api.model
    def _add_missing_default_values(self, values):
        if isinstance(values, _Complete):
            own = [name for name in values.own if name not in values]
            return {**self.default_get(own), **values} if own else values
        return super()._add_missing_default_values(values)
