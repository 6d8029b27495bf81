from odoo import api, fields, models, tools

SCOPE_FIELDS = ("partner_id", "product_id", "lot", "date_from", "date_to")


class ComplaintHoldScopeMixin(models.AbstractModel):
    """Which complaints a hold covers beside the chosen ones: of a customer, a product,
    a lot, a period. All that is filled in has to fit. New ones join by themselves."""

    _name = "complaint.hold.scope.mixin"
    _description = "Scope of a Legal Hold"
    _journal_fields = SCOPE_FIELDS
    _fixed_fields = SCOPE_FIELDS

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="All complaints of this customer, its company and its contacts, also "
        "those that come later.",
    )
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="All complaints about this product, also those that come later.",
    )
    lot = fields.Char("Lot or serial number", help="Also complaints that come later.")
    date_from = fields.Date("Received from")
    date_to = fields.Date("Received until")
    has_scope = fields.Boolean("Catches new complaints", compute="_compute_has_scope")

    _period = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "The period ends before it begins.",
    )

    @api.depends(*SCOPE_FIELDS)
    def _compute_has_scope(self):
        for hold in self:
            hold.has_scope = any(hold[name] for name in SCOPE_FIELDS)

    def _search_scope(self):
        """Return the cases that are there and fit."""
        self.ensure_one()
        domain = [("company_id", "=", self.company_id.id)]
        if family := self.partner_id.commercial_partner_id:
            domain.append(("commercial_partner_id", "=", family.id))
        if self.product_id:
            domain.append(("product_id", "=", self.product_id.id))
        if self.lot:
            domain.append(("lot", "=", self.lot.strip()))
        if self.date_from:
            domain.append(("received_at", ">=", self.date_from))
        if self.date_to:
            end = fields.Date.add(self.date_to, days=1)
            domain.append(("received_at", "<", end))
        # sudo: a hold covers what fits, confidential cases too
        cases = self.env["complaint.case"].sudo().with_context(active_test=False)
        return cases.search(domain)

    @api.model
    def _catch(self, cases):
        """Put new or changed cases under the holds that they fit."""
        for hold_id, *scope in self._get_scopes():
            # sudo: a hold covers what fits, whoever takes it in
            fitting = cases.sudo().filtered(
                lambda case, scope=scope: self._is_in_scope(case, *scope)
            )
            if fitting:
                # sudo: who takes in a case need not know of holds
                self.sudo().browse(hold_id)._hold_cases(fitting)

    @api.model
    def _is_in_scope(self, case, company, family, product, lot, start, end):
        received = case.received_at.date()
        return (
            case.company_id.id == company
            and (not family or case.commercial_partner_id.id == family)
            and (not product or case.product_id.id == product)
            and (not lot or (case.lot or "").strip() == lot)
            and (not start or received >= start)
            and (not end or received <= end)
        )

    @api.model
    @tools.ormcache(cache="stable")
    def _get_scopes(self):
        """Return the scopes of the holds that catch new cases."""
        # sudo: see _catch
        holds = self.sudo().search([("state", "!=", "released")])
        return tuple(
            (
                hold.id,
                hold.company_id.id,
                hold.partner_id.commercial_partner_id.id,
                hold.product_id.id,
                (hold.lot or "").strip(),
                hold.date_from,
                hold.date_to,
            )
            for hold in holds
            if hold.has_scope
        )
