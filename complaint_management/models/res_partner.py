from phonenumbers import country_code_for_region

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.text_key import ascii_digits, phone_digits

CASES_SHOWN = 40
# Fewer digits or letters would find everybody.
SHORTEST_NUMBER = 3
SHORTEST_TAIL = 5
SHORTEST_REFERENCE = 4
READERS = (
    "complaint_management.complaint_group_handler,"
    "complaint_management.complaint_group_auditor"
)


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.partner.figures.mixin",
        "complaint.count.mixin",
        "res.partner",
    ]
    # Who a held complaint is from stays who it was. What else hangs on a contact is no
    # part of the complaint.
    _hold_is_host = False
    _hold_cases_sql = """
        SELECT id FROM complaint_case
         WHERE is_on_hold
           AND rec.id IN (partner_id, commercial_partner_id, subject_partner_id)
    """
    _hold_locked_fields = ("active", "name", "email", "phone", "vat", "parent_id")
    _hold_once_fields = ("email", "phone", "vat", "parent_id")

    complaint_segment_id = fields.Many2one("complaint.segment", "Customer segment")
    complaint_repeat_count = fields.Integer(
        "Number of repeated complaints", compute="_compute_complaint_counts"
    )
    complaint_repeat_rate = fields.Float(
        "Repeat rate",
        compute="_compute_complaint_counts",
        help="Share of the complaints that repeat an earlier one of this customer.",
    )
    complaint_case_ids = fields.Many2many(
        "complaint.case",
        "complaint_partner_case_rel",
        compute="_compute_complaint_case_ids",
        string="Latest complaints",
        groups=READERS,
    )

    # -- the customer view ---------------------------------------------------------
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_complaint_counts(self):
        """Count the cases of the company and all its contacts that the user may see:
        all figures of all partners with one query over the cases."""
        totals = {partner_id: [0, 0, 0, 0] for partner_id in self._ids}
        for partner, is_open, status, count, repeats in self._read_complaint_groups():
            figures = (
                count,
                count if is_open else 0,
                count if status == "late" else 0,
                repeats,
            )
            # Each partner counts for itself and its ancestors, like sales do in core.
            while partner:
                if total := totals.get(partner.id):
                    total[:] = map(sum, zip(total, figures, strict=True))
                partner = partner.parent_id
        for partner in self:
            count, opened, late, repeats = totals[partner._ids[0]]
            partner.complaint_case_count = count
            partner.complaint_open_count = opened
            partner.complaint_late_count = late
            partner.complaint_repeat_count = repeats
            partner.complaint_repeat_rate = repeats / count if count else 0.0

    def _read_complaint_groups(self):
        """Return [(partner, open, SLA, cases, repeats)] of the whole trees of self."""
        cases = self.env["complaint.case"].with_context(active_test=False)
        if not (self.ids and cases.has_access("read")):
            return []
        descendants = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", self.ids)], ["parent_id"]
        )
        return cases._read_group(
            [("partner_id", "in", descendants.ids)],
            ["partner_id", "is_open", "sla_status"],
            ["__count", "repeat_of_id:count"],
        )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_complaint_case_ids(self):
        """For the form of one partner; lists show the counts."""
        cases = self.env["complaint.case"].with_context(active_test=False)
        for partner in self:
            partner.complaint_case_ids = cases.search(
                [("partner_id", "child_of", partner.ids)],
                order="is_open desc, received_at desc, id desc",
                limit=CASES_SHOWN,
            )

    def action_open_complaint_cases(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_case_action"
        )
        action["domain"] = [("partner_id", "child_of", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action

    # -- finding a caller ------------------------------------------------------------
    @api.model
    def _search_display_name(self, operator, value):
        """Find a caller also by phone number in any notation, order or lot.

        The context key makes searching wider and gives no right: what is found and
        which cases are looked at is what the user may read.
        """
        domain = super()._search_display_name(operator, value)
        wanted = self.env.context.get("complaint_caller_search")
        text = value.strip() if isinstance(value, str) else ""
        if not (wanted and text and operator == "ilike"):
            return domain
        return (
            Domain(domain)
            | self._get_caller_number_domain(text)
            | self._get_caller_reference_domain(text)
        )

    @api.model
    def _get_caller_number_domain(self, text):
        """Return the domain of the partners whose number begins, or ends, as typed."""
        digits = phone_digits(text)
        number = digits.lstrip("+")
        if len(number) < SHORTEST_NUMBER:
            return Domain.FALSE
        starts = {f"+{number}"}
        if not digits.startswith("+"):
            # National: the zero in front of it is no part of the number abroad.
            country = self.env.company.country_id.code or ""
            if code := country_code_for_region(country):
                starts.add(f"+{code}{number.removeprefix('0')}")
        domain = Domain.OR(
            Domain("phone_sanitized", "=like", f"{start}%") for start in starts
        )
        tail = number.lstrip("0")
        if len(tail) >= SHORTEST_TAIL:
            domain |= Domain("phone_sanitized", "=like", f"%{tail}")
        return domain | Domain("phone", "ilike", ascii_digits(text))

    @api.model
    def _get_caller_reference_domain(self, text):
        """Return the domain of the partners with a case of this order or lot."""
        cases = self.env["complaint.case"].with_context(active_test=False)
        if len(text) < SHORTEST_REFERENCE or not cases.has_access("read"):
            return Domain.FALSE
        starts = {text, text.upper()}
        domain = Domain.OR(
            Domain(name, "=like", f"{start}%")
            for name in ("lot", "order_ref", "name")
            for start in starts
        )
        found = cases._search(domain & Domain("partner_id", "!=", False))
        return Domain("id", "in", found.subselect("partner_id"))

    @api.depends("phone")
    @api.depends_context("complaint_caller_search")
    def _compute_display_name(self):
        """Whoever looks for a caller sees the number beside the name."""
        result = super()._compute_display_name()
        if self.env.context.get("complaint_caller_search"):
            for partner in self.filtered("phone"):
                partner.display_name = f"{partner.display_name} · {partner.phone}"
        return result
