from odoo import models

from ..tools.rtl_print import split_parts


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _prepare_html(self, html, report_model=False):
        """Pages that say that they are right-to-left are printed so that words don't
        lie on each other. Those are our pages: others don't name a direction."""
        if b'dir="rtl"' in (html if isinstance(html, bytes) else html.encode()):
            html = split_parts(html)
        return super()._prepare_html(html, report_model)
