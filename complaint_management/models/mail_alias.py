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
