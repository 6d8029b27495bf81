import base64

from odoo import api, models
from odoo.exceptions import AccessError

# Only code that imports this object adds files that are searched in another way.
POSTING_SENTINEL = object()
EVIDENCE_MODEL = "complaint.evidence"
# What makes a file another file, or takes it away from where it belongs.
LOCKED_FIELDS = (
    "name",
    "raw",
    "datas",
    "db_datas",
    "store_fname",
    "checksum",
    "file_size",
    "mimetype",
    "type",
    "url",
    "public",
    "res_model",
    "res_id",
    "res_field",
    "company_id",
)


class IrAttachment(models.Model):
    """Locked files: evidence always, the files of a complaint under legal hold as long
    as it stands. Nobody changes, moves or deletes them."""

    _name = "ir.attachment"
    _inherit = ["complaint.hold.mixin", "ir.attachment"]
    _hold_locked_fields = LOCKED_FIELDS
    _hold_is_host = False
    _hold_cases_sql = """
        SELECT complaint_held(rec.res_model, rec.res_id)
        UNION ALL
        SELECT complaint_held('mail.message', link.message_id)
          FROM message_attachment_rel AS link
         WHERE link.attachment_id = rec.id
    """

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        files._search_legal_terms()
        self.env["complaint.case"]._share_new_files(files)
        return files

    def _search_legal_terms(self):
        """A file that somebody puts into a complaint may be the letter of a lawyer.
        What comes with messages is searched with them, when it is clear who wrote."""
        # A context that comes by RPC holds no such object.
        if self.env.context.get("complaint_files") is not POSTING_SENTINEL:
            # sudo: whoever adds files, what they are for decides
            files = self.sudo().filtered(
                lambda file: (
                    file.res_model == "complaint.case"
                    and file.res_id
                    and not file.res_field
                )
            )
            cases = self.env["complaint.case"]
            if files:
                cases._legal_scan_files(
                    {
                        cases.browse(case_id): of_case
                        for case_id, of_case in files.grouped("res_id").items()
                    }
                )

    def write(self, vals):
        if locked := [name for name in LOCKED_FIELDS if name in vals]:
            for file in self._get_evidence_files():
                if any(file._is_hold_change(name, vals[name]) for name in locked):
                    file._raise_evidence()
        result = super().write(vals)
        if vals.keys() & {"res_id", "res_model"}:
            self.env["complaint.case"]._share_new_files(self)
        return result

    def _is_hold_change(self, name, value):
        """The same content once more is how Odoo moves files from one store to another
        (``force_storage``)."""
        # A size asked for by the context isn't the content.
        file = self.with_context(bin_size=False)
        if name == "raw":
            content = value.encode() if isinstance(value, str) else value
            return (content or b"") != (file.raw or b"")
        if name == "datas":
            return base64.b64decode(value or b"") != (file.raw or b"")
        return super()._is_hold_change(name, value)

    @api.model
    def _get_hold_columns(self, names):
        """Moving between stores changes these; the checksum stays."""
        columns = super()._get_hold_columns(names)
        return [name for name in columns if name not in ("store_fname", "db_datas")]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        """Also for the superuser; only uninstalling takes evidence along."""
        for file in self._get_evidence_files():
            file._raise_evidence()

    def _get_evidence_files(self):
        # sudo: whether a file is evidence holds for everybody
        files = self.sudo()
        return files._get_signed_files() | files.filtered(
            lambda file: file.res_model == EVIDENCE_MODEL and file.res_id
        )

    def _get_signed_files(self):
        """Return the files of 8D disciplines that are handed in or signed off; they may
        hang on any record, but are no files of fields or of pages."""
        files = self.filtered(
            lambda file: not file.res_field and file.res_model != "ir.ui.view"
        )
        steps = self.env["complaint.eightd.step"]
        return files and files & steps._get_signed_files_of(files)

    def _raise_evidence(self):
        raise AccessError(
            self.env._(
                "“%s” is evidence of a complaint. It can't be changed or deleted; add "
                "a new version in the complaint.",
                self.name,
            )
        )
