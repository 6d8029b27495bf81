"""What the pages share: uploads, downloads, safe headers, one answer for "no"."""

from odoo.fields import Domain
from odoo.http import request
from odoo.tools import consteq, hmac, human_size

from ..tools import upload

MAX_ID = 2**31 - 1
MAX_TOTAL = 60 * 1024 * 1024
FILE_SCOPE = "complaint_portal.file"


def find_record(model, domain, record_id):
    """Return the one record (as superuser) of ``domain`` with this id, or nothing."""
    if not 0 < record_id <= MAX_ID:
        return request.env[model]
    # sudo: portal users have no rights on the model; the domain limits it to theirs
    return request.env[model].sudo().search(domain & Domain("id", "=", record_id))


def not_yours():
    """Answer the same for what isn't yours and for what isn't there."""
    return request.redirect("/my")


def harden(response, private=False):
    """Keep a page out of frames, and one with a token out of logs and indexes."""
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    if private:
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def render_page(template, values, errors=None):
    """Show a page with a form; with errors it wasn't taken in.

    :param dict errors: {field: what is wrong}
    """
    response = request.render(
        template, {"errors": errors or {}, "limits": get_upload_limits(), **values}
    )
    if errors:
        response.status_code = 422
    return harden(response)


def allows(scope, sender, limit):
    """Count one post of ``sender`` and tell whether it is within the hourly limit."""
    # sudo: nobody has rights on the counter; it is only counted up here
    throttle = request.env["complaint.portal.throttle"].sudo()
    return throttle._allows(scope, str(sender), limit)


# -- uploads ---------------------------------------------------------------------------
def get_upload_limits():
    """Return {max_mb, max_files, accept} for forms and checks."""
    # sudo: limits are shown in the form to everybody
    company = request.env.company.sudo()
    return {
        "max_mb": company.complaint_upload_max_mb,
        "max_files": company.complaint_upload_max_files,
        "accept": upload.ACCEPT,
    }


def read_uploads(field="files"):
    """Return [(name, MIME type, bytes)] of the files of a form.

    Count and sizes are checked before anything is read into memory.

    :raise UploadError: the first file that is refused
    """
    limits = get_upload_limits()
    storages = [file for file in request.httprequest.files.getlist(field) if file]
    if len(storages) > limits["max_files"]:
        raise upload.UploadError("too_many")
    total = 0
    for storage in storages:
        size = storage.stream.seek(0, 2)
        storage.stream.seek(0)
        total += size
        if size > limits["max_mb"] * 1024 * 1024:
            raise upload.UploadError("too_large", upload.clean_name(storage.filename))
    if total > MAX_TOTAL:
        raise upload.UploadError("total")
    return [_read_upload(storage) for storage in storages]


def _read_upload(storage):
    name, content = upload.clean_name(storage.filename), storage.stream.read()
    return name, upload.check(name, content), content


def explain_upload(error):
    """Return in plain words why a file was refused and what to do."""
    env, limits = request.env, get_upload_limits()
    texts = {
        "empty": env._("“%s” is empty.", error.name),
        "too_large": env._(
            "“%(name)s” is larger than %(size)s MB.",
            name=error.name,
            size=limits["max_mb"],
        ),
        "too_many": env._("Send at most %s files at once.", limits["max_files"]),
        "total": env._("The files together are larger than %s.", human_size(MAX_TOTAL)),
        "type": env._(
            "“%s” is a kind of file that we don't take. Send a photo, a video, a PDF, "
            "a text or an Office document.",
            error.name,
        ),
        "content": env._(
            "“%s” isn't what its name says. Save it again in the right format, or "
            "send it as PDF or photo.",
            error.name,
        ),
        "macro": env._(
            "“%s” contains macros. Save it without macros, or send it as PDF.",
            error.name,
        ),
    }
    again = env._("Please choose your files again.")
    return f"{texts[error.code]} {again}"


# -- downloads -------------------------------------------------------------------------
def file_token(record, file_id):
    """Return the token of one file of one record for the user who is logged in."""
    message = (record._name, record.id, file_id, request.env.uid)
    # sudo: the secret of the database signs the token, and never leaves it
    return hmac(request.env(su=True), FILE_SCOPE, message)[:40]


def with_links(record, base_url, *file_lists):
    """Add size and address to files that a template lists."""
    for files in file_lists:
        for file in files:
            token = file_token(record, file["id"])
            file["url"] = f"{base_url}/files/{file['id']}/{token}"
            file["size"] = human_size(file["size"] or 0)


def serve_file(record, attachments, file_id, token):
    """Send one of ``attachments`` as a download, or say that there is none."""
    attachment = attachments.filtered(lambda file: file.id == file_id)
    expected = file_token(record, file_id)
    if not attachment or not consteq(expected.encode(), token.encode()):
        raise request.not_found()
    stream = request.env["ir.binary"]._get_stream_from(attachment, "raw")
    response = stream.get_response(
        as_attachment=True, content_security_policy="default-src 'none'; sandbox"
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
