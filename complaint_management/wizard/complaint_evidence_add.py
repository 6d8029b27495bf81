from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.complaint_evidence import EVIDENCE_KINDS


class ComplaintEvidenceAdd(models.TransientModel):
    """Adds files to a case, from a computer, a phone's camera or the conversation."""

    _name = "complaint.evidence.add"
    _description = "Add Evidence"

    case_id = fields.Many2one("complaint.case", required=True)
    replaces_id = fields.Many2one("complaint.evidence", "New version of")
    kind = fields.Selection(
        EVIDENCE_KINDS,
        "Type",
        required=True,
        compute="_compute_from_replaced",
        precompute=True,
        store=True,
        readonly=False,
    )
    name = fields.Char(
        "What it shows",
        compute="_compute_from_replaced",
        precompute=True,
        store=True,
        readonly=False,
        help="Empty: the name of the file.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "complaint_evidence_add_upload_rel",
        string="Files",
        help="On a phone you can take a photo.",
    )
    existing_ids = fields.Many2many(
        "ir.attachment",
        "complaint_evidence_add_existing_rel",
        string="Files of the conversation",
        domain="[('res_model', '=', 'complaint.case'), ('res_id', '=', case_id)]",
    )
    is_customer_visible = fields.Boolean("Show to the customer")

    @api.depends("replaces_id")
    def _compute_from_replaced(self):
        for wizard in self:
            wizard.kind = wizard.replaces_id.kind or wizard.kind or "photo"
            wizard.name = wizard.replaces_id.name or wizard.name

    def action_add(self):
        self.ensure_one()
        sources = self.attachment_ids | self.existing_ids
        sources.check_access("read")
        files = [(file.name, file.raw) for file in sources]
        values = {
            "kind": self.kind,
            "is_customer_visible": self.is_customer_visible,
            **({"name": self.name} if self.name else {}),
        }
        if not files:
            raise UserError(self.env._("Choose at least one file."))
        if self.replaces_id:
            if len(files) > 1:
                raise UserError(self.env._("One file replaces one file."))
            self.replaces_id._replace(*files[0], **values)
        else:
            self.env["complaint.evidence"]._add(self.case_id, files, **values)
        self._drop_uploads()

    def _drop_uploads(self):
        """The evidence has files of its own; what was uploaded for it is in the way."""
        # sudo: only uploads of this form, which belong to the user who made them
        self.attachment_ids.sudo().filtered(
            lambda file: (
                file.res_model == self._name
                and not file.res_id
                and file.create_uid == self.env.user
            )
        ).unlink()
