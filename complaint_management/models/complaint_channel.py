from odoo import fields, models

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
    icon = fields.Char(default="fa-comment-o", help="Font Awesome class.")
    can_acknowledge = fields.Boolean(
        "Automatic acknowledgement",
        default=True,
        help="The customer gets a mail with the number as soon as a case comes in "
        "this way, when a mail address is known.",
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "This channel code exists already."
    )
