from odoo import http
from odoo.http import request

from ..tools.memory_throttle import MemoryThrottle
from .portal_common import harden

# Wrong links of one network, per worker: a GET must not write to the database. The
# token has 160 bits, so this only keeps the noise down.
WRONG_TOKENS = MemoryThrottle(limit=20, seconds=600)


class ComplaintTracking(http.Controller):
    """Follow a case with a link, without a login."""

    @http.route(
        "/complaint/track/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def complaint_track(self, token, **kw):
        throttle = request.env["complaint.portal.throttle"]
        sender = throttle._get_network(request.httprequest.remote_addr)
        if not WRONG_TOKENS.is_open(sender):
            return self._refuse(429)
        case_sudo = request.env["complaint.case"]._find_by_tracking_token(token)
        if not case_sudo:
            WRONG_TOKENS.hit(sender)
            return self._refuse(404)
        values = {"case": case_sudo._prepare_tracking_values()}
        response = request.render("complaint_portal.complaint_tracking_page", values)
        return harden(response, private=True)

    def _refuse(self, status):
        """Say the same for a wrong, a replaced and an expired link."""
        values = {"is_blocked": status == 429}
        response = request.render("complaint_portal.complaint_tracking_gone", values)
        response.status_code = status
        return harden(response, private=True)
