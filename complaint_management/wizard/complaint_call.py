from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_partner import _lang_get

from ..models.complaint_case import REMEDIES
from ..models.complaint_phone_mixin import COMPLAINANT_KINDS, SPOKEN_KINDS
from ..models.complaint_similar_mixin import SIMILAR_SHOWN
from ..models.complaint_triage_mixin import PRIORITIES

RECENT_SHOWN = 8
# Written on the case as they stand here.
COPIED_FIELDS = (
    "partner_name",
    "partner_company",
    "partner_phone",
    "email_from",
    "lang",
    "complainant_kind",
    "on_behalf_of",
    "is_anonymous",
    "is_confidential",
    "subject",
    "description",
    "lot",
    "quantity",
    "order_ref",
    "remedy",
    "received_at",
    "received_reason",
)
LINKED_FIELDS = (
    "channel_id",
    "partner_id",
    "product_id",
    "category_id",
    "error_type_id",
    "team_id",
)


class ComplaintCall(models.TransientModel):
    """One screen for somebody who calls or stands at the counter.

    It is no case before it is finished: no number is used up by a call that breaks
    off. ``case_id`` says that it was finished, so that a second click makes no second
    case.
    """

    _name = "complaint.call"
    _description = "New Call"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    channel_id = fields.Many2one(
        "complaint.channel",
        "Came by",
        domain=[("kind", "in", SPOKEN_KINDS)],
        default=lambda self: self._default_channel_id(),
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Caller",
        help="Type a phone number in any notation, a name, a mail address, an order "
        "number or a lot.",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer company"
    )
    partner_name = fields.Char(
        "Name", compute="_compute_contact", store=True, readonly=False
    )
    partner_company = fields.Char("Company name")
    partner_phone = fields.Char(
        "Phone", compute="_compute_contact", store=True, readonly=False
    )
    email_from = fields.Char(
        "E-mail", compute="_compute_contact", store=True, readonly=False
    )
    lang = fields.Selection(
        _lang_get, "Language", compute="_compute_contact", store=True, readonly=False
    )
    complainant_kind = fields.Selection(
        COMPLAINANT_KINDS, "Who complains", required=True, default="customer"
    )
    on_behalf_of = fields.Char("On behalf of")
    is_anonymous = fields.Boolean("Wants to stay anonymous")
    is_confidential = fields.Boolean("Confidential")
    subject = fields.Char("In short")
    description = fields.Text("In the customer's words")
    product_id = fields.Many2one("product.product")
    lot = fields.Char("Lot or serial number")
    quantity = fields.Float("Quantity complained", digits="Product Unit")
    order_ref = fields.Char("Order reference")
    category_id = fields.Many2one("complaint.category")
    error_type_id = fields.Many2one("complaint.error.type")
    remedy = fields.Selection(REMEDIES, "What the customer wants")
    priority = fields.Selection(PRIORITIES)
    team_id = fields.Many2one("complaint.team", default=lambda s: s._default_team_id())
    received_at = fields.Datetime(
        "Received at", required=True, default=fields.Datetime.now
    )
    started_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    received_reason = fields.Char("Why received earlier")
    is_told = fields.Boolean(
        "I tell the caller the number now",
        default=True,
        help="This is the acknowledgement of the complaint. Untick it when somebody "
        "has to call back.",
    )
    recent_case_ids = fields.Many2many(
        "complaint.case",
        "complaint_call_recent_rel",
        compute="_compute_recent_case_ids",
        string="Latest complaints of this customer",
    )
    similar_case_ids = fields.Many2many(
        "complaint.case",
        "complaint_call_similar_rel",
        compute="_compute_similar_case_ids",
        string="Similar complaints",
    )
    existing_case_id = fields.Many2one(
        "complaint.case",
        "Add to an open complaint",
        domain="[('is_open', '=', True), ('company_id', '=', company_id), "
        "('commercial_partner_id', '=?', commercial_partner_id)]",
        help="The caller asks about a complaint that is here: the words become a note "
        "on it, and no new complaint is opened.",
    )
    case_id = fields.Many2one("complaint.case", readonly=True)

    # -- defaults and computed fields ---------------------------------------------
    def _default_channel_id(self):
        return self.env["complaint.channel"].search([("code", "=", "phone")], limit=1)

    def _default_team_id(self):
        return self.env["complaint.team"]._get_default_team(self.env.company)

    @api.depends("subject")
    def _compute_display_name(self):
        for call in self:
            call.display_name = call.subject or self.env._("New call")

    @api.depends("partner_id")
    def _compute_contact(self):
        """Take over what is known of the caller; what was typed in stays otherwise."""
        for call in self:
            partner = call.partner_id
            call.partner_name = partner.name or call.partner_name
            call.partner_phone = partner.phone or call.partner_phone
            call.email_from = partner.email or call.email_from
            call.lang = partner.lang or call.lang

    @api.depends("partner_id")
    def _compute_recent_case_ids(self):
        cases = self.env["complaint.case"]
        for call in self:
            customer = call.partner_id.commercial_partner_id._origin
            domain = [("commercial_partner_id", "=", customer.id)]
            call.recent_case_ids = (
                cases.search(
                    domain, order="received_at desc, id desc", limit=RECENT_SHOWN
                )
                if customer
                else cases
            )

    @api.depends("partner_id", "product_id", "lot", "error_type_id", "subject")
    def _compute_similar_case_ids(self):
        cases = self.env["complaint.case"]
        for call in self:
            found = cases._search_similar(call._get_likeness(), SIMILAR_SHOWN)
            call.similar_case_ids = found - call.recent_case_ids

    def _get_likeness(self):
        """Hook: see ``_get_likeness`` of the case."""
        return self.env["complaint.case"]._get_likeness_of(self)

    # -- buttons ------------------------------------------------------------------
    def action_open_case(self):
        """Finish the call and show its case."""
        return self._finish().action_open_case()

    def action_next_call(self):
        """Finish the call and get ready for the next one."""
        case = self._finish()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_call_action"
        )
        # A day has a hundred calls: they don't pile up in the breadcrumbs.
        action["target"] = "main"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Saved: %s", case.display_name),
                "next": action,
            },
        }

    def action_start_anew(self):
        """Forget what was typed in."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_call_action"
        )

    def _finish(self):
        """Return the case that comes of this call, made once."""
        self.ensure_one()
        # A second click waits here and then finds the case of the first one.
        self.lock_for_update()
        self.invalidate_recordset(["case_id"])
        if not self.case_id:
            self._check_complete()
            if self.existing_case_id:
                self.case_id = self._add_to_existing()
            else:
                self.case_id = self._create_case()
        return self.case_id

    def _check_complete(self):
        if self.existing_case_id:
            if not (self.description or self.subject):
                raise UserError(self.env._("Write down what the caller says."))
            return
        if not (self.subject or "").strip():
            raise UserError(self.env._("Write in short what the complaint is about."))
        known = self.partner_id or self.partner_name or self.email_from
        if not (known or self.partner_phone or self.is_anonymous):
            raise UserError(
                self.env._(
                    "Who complains? Write down a name, a phone number or a mail "
                    "address, or tick “Wants to stay anonymous”."
                )
            )

    def _create_case(self):
        case = self.env["complaint.case"].create(self._prepare_case_vals())
        if self.is_told and case.is_acknowledge_due:
            way = "in_person" if self.channel_id.kind == "in_person" else "phone"
            if self.channel_id.kind in ("phone", "in_person"):
                case._register_acknowledgement(way)
        return case

    def _prepare_case_vals(self):
        """Return the values of the case. An empty field isn't written, so that the
        case finds its own default."""
        vals = {name: self[name] for name in COPIED_FIELDS if self[name]}
        vals |= {name: self[name].id for name in LINKED_FIELDS if self[name]}
        if self.priority:
            vals["priority"] = self.priority
        if not self.received_reason and self._is_received_now():
            # Listening to somebody takes more than the minutes that need no reason.
            vals["received_reason"] = self.env._("Written down while the caller spoke")
        if self.is_anonymous:
            for name in ("partner_id", "partner_name", "partner_company"):
                vals.pop(name, None)
        return {**vals, "company_id": self.company_id.id}

    def _is_received_now(self):
        """Tell whether the time of receipt is that at which the screen was opened."""
        return abs((self.received_at - self.started_at).total_seconds()) < 60

    def _add_to_existing(self):
        """Note the call on a case that is here."""
        case = self.existing_case_id
        case.check_access("write")
        if not case.is_open:
            raise UserError(
                self.env._("%s has ended. Open a new complaint.", case.display_name)
            )
        note = case.message_post(
            body=self._get_note(),
            subtype_xmlid="mail.mt_note",
        )
        case._legal_scan_note(note)
        case._journal_log("call_added", note=self.subject or "")
        return case

    def _get_note(self):
        """Return what the caller said, as the text of a note."""
        caller = self.partner_id.display_name or self.partner_name or self.email_from
        head = self.env._(
            "%(channel)s: %(caller)s, %(phone)s",
            channel=self.channel_id.name or self.env._("Call"),
            caller=caller or self.env._("unknown caller"),
            phone=self.partner_phone or self.env._("no number"),
        )
        lines = [head, self.subject or "", *(self.description or "").splitlines()]
        return Markup("<br/>").join(line for line in lines if line.strip())

    @api.onchange("existing_case_id")
    def _onchange_existing_case_id(self):
        """The caller is the customer of the chosen case, until somebody says else."""
        if self.existing_case_id and not self.partner_id:
            self.partner_id = self.existing_case_id.partner_id
