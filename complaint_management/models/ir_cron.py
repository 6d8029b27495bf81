from odoo import api, models


class IrCron(models.Model):
    _inherit = "ir.cron"

    @api.model
    def _wake_complaint_job(self, name, at=None):
        """Wake one of our scheduled actions, also when it was deleted.

        :param str name: what follows ``ir_cron_`` in its XML id
        :param datetime at: naive UTC, default now
        """
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
            f"complaint_management.ir_cron_{name}", raise_if_not_found=False
        )
        if cron_id:
            # sudo: any user may do what makes work for a scheduled action
            job = self.sudo().browse(cron_id)
            job.with_context(prefetch_fields=False)._trigger(at=at)
