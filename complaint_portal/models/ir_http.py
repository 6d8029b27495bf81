from odoo import SUPERUSER_ID, api, models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Translate the words of our scripts too."""
        return [*super()._get_translation_frontend_modules_name(), "complaint_portal"]

    @classmethod
    def _match(cls, path):
        if path.startswith("/complaint/") and not hasattr(request, "is_frontend"):
            cls._complaint_take_browser_lang()
        return super()._match(path)

    @classmethod
    def _complaint_take_browser_lang(cls):
        """Show public pages in the first language of the browser that is installed.

        Core looks at the first one only, and knows ``tr`` or ``fa`` without a country
        but not ``az``, which is what browsers in Azerbaijan send.
        """
        if request.session.uid or request.cookies.get("frontend_lang"):
            return
        env = api.Environment(request.env.cr, SUPERUSER_ID, {})
        for wanted in request.httprequest.accept_languages.values():
            lang = env["ir.http"].get_nearest_lang(wanted.replace("-", "_"))
            if lang:
                request.update_context(lang=lang)
                return
