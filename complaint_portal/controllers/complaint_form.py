from odoo import http
from odoo.http import request

from .form_data import FormData, get_form_choices, new_form_key
from .portal_common import allows, harden, render_page


def render_form(template, form=None, **values):
    """Show a complaint form, empty or with what was typed and what is wrong."""
    has_key = form and form.key
    values = {
        "values": form.values if form else {},
        "form_key": form.key if has_key else new_form_key(),
        "page_name": "complaint_new",
        **get_form_choices(),
        **values,
    }
    return render_page(template, values, form and form.errors)


class ComplaintForm(http.Controller):
    """The public form, for everybody without a login."""

    @http.route(
        "/complaint/new",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=True,
    )
    def complaint_new(self, **kw):
        if request.env.user._is_portal():
            return request.redirect("/my/complaints/new")
        return render_form("complaint_portal.complaint_form_page")

    @http.route(
        "/complaint/new",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        captcha="complaint_form",
    )
    def complaint_send(self, **post):
        form = FormData(post, is_public=True)
        item = self._take_in(form) if form.check() else None
        if not item:
            return render_form("complaint_portal.complaint_form_page", form)
        case = item.existing or item.created
        request.session["complaint_thanks"] = {
            "name": case.name,
            "url": case._get_tracking_url(),
            "is_mail_sent": case.acknowledge_state in ("queued", "sent"),
        }
        return request.redirect("/complaint/thanks")

    def _take_in(self, form):
        """Return the item of the intake, or None with the reason in the form."""
        throttle = request.env["complaint.portal.throttle"]
        sender = throttle._get_network(request.httprequest.remote_addr)
        # sudo: the limit is a setting of the company
        limit = request.env.company.sudo().complaint_form_hourly_limit
        if not allows("form", sender, limit):
            form.errors["form"] = request.env._(
                "Too many complaints came from your network in this hour. Please try "
                "again later, or call or write to us."
            )
            return None
        item = request.env["complaint.case"]._intake_from_portal(
            form.prepare_payload("web_form")
        )
        form.take_intake_errors(item.errors)
        return None if item.errors else item

    @http.route(
        "/complaint/thanks",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def complaint_thanks(self, **kw):
        values = {"thanks": request.session.get("complaint_thanks") or {}}
        response = request.render("complaint_portal.complaint_thanks_page", values)
        return harden(response, private=True)
