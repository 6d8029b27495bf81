import ast

from odoo import models


class MailAlias(models.Model):
    _inherit = "mail.alias"

    def _alias_bounce_incoming_email(self, message, message_dict, set_invalid=True):
        """A mail that a complaint team can't read goes to quarantine: telling the
        customer that it failed, and closing the alias, would be wrong twice."""
        if self.alias_model_id.model == "complaint.case":
            return None
        return super()._alias_bounce_incoming_email(
            message, message_dict, set_invalid=set_invalid
        )

    def _get_complaint_company(self):
        """Return the company of the complaint team behind an alias, if any."""
        defaults = ast.literal_eval(self.alias_defaults or "{}")
        team = self.env["complaint.team"].browse(defaults.get("team_id"))
        return team.exists().company_id
