from odoo import api, fields, models


class ComplaintTreeMixin(models.AbstractModel):
    """Name and path of a configurable tree; the host declares ``parent_id``,
    ``child_ids`` and ``_parent_store``."""

    _name = "complaint.tree.mixin"
    _description = "Complaint Configuration Tree"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    display_name = fields.Char("Display name", recursive=True)
    parent_path = fields.Char("Parent path", index=True)

    @api.depends("name", "parent_id.display_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for node in self:
            parent = node.parent_id
            node.display_name = (
                f"{parent.display_name} / {node.name}" if parent else node.name
            )
