from odoo.http import request

from odoo.addons.mail.controllers.mail import MailController

PAGES = {"complaint.case": "/my/complaints/%d", "supplier.scar": "/my/scars/%d"}


class PortalMailController(MailController):
    @classmethod
    def _redirect_to_record(cls, model, res_id, access_token=None, **kwargs):
        """Lead customers and suppliers from a mail to their page. They have no rights
        on the record, so core would send them home; the page checks whose it is."""
        if model in PAGES and res_id and request.session.uid and request.env.user.share:
            return request.redirect(PAGES[model] % int(res_id))
        return super()._redirect_to_record(
            model, res_id, access_token=access_token, **kwargs
        )
