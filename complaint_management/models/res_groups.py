from odoo import models


class ResGroups(models.Model):
    _inherit = "res.groups"

    def _get_complaint_people(self, company):
        """Return the active people of this role in a company, never the system."""
        return self.all_user_ids.filtered(
            lambda user: (
                user.active and not user._is_superuser() and company in user.company_ids
            )
        )
