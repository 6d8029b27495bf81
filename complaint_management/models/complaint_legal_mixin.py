from odoo import fields, models


class ComplaintLegalMixin(models.AbstractModel):
    """Marks a host as legally risky.

    ``_get_legal_texts`` names what a scan reads; a host adds its own texts.
    """

    _name = "complaint.legal.mixin"
    _description = "Legal Risk"

    is_legal_risk = fields.Boolean(
        "Legal risk",
        tracking=True,
        help="Court, lawyer, authority, press or claim for damages is in sight.",
    )
    legal_note = fields.Text("Why it is a legal risk")

    def _get_legal_texts(self):
        """Return [(source, text)] of everything in which risk can show."""
        self.ensure_one()
        return []

    def _check_not_held(self):
        """Hook: refuse with an error when one of these is under a legal hold."""
