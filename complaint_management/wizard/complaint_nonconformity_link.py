from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.text_fold import fold

# Shorter names stand in many words by chance.
SHORTEST_NAME = 3


class ComplaintNonconformityLink(models.TransientModel):
    """Links one or several cases to a nonconformity: one that is there, or a new one
    for all of them."""

    _name = "complaint.nonconformity.link"
    _description = "Link to a Nonconformity"

    case_ids = fields.Many2many(
        "complaint.case",
        string="Complaints",
        required=True,
        default=lambda self: self._default_case_ids(),
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    way = fields.Selection(
        [
            ("existing", "One that is there"),
            ("new", "A new one"),
        ],
        "Nonconformity",
        required=True,
        default="existing",
    )
    nonconformity_id = fields.Many2one(
        "mgmtsystem.nonconformity",
        "Which",
        domain="[('state', 'not in', ('done', 'cancel')),"
        " ('company_id', 'in', (False, company_id))]",
    )
    name = fields.Char("Title", compute="_compute_words", store=True, readonly=False)
    description = fields.Text(compute="_compute_words", store=True, readonly=False)

    def _default_case_ids(self):
        if self.env.context.get("active_model") == "complaint.case":
            return self.env.context.get("active_ids") or []
        return []

    @api.depends("case_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.case_ids.company_id[:1]

    @api.depends("case_ids")
    def _compute_words(self):
        for wizard in self:
            cases = wizard.case_ids._origin
            words = cases._prepare_nonconformity_words() if cases else {}
            wizard.name = words.get("name")
            wizard.description = words.get("description")

    def action_confirm(self):
        self.ensure_one()
        cases = self.case_ids
        if not cases:
            raise UserError(self.env._("Choose at least one complaint."))
        cases._check_may_link()
        cases._wait_for_nonconformity()
        if self.way == "existing":
            nonconformity = self._link()
        else:
            nonconformity = self._make()
        return {
            "type": "ir.actions.act_window",
            "res_model": nonconformity._name,
            "res_id": nonconformity.id,
            "view_mode": "form",
        }

    def _link(self):
        if not self.nonconformity_id:
            raise UserError(self.env._("Choose the nonconformity."))
        if not self.case_ids._link_nonconformity(self.nonconformity_id):
            raise UserError(
                self.env._(
                    "%s has these complaints already.", self.nonconformity_id.ref
                )
            )
        return self.nonconformity_id

    def _make(self):
        cases = self.case_ids
        if len(cases.company_id) > 1:
            raise UserError(
                self.env._(
                    "These complaints are of different companies; each needs a "
                    "nonconformity of its own."
                )
            )
        cases._check_open_for_nonconformity()
        if not (self.description or "").strip():
            raise UserError(self.env._("Describe the nonconformity."))
        self._check_names_no_customer()
        words = {"name": self.name or "", "description": self.description}
        # A case that has one already gets another one on purpose.
        return cases._create_nonconformity(
            # sudo: only whether there is one, also one that the user can't read
            words=words,
            is_another=bool(cases.sudo().nonconformity_ids),
        )

    def _check_names_no_customer(self):
        """More people read nonconformities than complaints: one of several customers
        isn't named."""
        # sudo: no name of any customer, whether the user may read it or not
        customers = self.case_ids.sudo().partner_id.commercial_partner_id
        if len(customers) < 2:
            return
        text = fold(f"{self.name or ''}\n{self.description}")
        # sudo: see above
        for name in (customers | self.case_ids.sudo().partner_id).mapped("name"):
            if len(name or "") >= SHORTEST_NAME and fold(name) in text:
                raise UserError(
                    self.env._(
                        "The text names “%s”. A nonconformity of several customers "
                        "names none of them; the complaints do.",
                        name,
                    )
                )
