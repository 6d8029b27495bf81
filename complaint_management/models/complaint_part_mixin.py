from odoo import api, models
from odoo.fields import Domain


class ComplaintPartMixin(models.AbstractModel):
    """A record that hangs on another one, its parent: who may read the parent may read
    it. ACL and rules of the model itself come first.

    Nobody sees in a list what hangs on a parent that they may not read. A model names
    the field of its parent in ``_part_of``.
    """

    _name = "complaint.part.mixin"
    _description = "Part of a Record"
    _part_of = None

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if not self or self.env.su:
            return result
        forbidden = result[0] if result else self.browse()
        allowed = self - forbidden
        # A create happens on behalf of whoever may read the parent; the ACL of the
        # model decides who creates at all.
        denied = allowed - allowed._filter_readable_parents()
        if denied:
            forbidden |= denied
            return forbidden, lambda: self.env["ir.rule"]._make_access_error(
                operation, forbidden
            )
        return result

    def _filter_readable_parents(self):
        """Return the records of self whose parent the user may read."""
        # sudo: only the pointers are read, to ask for access to what they point to
        parents = {part.id: part[self._part_of].id for part in self.sudo()}
        readable = set(
            self._get_parent_model()
            .browse(set(parents.values()))
            ._filtered_access("read")
            ._ids
        )
        return self.browse([i for i, parent in parents.items() if parent in readable])

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._get_readable_parent_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _get_readable_parent_domain(self):
        """Return the domain of the records whose parent the user may read."""
        parents = self._get_parent_model().with_context(active_test=False)
        readable = parents._search([]) if parents.has_access("read") else []
        return Domain(self._part_of, "in", readable)

    def write(self, vals):
        result = super().write(vals)
        if self._get_parent_fields() & vals.keys():
            # a part goes only where its writer may go too
            self.check_access("write")
        return result

    @api.model
    def _get_parent_fields(self):
        """Return the names of the fields that say what the parent is."""
        return {self._part_of}

    @api.model
    def _get_parent_model(self):
        return self.env[self._fields[self._part_of].comodel_name]
