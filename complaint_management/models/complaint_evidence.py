import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.mimetypes import guess_mimetype

from .complaint_legal_scan_mixin import SPOKEN_EVIDENCE
from .complaint_moment import format_moment
from .complaint_stage import PHASES

EVIDENCE_KINDS = [
    ("photo", "Photo or video"),
    ("document", "Document"),
    ("measurement", "Measurement"),
    ("test_report", "Test report"),
    ("mail", "Mail or letter"),
    ("call_note", "Note of a call"),
    ("other", "Something else"),
]
MAX_BYTES = 64 * 1024 * 1024
# What a browser or a computer would run instead of showing.
REFUSED_TYPES = (
    "application/x-dosexec",
    "application/x-msdownload",
    "application/x-executable",
    "application/x-sharedlib",
    "application/x-sh",
    "application/javascript",
    "text/javascript",
)
REFUSED_BEGINNINGS = (b"MZ", b"\x7fELF", b"#!")
REFUSED_ENDINGS = (".exe", ".dll", ".bat", ".cmd", ".com", ".msi", ".scr", ".vbs")
CHECK_BATCH = 200


class ComplaintEvidence(models.Model):
    """One file that proves something about a case: who added it, when, in which step,
    and the SHA-256 of its content.

    Nothing of that changes later, whoever asks. A better file is a new version; the
    old one stays readable. The file itself is locked in ``ir.attachment``.
    """

    _name = "complaint.evidence"
    _description = "Evidence"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.guard.mixin",
        "complaint.case.part.mixin",
    ]
    _hold_free_fields = ("is_customer_visible", "checked_at", "is_broken")
    _hold_once_fields = ("attachment_id", "replaced_by_id")
    _order = "id desc"
    # Written by :meth:`_add` and :meth:`_replace` only.
    _guarded_fields = (
        "case_id",
        "name",
        "kind",
        "attachment_id",
        "checksum",
        "phase",
        "added_by_id",
        "added_at",
        "version",
        "replaced_by_id",
        "checked_at",
        "is_broken",
    )
    # Merging cases may move a line to another case; these never change, not even for
    # the superuser, once they have a value.
    _frozen_fields = (
        "name",
        "kind",
        "attachment_id",
        "checksum",
        "phase",
        "added_by_id",
        "added_at",
        "version",
        "replaced_by_id",
    )

    name = fields.Char("What it shows", required=True)
    kind = fields.Selection(EVIDENCE_KINDS, "Type", required=True, default="document")
    phase = fields.Selection(PHASES, "Step", required=True, readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", "File", readonly=True, ondelete="restrict"
    )
    file_name = fields.Char(related="attachment_id.name", string="File name")
    file = fields.Binary(related="attachment_id.datas", string="Content")
    mimetype = fields.Char(related="attachment_id.mimetype", string="Format")
    is_image = fields.Boolean(compute="_compute_is_image")
    file_size = fields.Integer(related="attachment_id.file_size", string="Size (bytes)")
    checksum = fields.Char("SHA-256", readonly=True)
    added_by_id = fields.Many2one("res.users", "Added by", readonly=True, required=True)
    added_at = fields.Datetime("Added on", readonly=True, required=True)
    version = fields.Integer(readonly=True, required=True, default=1)
    replaced_by_id = fields.Many2one(
        "complaint.evidence",
        "Replaced by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    replaces_ids = fields.One2many(
        "complaint.evidence", "replaced_by_id", "Earlier version", readonly=True
    )
    is_customer_visible = fields.Boolean(
        "Shown to the customer",
        help="The customer can see this file on the page of their complaint.",
    )
    checked_at = fields.Datetime("Hash checked on", readonly=True, index=True)
    is_broken = fields.Boolean(
        "Hash differs",
        readonly=True,
        help="The stored file isn't the one that was added.",
    )

    # -- adding ------------------------------------------------------------------
    @api.model
    def _add(self, case, files, **values):
        """Add files to a case, as the present user.

        :param case: one complaint.case that the user may change
        :param list files: [(file name, content as bytes)]
        :param values: ``name``, ``kind``, ``is_customer_visible``
        :return: one line a file
        """
        case.ensure_one()
        # sudo: a colleague's own right counts, also where code calls as superuser
        self.sudo(False).check_access("write")
        case._check_may_work()
        for file_name, content in files:
            self._check_content(file_name, content)
        # sudo: guarded fields and locked files; the rights were checked above
        lines_sudo = self.sudo().create(
            [
                self._prepare_evidence_vals(case, file_name, content, values)
                for file_name, content in files
            ]
        )
        lines_sudo._attach(files)
        lines = lines_sudo.with_env(self.env)
        lines._journal_on_case("evidence_added")
        if lines[:1].kind in SPOKEN_EVIDENCE:
            case._legal_scan_files({case: lines_sudo.attachment_id})
        return lines

    @api.model
    def _prepare_evidence_vals(self, case, file_name, content, values):
        return {
            "kind": "document",
            **values,
            "name": values.get("name") or file_name,
            "case_id": case.id,
            "phase": case.phase,
            "checksum": hashlib.sha256(content).hexdigest(),
            "added_by_id": self.env.uid,
            "added_at": fields.Datetime.now(),
        }

    def _attach(self, files):
        """Store [(name, content)], the files of new lines (superuser records)."""
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": file_name,
                    "raw": content,
                    "res_model": self._name,
                    "res_id": line.id,
                }
                for line, (file_name, content) in zip(self, files, strict=True)
            ]
        )
        for line, attachment in zip(self, attachments, strict=True):
            line.attachment_id = attachment

    @api.model
    def _check_content(self, file_name, content):
        if not content:
            raise UserError(self.env._("The file “%s” is empty.", file_name))
        if len(content) > MAX_BYTES:
            raise UserError(
                self.env._(
                    "The file “%(name)s” has more than %(limit)s MB.",
                    name=file_name,
                    limit=MAX_BYTES // 1024 // 1024,
                )
            )
        # What it is counts, not what it is called.
        if (
            guess_mimetype(content) in REFUSED_TYPES
            or content.startswith(REFUSED_BEGINNINGS)
            or file_name.lower().endswith(REFUSED_ENDINGS)
        ):
            raise UserError(
                self.env._("“%s” is a program. Programs are no evidence.", file_name)
            )

    def _replace(self, file_name, content, **values):
        """Add a better file; the present one stays as the version before.

        :return: the new line
        """
        self.ensure_one()
        if self.replaced_by_id:
            raise UserError(
                self.env._("“%s” has been replaced already.", self.display_name)
            )
        values = {"name": self.name, "kind": self.kind} | values
        new = self._add(
            self.case_id, [(file_name, content)], version=self.version + 1, **values
        )
        # sudo: guarded; the right to add to the case was checked
        self.sudo().replaced_by_id = new
        return new

    # -- CRUD --------------------------------------------------------------------
    def write(self, vals):
        for line in self:
            changed = [
                name
                for name in self._frozen_fields
                if name in vals
                and line[name]
                and line._fields[name].convert_to_write(line[name], line) != vals[name]
            ]
            if changed:
                raise AccessError(
                    self.env._(
                        "Evidence never changes: add a new version of “%s” instead.",
                        line.display_name,
                    )
                )
        shown = "is_customer_visible" in vals
        result = super().write(vals)
        if shown:
            event = "evidence_shown" if vals["is_customer_visible"] else "evidence_hid"
            self._journal_on_case(event)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("Evidence is never deleted."))

    def copy_data(self, default=None):
        raise UserError(self.env._("Evidence isn't copied: add the file again."))

    def _journal_on_case(self, event):
        """One entry a case, which names each file and its hash."""
        for case, lines in self.grouped("case_id").items():
            note = "; ".join(
                f"{line.name} v{line.version} SHA-256 {line.checksum}" for line in lines
            )
            case._journal_log(event, note=note)

    # -- proof -------------------------------------------------------------------
    def action_check_hash(self):
        """Compare the stored files with what was added, and say so."""
        self.check_access("read")
        # sudo: the date of the check is guarded; reading was checked above
        broken = self.sudo()._check_hashes()
        names = ", ".join(broken.mapped("name"))
        text = self.env._("Unchanged since it was added.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if broken else "success",
                "message": broken and self.env._("Changed: %s", names) or text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_hashes(self):
        """Return the lines whose file isn't what was added; tell about new ones."""
        broken = self.filtered(
            lambda line: (
                hashlib.sha256(line.attachment_id.raw or b"").hexdigest()
                != line.checksum
            )
        )
        fresh = broken.filtered(lambda line: not line.is_broken)
        (self - broken).filtered("is_broken").is_broken = False
        self.checked_at = fields.Datetime.now()
        fresh.is_broken = True
        fresh._journal_on_case("evidence_broken")
        for case in fresh.case_id:
            case._alert_broken_evidence()
        return broken

    @api.model
    def _cron_check_hashes(self):
        """Check what wasn't checked for longest, a batch each run."""
        lines = self.search([], order="checked_at NULLS FIRST, id", limit=CHECK_BATCH)
        lines._check_hashes()

    @api.depends("mimetype")
    def _compute_is_image(self):
        for line in self:
            line.is_image = (line.mimetype or "").startswith("image/")

    @api.depends("name", "version", "added_at")
    def _compute_display_name(self):
        for line in self:
            moment = format_moment(self.env, line.added_at)
            line.display_name = f"{line.name} v{line.version} ({moment})"

    # -- buttons -----------------------------------------------------------------
    def action_download(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=1",
            "target": "self",
        }

    def action_replace(self):
        self.ensure_one()
        return self.case_id._open_evidence_form(default_replaces_id=self.id)
