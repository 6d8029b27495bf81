import os

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.complaint_management.tools.redact import redact

ANSWER_TYPES = (
    "application/pdf",
    "application/zip",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.oasis.opendocument",
    "application/vnd.openxmlformats-officedocument",
    "image/",
    "text/plain",
    "text/csv",
    "video/",
)
# Pictures and archives that a browser could run as a page.
REFUSED_TYPES = ("image/svg",)


class SupplierScarFileMixin(models.AbstractModel):
    """Files that go to the supplier (always copies) and files that come back."""

    _name = "supplier.scar.file.mixin"
    _description = "Files of a Supplier Request"

    released_attachment_ids = fields.Many2many(
        "ir.attachment",
        "supplier_scar_released_attachment_rel",
        "scar_id",
        "attachment_id",
        "Files for the supplier",
        copy=False,
        bypass_search_access=True,
        help="The supplier sees these files and no others.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        scars = super().create(vals_list)
        scars._adopt_released_files()
        return scars

    def write(self, vals):
        result = super().write(vals)
        if "released_attachment_ids" in vals:
            self._adopt_released_files()
        return result

    def _adopt_released_files(self):
        """Take over files uploaded for a new record; refuse those of other records.

        A file of a case would bring its id, its name and its access along.
        """
        for scar in self:
            # sudo: only looks at where each file belongs, and takes over own uploads
            files_sudo = scar.released_attachment_ids.sudo()
            uploads = files_sudo.filtered(
                lambda f: (
                    f.res_model == self._name
                    and not f.res_id
                    and f.create_uid == self.env.user
                )
            )
            uploads.write({"res_id": scar.id})
            own = files_sudo.filtered(
                lambda f, scar=scar: (
                    (f.res_model, f.res_id) == (self._name, scar.id) and not f.res_field
                )
            )
            if scar.state != "draft" and (leaks := scar._find_leaks()):
                raise ValidationError(
                    self.env._(
                        "The name of a file points to the customer: %s",
                        ", ".join(f"“{leak}”" for leak in leaks),
                    )
                )
            if files_sudo - own:
                raise ValidationError(
                    self.env._(
                        "A supplier gets copies only. Upload the file to %s, or "
                        "choose it when you make the request from the case.",
                        scar.name,
                    )
                )

    def _release_copies(self, attachments):
        """Give the supplier copies of files that the user may read.

        Only name and content are copied; the name loses what points to the customer.
        """
        self.ensure_one()
        attachments.check_access("read")
        identifiers = self._get_customer_identifiers()
        copies = self.env["ir.attachment"].create(
            [
                {
                    "name": self._clean_file_name(file.name, identifiers, number),
                    "raw": file.raw,
                    "mimetype": file.mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for number, file in enumerate(attachments, start=1)
            ]
        )
        self.released_attachment_ids = [
            fields.Command.link(attachment.id) for attachment in copies
        ]
        return copies

    def _clean_file_name(self, name, identifiers, number):
        stem, extension = os.path.splitext(name or "")
        spoken = stem.replace("_", " ")
        if redact(spoken, identifiers) != spoken:
            stem = self.env._("File %s", number)
        return stem + extension

    @api.model
    def _get_file_limits(self):
        """Hook: return (bytes a file, files an answer) that a supplier may send."""
        return 20 * 1024 * 1024, 20

    @api.model
    def _check_supplier_file(self, name, content):
        """Check size and content of a file from outside; return its type."""
        largest, __ = self._get_file_limits()
        if not content:
            raise UserError(self.env._("“%s” is empty.", name))
        if len(content) > largest:
            raise UserError(
                self.env._(
                    "“%(name)s” is larger than %(size)s MB.",
                    name=name,
                    size=largest // (1024 * 1024),
                )
            )
        found = guess_mimetype(content, default="application/octet-stream")
        if found.startswith(REFUSED_TYPES) or not found.startswith(ANSWER_TYPES):
            raise UserError(
                self.env._(
                    "“%s” isn't a kind of file that is accepted here. Send a PDF, a "
                    "picture, or an office document.",
                    name,
                )
            )
        return found
