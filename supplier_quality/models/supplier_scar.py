from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.complaint_management.tools.redact import find_identifiers, redact

ANSWER_KINDS = [
    ("short", "Short answer"),
    ("eightd", "Full 8D"),
]


class SupplierScar(models.Model):
    """A request to one supplier: find the cause and put it right.

    It holds its own text and its own files. The supplier reads this record and never
    the case behind it.
    """

    _name = "supplier.scar"
    _description = "Supplier Corrective Action Request"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.number.mixin",
        "supplier.scar.supplier.mixin",
        "supplier.scar.mail.mixin",
        "supplier.scar.file.mixin",
        "supplier.scar.flow.mixin",
        "supplier.scar.action.mixin",
        "complaint.journal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "create_date desc, id desc"
    _rec_names_search = ["name", "subject"]
    _check_company_auto = True
    _number_prefix = "SCAR"
    _hold_free_fields = (
        "state",
        "user_id",
        "date_due",
        "sent_at",
        "acknowledged_at",
        "answered_at",
        "late_rounds",
        "round",
        "is_late_alerted",
        "is_text_confirmed",
    )
    _hold_once_fields = (
        "accepted_answer_id",
        "released_attachment_ids",
        "purchase_line_ids",
    )
    _journal_fields = (
        "state",
        "partner_id",
        "user_id",
        "date_due",
        "is_text_confirmed",
        "released_attachment_ids",
    )
    _sent_fields = frozenset(
        {
            "case_id",
            "company_id",
            "partner_id",
            "subject",
            "problem",
            "product_id",
            "lot",
            "qty_complained",
            "qty_received",
            "qty_defective",
            "purchase_order_id",
            "purchase_line_ids",
            "requisition_id",
            "answer_kind",
            "is_text_confirmed",
        }
    )

    subject = fields.Char(
        required=True,
        tracking=True,
        index="trigram",
        help="The supplier reads it: name the defect, never the customer.",
    )
    problem = fields.Text(
        "Description for the supplier",
        help="The supplier reads it: nothing here may point to the customer.",
    )
    is_text_confirmed = fields.Boolean(
        "Checked: nothing points to the customer",
        copy=False,
        tracking=True,
        help="A person has read text and files before they leave the company.",
    )
    case_id = fields.Many2one(
        "complaint.case",
        "Complaint",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Internal. The supplier never sees it.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Supplier",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        ondelete="restrict",
        help="The contact who gets the mails.",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Supplier company",
        store=True,
        index=True,
    )
    product_id = fields.Many2one(
        "product.product", index="btree_not_null", check_company=True
    )
    lot = fields.Char("Lot or serial number", index="btree_not_null")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    qty_complained = fields.Float("Complained", digits="Product Unit")
    qty_received = fields.Float(
        "Received",
        digits="Product Unit",
        compute="_compute_qty_received",
        compute_sudo=True,
        store=True,
        help="Received on the chosen order lines, taken when the request is sent.",
    )
    qty_defective = fields.Float("Found defective", digits="Product Unit")
    purchase_line_ids = fields.Many2many(
        "purchase.order.line",
        "supplier_scar_purchase_line_rel",
        "scar_id",
        "purchase_line_id",
        "Order lines",
        check_company=True,
        domain="[('order_id.partner_id', 'child_of', commercial_partner_id),"
        " ('state', '=', 'purchase'), ('product_id', '!=', False)]",
    )
    purchase_order_id = fields.Many2one(
        "purchase.order",
        compute="_compute_purchase_order_id",
        compute_sudo=True,
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', 'child_of', commercial_partner_id)]",
    )
    requisition_id = fields.Many2one(
        "purchase.requisition",
        "Blanket order",
        index="btree_not_null",
        check_company=True,
        domain="[('vendor_id', 'child_of', commercial_partner_id)]",
    )
    answer_kind = fields.Selection(
        ANSWER_KINDS, "Wanted answer", required=True, default="short"
    )
    answer_ids = fields.One2many("supplier.scar.answer", "scar_id", "Answers")
    accepted_answer_id = fields.Many2one(
        "supplier.scar.answer", readonly=True, copy=False, index="btree_not_null"
    )
    root_cause = fields.Text(related="accepted_answer_id.root_cause")

    _name_company_unique = models.Constraint(
        "UNIQUE(company_id, name)", "This request number exists already."
    )
    _quantities_positive = models.Constraint(
        "CHECK(qty_complained >= 0 AND qty_defective >= 0)",
        "A quantity can't be negative.",
    )

    # -- computed fields -----------------------------------------------------------
    @api.depends("name", "subject")
    def _compute_display_name(self):
        for scar in self:
            scar.display_name = f"{scar.name} {scar.subject or ''}".strip()

    @api.depends("purchase_line_ids")
    def _compute_qty_received(self):
        """Not recomputed by later receipts: the supplier reads a fixed figure."""
        for scar in self:
            scar.qty_received = sum(
                line.product_uom_id._compute_quantity(
                    line.qty_received, line.product_id.uom_id, round=False
                )
                for line in scar.purchase_line_ids
            )

    def _take_received_quantity(self):
        # sudo: a computed figure of this record, fixed at the moment of sending
        self.sudo()._compute_qty_received()

    @api.depends("purchase_line_ids")
    def _compute_purchase_order_id(self):
        for scar in self:
            orders = scar.purchase_line_ids.order_id
            if orders:
                scar.purchase_order_id = orders if len(orders) == 1 else False

    # -- constraints ---------------------------------------------------------------
    @api.constrains("partner_id", "case_id")
    def _check_other_than_customer(self):
        for scar in self:
            # sudo: compares two ids, whoever may see the case
            customer = scar.case_id.sudo().commercial_partner_id
            if customer and customer == scar.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "The supplier of %s is the one who complains. Choose the "
                        "supplier who caused the problem.",
                        scar.name,
                    )
                )

    @api.constrains("partner_id", "product_id", "purchase_line_ids")
    def _check_purchase_lines(self):
        for scar in self:
            # sudo: whoever may make a request may have it checked against the orders
            for line in scar.sudo().purchase_line_ids:
                supplier = line.order_id.partner_id.commercial_partner_id
                if supplier != scar.commercial_partner_id:
                    raise ValidationError(
                        self.env._(
                            "Order %(order)s isn't from the supplier of %(scar)s.",
                            order=line.order_id.name,
                            scar=scar.name,
                        )
                    )
                if scar.product_id and line.product_id != scar.product_id:
                    raise ValidationError(
                        self.env._(
                            "Order %(order)s has another product on the chosen line "
                            "than %(scar)s.",
                            order=line.order_id.name,
                            scar=scar.name,
                        )
                    )

    @api.constrains("purchase_order_id", "requisition_id", "partner_id")
    def _check_orders_of_supplier(self):
        for scar in self:
            # sudo: see _check_purchase_lines
            scar_sudo = scar.sudo()
            sellers = scar_sudo.purchase_order_id.partner_id
            sellers |= scar_sudo.requisition_id.vendor_id
            if sellers.commercial_partner_id - scar.commercial_partner_id:
                raise ValidationError(
                    self.env._("%s names an order of another supplier.", scar.name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_numbered(self):
        raise UserError(
            self.env._("A numbered request is never deleted. Cancel it instead.")
        )

    # -- CRUD ----------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        scars = super().create(vals_list)
        # Whoever makes a request for a case must be able to see the case.
        scars.case_id.check_access("read")
        return scars

    def write(self, vals):
        if vals.get("case_id"):
            self.env["complaint.case"].browse(vals["case_id"]).check_access("read")
        text = {"subject", "problem", "lot", "released_attachment_ids"}
        if text & vals.keys() and "is_text_confirmed" not in vals:
            # What was read and confirmed is no longer what stands there.
            drafts = self.filtered(lambda s: s.is_text_confirmed and s.state == "draft")
            if drafts:
                drafts.is_text_confirmed = False
        return super().write(vals)

    # -- the customer stays inside -------------------------------------------------
    def _get_customer_identifiers(self):
        """Return every string that would point to the customer of the case."""
        self.ensure_one()
        # sudo: what must not leave includes what this user may not see
        return self.case_id.sudo()._get_customer_identifiers()

    def _find_leaks(self):
        """Return the parts of text and file names that point to the customer."""
        self.ensure_one()
        names = self.released_attachment_ids.mapped("name")
        texts = [self.subject, self.problem, self.lot, *names]
        identifiers = self._get_customer_identifiers()
        return find_identifiers("\n".join(filter(None, texts)), identifiers)

    def _is_supplier_following_case(self):
        self.ensure_one()
        # sudo: followers of the case are compared, not shown
        followers = self.case_id.sudo().message_partner_ids
        return self.commercial_partner_id in followers.commercial_partner_id

    def action_redact(self):
        """Take out of the text what the system recognises by itself."""
        self.check_access("write")
        for scar in self:
            identifiers = scar._get_customer_identifiers()
            keep = [scar.lot, scar.product_id.default_code, scar.product_id.barcode]
            scar.write(
                {
                    "subject": redact(scar.subject, identifiers, keep),
                    "problem": redact(scar.problem, identifiers, keep),
                }
            )

    # -- buttons -------------------------------------------------------------------
    def action_copy_root_cause(self):
        """Write the accepted root cause into the case."""
        for scar in self:
            if not (scar.case_id and scar.root_cause):
                raise UserError(
                    self.env._(
                        "%s has no accepted root cause, or no case to copy it to.",
                        scar.name,
                    )
                )
            found = f"{scar.name}: {scar.root_cause}"
            known = scar.case_id.root_cause or ""
            if found not in known:
                scar.case_id.root_cause = "\n".join(filter(None, (known, found)))
