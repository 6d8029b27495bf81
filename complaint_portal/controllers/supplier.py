from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.supplier_scar import TEXT_FIELDS, WAITING_STATES
from ..tools.upload import UploadError
from .portal_common import (
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
MAX_TEXT = 20_000


class SupplierPortal(CustomerPortal):
    """Pages of a supplier: requests for corrective action, and the answer to them."""

    def _get_scar_domain(self):
        partner = request.env.user.partner_id
        return Domain(request.env["supplier.scar"]._get_supplier_domain(partner))

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        wanted = {"scar_count", "scar_waiting_count"} & set(counters)
        if not wanted:
            return values
        # sudo: suppliers have no rights on requests; the domain limits it to theirs
        scars = request.env["supplier.scar"].sudo()
        domain = self._get_scar_domain()
        if "scar_count" in wanted:
            values["scar_count"] = scars.search_count(domain)
        if "scar_waiting_count" in wanted:
            waiting = domain & Domain("state", "in", WAITING_STATES)
            values["scar_waiting_count"] = scars.search_count(waiting)
        return values

    @http.route(
        ["/my/scars", "/my/scars/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def my_scars(self, page=1, **kw):
        # sudo: suppliers have no rights on requests; the domain limits it to theirs
        scars_sudo = request.env["supplier.scar"].sudo()
        domain = self._get_scar_domain()
        pages = pager(
            url="/my/scars",
            total=scars_sudo.search_count(domain),
            page=page,
            step=PAGE_SIZE,
        )
        found = scars_sudo._search_for_supplier(
            domain, limit=PAGE_SIZE, offset=max(0, pages["offset"])
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "scar",
            "scars": found._prepare_supplier_list_values(),
            "pager": pages,
            "default_url": "/my/scars",
        }
        return harden(request.render("complaint_portal.my_scars_page", values))

    # -- one request -------------------------------------------------------------------
    def _find_scar(self, scar_id):
        return find_record("supplier.scar", self._get_scar_domain(), scar_id)

    def _render_scar(self, scar_sudo, notice=None, form=None, errors=None):
        scar = scar_sudo._prepare_supplier_page_values()
        scar["form"] |= form or {}
        with_links(
            scar_sudo,
            f"/my/scars/{scar_sudo.id}",
            scar["files"],
            scar["draft_files"],
            *(answer["files"] for answer in scar["answers"]),
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "scar",
            "scar": scar,
            "notice": notice,
        }
        return render_page("complaint_portal.my_scar_page", values, errors)

    @http.route(
        "/my/scars/<int:scar_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def my_scar(self, scar_id, done=None, **kw):
        scar_sudo = self._find_scar(scar_id)
        if not scar_sudo:
            return not_yours()
        return self._render_scar(scar_sudo, notice=done)

    @http.route(
        "/my/scars/<int:scar_id>/acknowledge",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_scar_acknowledge(self, scar_id, **post):
        scar_sudo = self._find_scar(scar_id)
        if not scar_sudo:
            return not_yours()
        try:
            with request.env.cr.savepoint():
                scar_sudo._supplier_acknowledge(request.env.user)
        except UserError as error:
            return self._render_scar(scar_sudo, errors={"form": str(error)})
        return request.redirect(f"/my/scars/{scar_id}?done=acknowledged")

    @http.route(
        "/my/scars/<int:scar_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_scar_answer(self, scar_id, **post):
        scar_sudo = self._find_scar(scar_id)
        if not scar_sudo:
            return not_yours()
        form = self._read_answer(post)
        errors = self._check_answer(form)
        is_submit = post.get("action") == "submit"
        errors = errors or self._store_answer(scar_sudo, form, is_submit)
        if errors:
            return self._render_scar(scar_sudo, form=form, errors=errors)
        done = "submitted" if is_submit else "saved"
        return request.redirect(f"/my/scars/{scar_id}?done={done}")

    def _read_answer(self, post):
        """Return the fields that a supplier writes; whatever else was sent is left."""
        form = {
            name: str(post.get(name) or "").replace("\x00", "").strip()
            for name in TEXT_FIELDS
        }
        form["is_not_responsible"] = bool(post.get("is_not_responsible"))
        return form

    def _check_answer(self, form):
        return {
            name: request.env._(
                "This is too long: please use at most %s characters.", MAX_TEXT
            )
            for name in TEXT_FIELDS
            if len(form[name]) > MAX_TEXT
        }

    def _store_answer(self, scar_sudo, form, is_submit):
        """Save, add files, hand in; return {field: error}. What was saved stays saved
        when handing in is refused."""
        user, where = request.env.user, "form"
        try:
            with request.env.cr.savepoint():
                scar_sudo._supplier_save_draft(user, form)
            where = "files"
            files = [(name, content) for name, __, content in read_uploads()]
            if files:
                with request.env.cr.savepoint():
                    scar_sudo._supplier_add_files(user, files)
            where = "form"
            if is_submit:
                with request.env.cr.savepoint():
                    scar_sudo._supplier_submit(user)
        except UploadError as error:
            return {"files": explain_upload(error)}
        except UserError as error:
            return {where: str(error)}
        return {}

    @http.route(
        "/my/scars/<int:scar_id>/files/<int:file_id>/<string:token>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def my_scar_file(self, scar_id, file_id, token, **kw):
        scar_sudo = self._find_scar(scar_id)
        if not scar_sudo:
            raise request.not_found()
        return serve_file(scar_sudo, scar_sudo._get_supplier_files(), file_id, token)
