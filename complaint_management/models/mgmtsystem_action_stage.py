from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MgmtsystemActionStage(models.Model):
    _inherit = "mgmtsystem.action.stage"

    is_cancelled = fields.Boolean(
        "Cancelled",
        help="Actions in this ending stage were given up: nobody verifies or checks "
        "them, nobody is reminded, and nothing waits for them.",
    )

    @api.constrains("is_cancelled", "is_ending")
    def _check_cancelled_is_ending(self):
        for stage in self:
            if stage.is_cancelled and not stage.is_ending:
                raise ValidationError(
                    self.env._(
                        "“%s” means cancelled, so it must be an ending stage.",
                        stage.name,
                    )
                )
