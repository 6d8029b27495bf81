import re
from functools import lru_cache

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.base.models.res_partner import _lang_get

from .complaint_moment import format_day, format_moment

CONTACT_FIELDS = ("partner_name", "email_from", "partner_phone", "lang")
# Nothing to parse: no name, no quotes, no comment, one address.
BARE_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


@lru_cache(2048)
def _normalize(address):
    """Return the bare address, or False. A new case asks for its own twice."""
    if BARE_ADDRESS.fullmatch(address):
        return address.lower()
    return email_normalize(address, strict=False)


class ComplaintCustomerMixin(models.AbstractModel):
    """Who complains: a known customer, or just the contact data that they gave."""

    _name = "complaint.customer.mixin"
    _description = "Complainant"
    _birth_fields = ("partner_id",)

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index="btree_not_null",
        tracking=True,
        check_company=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Customer company",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    partner_name = fields.Char(
        "Contact name",
        compute="_compute_contact",
        store=True,
        readonly=False,
        precompute=True,
    )
    partner_company = fields.Char("Company name")
    email_from = fields.Char(
        "E-mail",
        compute="_compute_contact",
        store=True,
        readonly=False,
        precompute=True,
    )
    email_normalized = fields.Char(
        "Email normalized",
        compute="_compute_email_normalized",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    partner_phone = fields.Char(
        "Phone",
        compute="_compute_contact",
        store=True,
        readonly=False,
        precompute=True,
    )
    lang = fields.Selection(
        _lang_get,
        "Language",
        compute="_compute_contact",
        store=True,
        readonly=False,
        precompute=True,
        help="The customer is written to in this language.",
    )
    on_behalf_of = fields.Char(
        "On behalf of", help="The person for whom the complainant speaks."
    )
    is_anonymous = fields.Boolean("Anonymous")
    is_confidential = fields.Boolean(
        "Confidential",
        tracking=True,
        help="Only the owner and the named people see this case.",
    )
    confidential_user_ids = fields.Many2many(
        "res.users",
        "complaint_case_confidential_user_rel",
        string="People who may see it",
    )

    def _name_confidential_users(self):
        """A confidential case that nobody could see would be lost: its team leader is
        named, else the managers of the company."""
        for case in self:
            if case.is_confidential and not (
                case.user_id or case.confidential_user_ids
            ):
                # sudo: a case that somebody takes in may be one about themselves
                case.sudo().confidential_user_ids = case._get_first_confidants()

    def _get_first_confidants(self):
        """Hook: return who reads a confidential case that has no owner yet."""
        leader = self.team_id.leader_id.filtered("active")
        # sudo: whoever takes the case in need not see who the managers are
        group = self.sudo().env.ref("complaint_management.complaint_group_manager")
        managers = group._get_complaint_people(self.company_id)
        return self._filter_impartial(leader) or self._filter_impartial(managers)

    @api.model
    def _link_known_customers(self, vals_list):
        """Find customers by mail address, for a whole batch with one query."""
        wanted = {}
        for vals in vals_list:
            address = _normalize(vals.get("email_from") or "")
            if address and not vals.get("partner_id"):
                wanted.setdefault(address, []).append(vals)
        if not wanted:
            return
        # sudo: whoever may take in a complaint may have it linked to its customer
        partners = (
            self.env["res.partner"]
            .sudo()
            .search_fetch(
                [("email_normalized", "in", list(wanted))],
                ["email_normalized", "company_id"],
                order="id desc",
            )
        )
        for partner in partners:
            for vals in wanted[partner.email_normalized]:
                company_id = vals.get("company_id") or self.env.company.id
                if partner.company_id.id in (False, company_id):
                    vals["partner_id"] = partner.id

    @api.depends("partner_id")
    def _compute_contact(self):
        """Take contact data of the customer where the case has none of its own."""
        for case in self:
            partner = case.partner_id
            if not partner:
                # Computed fields have to be assigned, be it to what they are.
                for name in CONTACT_FIELDS:
                    case[name] = case[name]
                continue
            case.partner_name = partner.name or case.partner_name
            case.email_from = partner.email or case.email_from
            case.partner_phone = partner.phone or case.partner_phone
            case.lang = case.lang or partner.lang

    @api.depends("email_from")
    def _compute_email_normalized(self):
        for case in self:
            case.email_normalized = _normalize(case.email_from or "")

    def action_create_partner(self):
        """Make a contact of the one who complained."""
        self.ensure_one()
        if not self.partner_id:
            self.partner_id = self.env["res.partner"].create(
                self._prepare_partner_vals()
            )

    def _prepare_partner_vals(self):
        if not (self.partner_name or self.email_from):
            raise UserError(
                self.env._("%s has neither a name nor a mail address.", self.name)
            )
        return {
            "name": self.partner_name or self.email_from,
            "email": self.email_normalized or self.email_from,
            "phone": self.partner_phone,
            "lang": self.lang,
            "company_name": self.partner_company,
        }

    def _get_promised_moment(self, kind):
        """Return until when ``kind`` is promised, as the customer reads it: in their
        language, and in their time zone or that of the company."""
        self.ensure_one()
        # sudo: the promised moment is what the customer is told, whoever tells it
        clock = self.sudo().sla_clock_ids.filtered(
            lambda c: c.kind == kind and not c.stopped_at
        )[:1]
        if not clock:
            return ""
        tz = self.partner_id.tz or clock.calendar_id.tz or self.env.user.tz or "UTC"
        return format_moment(self._in_customer_lang().env, clock.deadline, tz)

    def _get_day_text(self, day):
        """Return a date as the customer reads it."""
        return format_day(self._in_customer_lang().env, day, self.partner_id.tz)

    def _in_customer_lang(self):
        code = self.env.context.get("complaint_lang") or self.lang
        return self.with_context(lang=code or self.env.lang)

    def _get_text_direction(self):
        """Return ``rtl`` or ``ltr``: how the customer's language is written."""
        # A letter may be written in another language than the case has.
        code = self.env.context.get("complaint_lang") or self.lang
        code = code or self.company_id.partner_id.lang or self.env.lang
        return self.env["res.lang"]._get_data(code=code).direction or "ltr"
