from odoo import api, models
from odoo.exceptions import AccessError

EVIDENCE_MODEL = "complaint.evidence"
# What makes a file another file, or takes it away from where it belongs.
LOCKED_FIELDS = {
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
}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if locked := vals.keys() & LOCKED_FIELDS:
            for file in self._get_evidence_files():
                file._refuse_evidence_change({key: vals[key] for key in locked})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        """Also for the superuser; only uninstalling takes evidence along."""
        for file in self._get_evidence_files():
            file._raise_evidence()

    def _get_evidence_files(self):
        # sudo: whether a file is evidence holds for everybody
        return self.sudo().filtered(
            lambda file: file.res_model == EVIDENCE_MODEL and file.res_id
        )

    def _refuse_evidence_change(self, vals):
        """Refuse all but the same content once more, which is how Odoo moves files
        from one store to another (``force_storage``)."""
        same = vals.keys() <= {"raw", "mimetype"} and (
            vals.get("raw") == self.raw
            and vals.get("mimetype", self.mimetype) == self.mimetype
        )
        if not same:
            self._raise_evidence()

    def _raise_evidence(self):
        raise AccessError(
            self.env._(
                "“%s” is evidence of a complaint. It can't be changed or deleted; add "
                "a new version in the complaint.",
                self.name,
            )
        )
