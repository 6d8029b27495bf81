from odoo import api, models


class ComplaintCachedMixin(models.AbstractModel):
    """Records that each process keeps in memory (``ormcache``): a change makes what was
    kept void, everywhere."""

    _name = "complaint.cached.mixin"
    _description = "Kept in Memory"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
