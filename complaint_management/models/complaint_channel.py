import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

CHANNEL_KINDS = [
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("web_form", "Web form"),
    ("mobile_app", "Mobile app"),
    ("social", "Social network"),
    ("live_chat", "Live chat"),
    ("sms", "SMS"),
    ("messenger", "Messenger"),
    ("fax", "Fax"),
    ("letter", "Letter"),
    ("in_person", "In person"),
    ("portal", "Portal"),
    ("api", "API"),
]


class ComplaintChannel(models.Model):
    _name = "complaint.channel"
    _description = "Complaint Channel"
    _inherit = ["complaint.company.mixin"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Technical name that the intake uses, never translated."
    )
    kind = fields.Selection(CHANNEL_KINDS, required=True)
    icon = fields.Char(
        default="fa-comment-o",
        help="Name of the Font Awesome icon that stands before the cases of this "
        "channel, for example fa-phone.",
    )
    team_id = fields.Many2one(
        "complaint.team",
        "Default team",
        company_dependent=True,
        check_company=True,
        help="Takes the cases of this channel when nobody names another team. Each "
        "company chooses its own. Mail goes to the team whose address it was sent to.",
    )
    can_acknowledge = fields.Boolean(
        "Automatic acknowledgement",
        default=True,
        help="The customer gets a mail with the number as soon as a case comes in "
        "this way, when a mail address is known.",
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "This channel code exists already."
    )

    @api.constrains("icon")
    def _check_icon(self):
        """The icon becomes a class of the page."""
        for channel in self:
            if channel.icon and not re.fullmatch(r"fa-[a-z0-9-]+", channel.icon):
                raise ValidationError(
                    self.env._(
                        "“%(icon)s” is no icon. Write its name such as fa-phone.",
                        icon=channel.icon,
                    )
                )

    def _get_default_team(self, company):
        """Return the team that takes the cases of this channel in a company."""
        # sudo: whoever may take a case in may have it given to the team of its channel
        channel_sudo = self.sudo().with_company(company)
        # Fields of a company are read alone: with them, in the same query, what a new
        # case asks of its channel next.
        plain = [name for name, field in self._fields.items() if field.prefetch is True]
        channel_sudo.fetch(["team_id", *plain])
        return channel_sudo.team_id.filtered("active")
