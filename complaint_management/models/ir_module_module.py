from odoo import models
from odoo.exceptions import UserError
from odoo.tools.sql import table_exists

HOLDING_MODULE = "complaint_management"


class IrModuleModule(models.Model):
    """What keeps held complaints can't be uninstalled while a hold stands."""

    _inherit = "ir.module.module"

    def write(self, vals):
        if vals.get("state") in ("to remove", "uninstalled"):
            self._check_no_legal_hold()
        return super().write(vals)

    def module_uninstall(self):
        self._check_no_legal_hold()
        return super().module_uninstall()

    def _check_no_legal_hold(self):
        """Refuse for the modules that hold complaints, and for those that would take
        them along."""
        # Uninstalling marks the module when the tables are gone already.
        if (
            not table_exists(self.env.cr, "complaint_legal_hold")
            or not self._takes_held_data()
        ):
            return
        # sudo: every hold counts, whoever wants to uninstall
        holds = self.env["complaint.legal.hold"].sudo()
        standing = holds.search([("state", "!=", "released")])
        if standing:
            raise UserError(
                self.env._(
                    "%(count)s legal holds stand, for example “%(matter)s”. As long as "
                    "they do, complaints can't be uninstalled. The legal department "
                    "can release them.",
                    count=len(standing),
                    matter=standing[0].name,
                )
            )

    def _takes_held_data(self):
        # sudo: which modules depend on which is known to the system
        kept_sudo = self.sudo().search([("name", "=", HOLDING_MODULE)])
        kept_sudo |= kept_sudo.downstream_dependencies()
        going_sudo = self.sudo() | self.sudo().downstream_dependencies()
        return bool(going_sudo & kept_sudo)
