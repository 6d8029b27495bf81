from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _lang_get


class ComplaintAssignmentRule(models.Model):
    """Who of a team gets which cases. The first rule that fits wins; a rule whose
    person is away, or is the subject of the case, is passed over."""

    _name = "complaint.assignment.rule"
    _description = "Assignment Rule"
    _inherit = ["complaint.condition.mixin"]
    _order = "team_id, sequence, id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    team_id = fields.Many2one(
        "complaint.team", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="team_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users",
        "Goes to",
        required=True,
        check_company=True,
        domain="[('share', '=', False)]",
    )
    category_ids = fields.Many2many(
        "complaint.category",
        string="Categories",
        check_company=True,
        help="Sub-categories count too. Empty: any.",
    )
    product_category_ids = fields.Many2many(
        "product.category",
        string="Product categories",
        help="Sub-categories count too. Empty: any.",
    )
    lang = fields.Selection(
        _lang_get, "Customer's language", help="Empty: any language."
    )
    country_ids = fields.Many2many(
        "res.country", string="Customer's country", help="Empty: any."
    )
    state_ids = fields.Many2many(
        "res.country.state", string="Customer's region", help="Empty: any."
    )

    @api.depends("team_id.name", "user_id.name")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = f"{rule.team_id.name}: {rule.user_id.name}"

    @api.constrains("user_id", "team_id")
    def _check_is_member(self):
        for rule in self:
            if rule.user_id not in rule.team_id.member_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s is no member of %(team)s and gets no cases there.",
                        user=rule.user_id.name,
                        team=rule.team_id.name,
                    )
                )

    def _fits(self, case):
        """Tell whether a case is one of this rule."""
        self.ensure_one()
        category = case.category_id
        product_path = case.product_id.categ_id.parent_path or ""
        products = {int(part) for part in product_path.split("/") if part}
        partner = case.partner_id
        return (
            (
                not self.category_ids
                or bool({*category._get_ancestor_ids()} & {*self.category_ids.ids})
                if category
                else not self.category_ids
            )
            and (
                not self.product_category_ids
                or bool(products & {*self.product_category_ids.ids})
            )
            and self.lang in (False, case.lang)
            and (not self.country_ids or partner.country_id in self.country_ids)
            and (not self.state_ids or partner.state_id in self.state_ids)
            and bool(self._filter_by_domain(self.domain, case))
        )
