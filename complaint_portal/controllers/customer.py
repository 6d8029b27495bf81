from odoo import http
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import escape_psql

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..tools.upload import UploadError
from .complaint_form import render_form
from .form_data import FormData
from .portal_common import (
    allows,
    explain_upload,
    find_record,
    harden,
    not_yours,
    read_uploads,
    render_page,
    serve_file,
    with_links,
)

PAGE_SIZE = 20
MESSAGES_PER_HOUR = 60
MAX_MESSAGE = 50_000


class ComplaintCustomerPortal(CustomerPortal):
    """Pages of a customer with a login: list, case, messages, new complaint."""

    def _get_complaint_domain(self):
        return request.env["complaint.case"]._get_portal_domain(
            request.env.user.partner_id
        )

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            # sudo: portal users have no rights on cases; the domain limits it to theirs
            cases = request.env["complaint.case"].sudo()
            values["complaint_count"] = cases.search_count(self._get_complaint_domain())
        return values

    # -- list --------------------------------------------------------------------------
    def _get_complaint_sortings(self):
        return {
            "date": {
                "label": request.env._("Newest"),
                "order": "received_at desc, id desc",
            },
            "update": {
                "label": request.env._("Last step"),
                "order": "date_last_stage_update desc, id desc",
            },
            "name": {"label": request.env._("Number"), "order": "name desc, id desc"},
            "subject": {"label": request.env._("Subject"), "order": "subject, id"},
        }

    def _get_complaint_filters(self):
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "open": {
                "label": request.env._("Open"),
                "domain": Domain("is_open", "=", True),
            },
            "closed": {
                "label": request.env._("Closed"),
                "domain": Domain("is_open", "=", False),
            },
        }

    def _get_complaint_inputs(self):
        return {
            "all": {"input": "all", "label": request.env._("Search in all")},
            "name": {"input": "name", "label": request.env._("Search in number")},
            "subject": {
                "input": "subject",
                "label": request.env._("Search in subject"),
            },
        }

    def _get_complaint_search_domain(self, search, search_in):
        if not search:
            return Domain.TRUE
        names = ("name", "subject") if search_in == "all" else (search_in,)
        return Domain.OR(
            Domain(name, "ilike", escape_psql(search[:100])) for name in names
        )

    @http.route(
        ["/my/complaints", "/my/complaints/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def my_complaints(
        self, page=1, sortby="date", filterby="all", search="", search_in="all", **kw
    ):
        sortings = self._get_complaint_sortings()
        filters = self._get_complaint_filters()
        inputs = self._get_complaint_inputs()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        search_in = search_in if search_in in inputs else "all"
        domain = self._get_complaint_domain() & filters[filterby]["domain"]
        domain &= self._get_complaint_search_domain(search, search_in)
        # sudo: portal users have no rights on cases; the domain limits it to theirs
        cases_sudo = request.env["complaint.case"].sudo()
        pages = pager(
            url="/my/complaints",
            url_args={
                "sortby": sortby,
                "filterby": filterby,
                "search": search,
                "search_in": search_in,
            },
            total=cases_sudo.search_count(domain),
            page=page,
            step=PAGE_SIZE,
        )
        found = cases_sudo.search(
            domain,
            order=sortings[sortby]["order"],
            limit=PAGE_SIZE,
            offset=max(0, pages["offset"]),
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "complaint",
            "cases": found._prepare_portal_list_values(),
            "pager": pages,
            "default_url": "/my/complaints",
            "searchbar_sortings": sortings,
            "searchbar_filters": filters,
            "searchbar_inputs": inputs,
            "sortby": sortby,
            "filterby": filterby,
            "search": search,
            "search_in": search_in,
        }
        return harden(request.render("complaint_portal.my_complaints_page", values))

    # -- one case ----------------------------------------------------------------------
    def _find_case(self, case_id):
        """Return the case of a page; a merged one leads to the case that stays, if
        that is the visitor's too."""
        domain = self._get_complaint_domain()
        found = find_record("complaint.case", domain, case_id)
        target = found and found._get_customer_target()
        if not target or target == found:
            return found
        return find_record("complaint.case", domain, target.id) or found

    def _render_case(self, case_sudo, notice=None, text="", errors=None):
        case = case_sudo._prepare_portal_page_values()
        base_url = f"/my/complaints/{case_sudo.id}"
        with_links(
            case_sudo,
            base_url,
            case["files"],
            *(message["files"] for message in case["messages"]),
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "complaint",
            "case": case,
            "notice": notice,
            "text": text,
        }
        return render_page("complaint_portal.my_complaint_page", values, errors)

    @http.route(
        "/my/complaints/<int:case_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def my_complaint(self, case_id, done=None, **kw):
        case_sudo = self._find_case(case_id)
        if not case_sudo:
            return not_yours()
        return self._render_case(case_sudo, notice=done)

    @http.route(
        "/my/complaints/<int:case_id>/message",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_complaint_message(self, case_id, **post):
        case_sudo = self._find_case(case_id)
        if not case_sudo:
            return not_yours()
        text = (post.get("message") or "").replace("\x00", "").strip()
        errors, files = self._check_message(text)
        if errors:
            return self._render_case(case_sudo, text=text, errors=errors)
        case_sudo._portal_post_message(request.env.user.partner_id, text, files)
        return request.redirect(f"/my/complaints/{case_id}?done=message#messages")

    def _check_message(self, text):
        """Return ({field: error}, [(name, content)])."""
        env, errors, files = request.env, {}, []
        try:
            files = [(name, content) for name, __, content in read_uploads()]
        except UploadError as error:
            errors["files"] = explain_upload(error)
        if not (text or files or errors):
            errors["message"] = env._("Write a message, or choose a file.")
        elif len(text) > MAX_MESSAGE:
            errors["message"] = env._(
                "This is too long: please use at most %s characters.", MAX_MESSAGE
            )
        elif not errors and not allows("message", env.uid, MESSAGES_PER_HOUR):
            errors["message"] = env._(
                "You have sent very many messages. Please try again in an hour."
            )
        return errors, files

    @http.route(
        "/my/complaints/<int:case_id>/files/<int:file_id>/<string:token>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def my_complaint_file(self, case_id, file_id, token, **kw):
        case_sudo = self._find_case(case_id)
        if not case_sudo:
            raise request.not_found()
        return serve_file(case_sudo, case_sudo._get_customer_files(), file_id, token)

    # -- new complaint -----------------------------------------------------------------
    @http.route(
        "/my/complaints/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def my_complaint_new(self, **kw):
        return self._render_new()

    def _render_new(self, form=None):
        layout = self._prepare_portal_layout_values() | {"page_name": "complaint_new"}
        return render_form("complaint_portal.my_complaint_new_page", form, **layout)

    @http.route(
        "/my/complaints/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_complaint_send(self, **post):
        form = FormData(post, is_public=False)
        item = self._take_in_own(form) if form.check() else None
        if not item:
            return self._render_new(form)
        case = item.existing or item.created
        return request.redirect(f"/my/complaints/{case.id}?done=new")

    def _take_in_own(self, form):
        """Return the item of the intake, or None with the reason in the form."""
        partner = request.env.user.partner_id
        # sudo: the limit is a setting of the company
        limit = request.env.company.sudo().complaint_form_hourly_limit
        if not allows("portal", request.env.uid, limit):
            form.errors["form"] = request.env._(
                "You have sent very many complaints. Please try again in an hour."
            )
            return None
        # Who complains is known from the login, whatever the form says.
        contact = {
            "name": partner.name,
            "email": partner.email,
            "phone": partner.phone,
            "company": partner.commercial_company_name,
        }
        form.values |= {key: value or "" for key, value in contact.items()}
        item = request.env["complaint.case"]._intake_from_portal(
            form.prepare_payload("portal"), partner
        )
        form.take_intake_errors(item.errors)
        return None if item.errors else item
