from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.complaint_management.tools.redact import redact

from ..models.supplier_scar import ANSWER_KINDS

CANDIDATE_LINES = 1


class SupplierScarCreate(models.TransientModel):
    """Makes a request to a supplier from a case.

    Subject and text are proposals without the customer; a person reads and confirms
    them. Only the files chosen here are copied.
    """

    _name = "supplier.scar.create"
    _description = "Request to a Supplier from a Case"

    case_id = fields.Many2one("complaint.case", required=True, readonly=True)
    company_id = fields.Many2one(related="case_id.company_id")
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_from_case",
        store=True,
        readonly=False,
        precompute=True,
    )
    lot = fields.Char(
        "Lot or serial number",
        compute="_compute_from_case",
        store=True,
        readonly=False,
        precompute=True,
    )
    qty_complained = fields.Float(
        "Complained",
        digits="Product Unit",
        compute="_compute_from_case",
        store=True,
        readonly=False,
        precompute=True,
    )
    qty_defective = fields.Float("Found defective", digits="Product Unit")
    partner_id = fields.Many2one(
        "res.partner",
        "Supplier",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    commercial_partner_id = fields.Many2one(related="partner_id.commercial_partner_id")
    purchase_line_ids = fields.Many2many(
        "purchase.order.line",
        "supplier_scar_create_purchase_line_rel",
        string="Order lines",
        compute="_compute_purchase_line_ids",
        compute_sudo=True,
        store=True,
        readonly=False,
    )
    answer_kind = fields.Selection(
        ANSWER_KINDS, "Wanted answer", required=True, default="short"
    )
    subject = fields.Char(
        compute="_compute_subject",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    problem = fields.Text(
        "Description for the supplier",
        compute="_compute_problem",
        store=True,
        readonly=False,
        precompute=True,
    )
    available_attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files of the case",
        compute="_compute_available_attachment_ids",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "supplier_scar_create_attachment_rel",
        string="Files for the supplier",
        domain="[('id', 'in', available_attachment_ids)]",
    )
    is_text_confirmed = fields.Boolean(
        "I have read the text and the files: nothing points to the customer"
    )

    # -- proposals -----------------------------------------------------------------
    @api.depends("case_id")
    def _compute_from_case(self):
        for wizard in self:
            wizard.product_id = wizard.case_id.product_id
            wizard.lot = wizard.case_id.lot
            wizard.qty_complained = wizard.case_id.quantity

    @api.depends("product_id", "lot")
    def _compute_partner_id(self):
        for wizard in self:
            lines = wizard._find_purchase_lines()
            wizard.partner_id = lines.order_id.partner_id[:1] or wizard.partner_id

    @api.depends("product_id", "lot", "partner_id")
    def _compute_purchase_line_ids(self):
        for wizard in self:
            wizard.purchase_line_ids = wizard._find_purchase_lines(wizard.partner_id)

    def _find_purchase_lines(self, partner=None):
        """Return the order lines that the goods most likely came with: those of the
        lot if it was received under this number, else the latest of the product."""
        self.ensure_one()
        # sudo: whoever may make a request may have its order found; no price is shown
        lines_sudo = self.env["purchase.order.line"].sudo()
        if not self.product_id:
            return lines_sudo
        domain = [
            ("product_id", "=", self.product_id.id),
            ("company_id", "=", self.company_id.id),
            ("state", "=", "purchase"),
            ("qty_received", ">", 0),
        ]
        if partner:
            company = partner.commercial_partner_id
            domain.append(("order_id.partner_id", "child_of", company.id))
        if self.lot:
            by_lot = [*domain, ("move_ids.move_line_ids.lot_id.name", "=", self.lot)]
            if found := lines_sudo.search(by_lot):
                return found
        return lines_sudo.search(domain, order="id desc", limit=CANDIDATE_LINES)

    @api.depends("case_id", "product_id", "partner_id")
    def _compute_subject(self):
        """Name kind of defect and product, in the supplier's language. What the
        customer wrote as subject stays inside."""
        for wizard in self:
            lang = wizard.partner_id.lang or self.env.lang
            case = wizard.case_id.with_context(lang=lang)
            product = wizard.product_id.with_context(lang=lang)
            defect = case.error_type_id.name or case.category_id.name
            parts = filter(None, (defect, product.display_name))
            wizard.subject = ": ".join(parts)

    @api.depends("case_id", "lot")
    def _compute_problem(self):
        for wizard in self:
            product = wizard.product_id
            # sudo: what must be taken out includes what this user may not see
            identifiers = wizard.case_id.sudo()._get_customer_identifiers()
            keep = (wizard.lot, product.default_code, product.barcode)
            wizard.problem = redact(wizard.case_id.description, identifiers, keep)

    @api.depends("case_id")
    def _compute_available_attachment_ids(self):
        for wizard in self:
            wizard.available_attachment_ids = wizard._get_case_attachments()

    def _get_case_attachments(self):
        """Hook: return the files that may be chosen."""
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", "complaint.case"),
                ("res_id", "=", self.case_id.id),
                ("res_field", "=", False),
            ]
        )

    # -- buttons -------------------------------------------------------------------
    def action_create(self):
        """Make the request and open it."""
        self.ensure_one()
        self.case_id.check_access("read")
        if self.attachment_ids - self._get_case_attachments():
            raise UserError(self.env._("Choose files of %s only.", self.case_id.name))
        scar = self.env["supplier.scar"].create(self._prepare_scar_vals())
        # sudo: proposed by the system, or chosen by somebody who may read orders; the
        # constraints of the request check supplier, product and company
        scar.sudo().purchase_line_ids = self.sudo().purchase_line_ids
        scar._release_copies(self.attachment_ids)
        scar.is_text_confirmed = self.is_text_confirmed
        return {
            "type": "ir.actions.act_window",
            "res_model": scar._name,
            "res_id": scar.id,
            "view_mode": "form",
            "target": "current",
        }

    def _prepare_scar_vals(self):
        return {
            "case_id": self.case_id.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "product_id": self.product_id.id,
            "lot": self.lot,
            "qty_complained": self.qty_complained,
            "qty_defective": self.qty_defective,
            "answer_kind": self.answer_kind,
            "subject": self.subject,
            "problem": self.problem,
        }
