from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.mail import email_normalize_all

from ..tools import mail_forward, mail_triage

# Addresses there say nothing about the company of their owner.
PUBLIC_DOMAINS = {
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "icloud.com",
    "mail.ru",
    "yandex.ru",
    "yandex.com",
    "yandex.com.tr",
    "proton.me",
    "protonmail.com",
    "gmx.de",
    "web.de",
    "aol.com",
    "chmail.ir",
    "mynet.com",
    "box.az",
}


class ComplaintMailOriginMixin(models.AbstractModel):
    """Where a mail really comes from: who wrote what a colleague passed on, which case
    the mail of a stranger refers to, and who takes part in a case by mail."""

    _name = "complaint.mail.origin.mixin"
    _description = "Origin of a Mail"
    _birth_fields = ("proposed_name", "proposed_email")

    proposed_name = fields.Char(
        "Original sender",
        readonly=True,
        copy=False,
        help="Name found inside of a mail that somebody passed on.",
    )
    proposed_email = fields.Char(
        "Mail address of the original sender",
        readonly=True,
        copy=False,
        help="Address found inside of a mail that somebody passed on. It is used only "
        "when a person says so.",
    )
    refers_to_id = fields.Many2one(
        "complaint.case",
        "Refers to",
        index="btree_not_null",
        check_company=True,
        copy=False,
        help="This mail named the number of that case, but its sender takes no part in "
        "it; so it became a case of its own.",
    )
    referred_by_ids = fields.One2many(
        "complaint.case", "refers_to_id", "Referred to by", copy=False
    )

    # -- forwarded mails ---------------------------------------------------------------
    @api.model
    def _prepare_forward_vals(self, msg_dict):
        """Return who seems to have written a mail that was passed on. Only a colleague,
        or a subject that says so, passes mails on; others merely quote."""
        address = email_normalize(msg_dict.get("email_from") or "", strict=False)
        is_staff = address in self._find_staff_addresses([address])
        if not (is_staff or mail_forward.is_forward(msg_dict.get("subject"))):
            return {}
        senders = mail_forward.find_senders(
            html2plaintext(msg_dict.get("body") or "", include_references=False),
            self._get_attached_senders(msg_dict),
        )
        known = self._find_staff_addresses([sender.email for sender in senders])
        for sender in senders:
            if sender.email not in {address, *known}:
                return {"proposed_name": sender.name, "proposed_email": sender.email}
        return {}

    @api.model
    def _get_attached_senders(self, msg_dict):
        """Return who wrote the mails that are attached to a mail."""
        contents = [attachment[1] for attachment in msg_dict.get("attachments") or ()]
        return [
            mail_triage.readable(content, "From")
            for content in contents
            if hasattr(content, "raw_items")
        ]

    @api.model
    def _find_staff_addresses(self, addresses):
        """Return which of some normalized addresses are those of colleagues: of users,
        or in a mail domain of the company."""
        addresses = [address for address in addresses if address]
        if not addresses:
            return set()
        # sudo: only tells whether an address belongs to a colleague
        users = self.env["res.users"].sudo()
        found = users.search_fetch(
            [("share", "=", False), ("email_normalized", "in", addresses)],
            ["email_normalized"],
        )
        own = self._get_own_mail_domains()
        return set(found.mapped("email_normalized")) | {
            address for address in addresses if address.rpartition("@")[2] in own
        }

    @api.model
    def _get_own_mail_domains(self):
        """Hook: return the mail domains that only colleagues have."""
        # sudo: see _find_staff_addresses
        company = self.env.company.sudo()
        address = email_normalize(company.email or "") or ""
        domains = {company.alias_domain_id.name, address.rpartition("@")[2]}
        return {name.lower() for name in domains if name} - PUBLIC_DOMAINS

    def _is_acknowledgement_held(self):
        """Tell whether a person must first say who complains: to thank the colleague
        who passed a complaint on would be wrong, and its writer isn't sure yet."""
        self.ensure_one()
        return bool(
            (self.proposed_email or self.proposed_name)
            and self.email_normalized
            in self._find_staff_addresses([self.email_normalized])
        )

    def action_take_proposed_sender(self):
        """The complaint is from the one who is named inside of the mail."""
        for case in self:
            case._check_proposed_sender()
            before = {case.id: {"email_from": case.email_from}}
            name = case.proposed_name or case.proposed_email
            case.write(case._prepare_proposed_vals())
            case._journal_log(
                "sender_changed",
                before=before,
                after={case.id: {"email_from": case.email_from}},
                note=self.env._("The complaint is from %(name)s.", name=name),
            )
        self._release_acknowledgement()

    def action_dismiss_proposed_sender(self):
        """The complaint is from the one who sent the mail."""
        for case in self:
            case._check_proposed_sender()
        self.write({"proposed_name": False, "proposed_email": False})
        self._release_acknowledgement()

    def _check_proposed_sender(self):
        self.check_access("write")
        if not (self.proposed_email or self.proposed_name):
            raise UserError(
                self.env._("%s has no other sender to choose from.", self.name)
            )

    def _prepare_proposed_vals(self):
        """Return the contact data of the one whose mail was passed on. Nothing of the
        one who passed it on may stay."""
        address = self.proposed_email
        found = {"email_from": address, "company_id": self.company_id.id}
        if address:
            self._link_known_customers([found])
        # sudo: the customer was found by the address that the mail names
        partner = self.env["res.partner"].sudo().browse(found.get("partner_id"))
        return {
            "partner_id": partner.id,
            "partner_name": partner.name or self.proposed_name,
            "email_from": partner.email or address,
            "partner_phone": partner.phone,
            "partner_company": False,
            "lang": partner.lang,
            "proposed_name": False,
            "proposed_email": False,
        }

    def _release_acknowledgement(self):
        """Thank the customer as soon as it is known who that is."""
        waiting = self.filtered(
            lambda case: case.acknowledge_state == "none" and case._should_acknowledge()
        )
        # sudo: guarded state that follows from the decision, which was allowed
        waiting.sudo().write({"acknowledge_state": "queued"})
        waiting._wake_acknowledgement()

    # -- who takes part ----------------------------------------------------------------
    def _takes_part(self, address, has_reference=False):
        """Tell whether a (normalized) mail address belongs to somebody who writes on
        this case: the customer and their company, followers, the owner, and whoever was
        written to or wrote before.

        :param bool has_reference: the mail answers a message of the case, whose id
            nobody guesses; a colleague who may read the case may answer then
        """
        self.ensure_one()
        if not address:
            return False
        if address == self.email_normalized or address in self._get_mail_people():
            return True
        return has_reference and self._is_read_by_staff(address)

    def _get_mail_people(self):
        """Return the normalized addresses of those who take part by mail."""
        family = self.partner_id.commercial_partner_id
        messages = self.message_ids
        people = (
            self.partner_id
            | family
            | family.child_ids
            | self.user_id.partner_id
            | self.message_partner_ids
            | messages.author_id
            | messages.partner_ids
        )
        texts = [
            text
            for message in messages
            for text in (
                message.email_from,
                message.incoming_email_to,
                message.incoming_email_cc,
                message.outgoing_email_to,
            )
            if text
        ]
        return {
            *people.mapped("email_normalized"),
            *email_normalize_all(",".join(texts)),
        }

    def _is_read_by_staff(self, address):
        # sudo: only tells whether the sender is a colleague who may read the case
        users = self.env["res.users"].sudo()
        staff = users.search(
            [("share", "=", False), ("email_normalized", "=", address)], limit=5
        )
        return any(
            self.with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
            .has_access("read")
            for user in staff
        )
