from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html_sanitize, plaintext2html

from odoo.addons.complaint_management.models.complaint_moment import (
    format_day,
    format_moment,
)

VISIBLE_TYPES = ("comment", "email", "auto_comment")
MESSAGE_LIMIT = 200


class ComplaintCustomerPageMixin(models.AbstractModel):
    """What customers see of their cases, and what they may do there.

    The controllers call these methods on a superuser record that they found through
    :meth:`_get_portal_domain` or a tracking token. Templates get plain values only,
    never a record.
    """

    _name = "complaint.customer.page.mixin"
    _description = "Case on the Customer Portal"

    file_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        "Files",
        domain=lambda self: [("res_model", "=", self._name)],
        copy=False,
    )

    # -- who sees what --------------------------------------------------------------
    @api.model
    def _get_portal_domain(self, partner):
        """Return the domain of the cases that a contact sees on the portal."""
        own = Domain("partner_id", "=", partner.id)
        if not partner.complaint_portal_company_access:
            return own
        return own | (
            Domain("commercial_partner_id", "=", partner.commercial_partner_id.id)
            & Domain("is_confidential", "=", False)
            & Domain("is_anonymous", "=", False)
        )

    def _get_customer_message_domain(self):
        """Return the domain of the messages that the customer of this case reads.

        A mail of the customer's own is theirs even where the gateway files it as
        internal.
        """
        visible = (
            Domain("is_internal", "=", False)
            & Domain("subtype_id", "!=", False)
            & Domain("subtype_id.internal", "=", False)
        )
        if self.partner_id:
            visible |= Domain("message_type", "=", "email") & Domain(
                "author_id", "=", self.partner_id.id
            )
        return (
            Domain("model", "=", self._name)
            & Domain("res_id", "=", self.id)
            & Domain("message_type", "in", VISIBLE_TYPES)
            & visible
        )

    def _get_customer_messages(self):
        """Return the latest messages that the customer may read, oldest first."""
        self.ensure_one()
        messages = self.env["mail.message"].search(
            self._get_customer_message_domain(), order="id desc", limit=MESSAGE_LIMIT
        )
        return messages.sorted("id")

    def _get_customer_files(self):
        """Return the files of visible messages, those marked visible, and the newest
        version of evidence that is shown to the customer."""
        self.ensure_one()
        marked = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("res_field", "=", False),
                ("is_customer_visible", "=", True),
            ]
        )
        shown = self.evidence_ids.filtered(
            lambda line: line.is_customer_visible and not line.replaced_by_id
        )
        files = marked | shown.attachment_id
        files |= self._get_customer_messages().attachment_ids
        return files.filtered(lambda file: file.type == "binary").sorted("id")

    # -- what the pages show --------------------------------------------------------
    def _prepare_portal_list_values(self):
        return [
            {
                "url": f"/my/complaints/{case.id}",
                "name": case.name,
                "subject": case.subject,
                "received": format_day(self.env, case.received_at),
                "status": case.stage_id.customer_text or case.stage_id.name,
                "is_open": case.is_open,
                "contact": case.partner_name or "",
            }
            for case in self
        ]

    def _prepare_portal_page_values(self):
        """Return everything that the case page shows, and nothing else."""
        messages = self._get_customer_messages()
        files = self._get_customer_files()
        return {
            **self._prepare_portal_status_values(),
            "id": self.id,
            "subject": self.subject,
            "description": self.description or "",
            "contact": self.partner_name or "",
            "facts": self._prepare_portal_facts(),
            "messages": [self._prepare_portal_message(msg) for msg in messages],
            "files": [
                {"id": file.id, "name": file.name, "size": file.file_size}
                for file in files - messages.attachment_ids
            ],
        }

    def _prepare_tracking_values(self):
        """Return what a tracking link shows: no name, no message, no file."""
        values = self._prepare_portal_status_values()
        if self.is_confidential:
            values["decision"] = ""
        return values

    def _prepare_portal_status_values(self):
        self.ensure_one()
        return {
            "name": self.name,
            "company": self.company_id.name,
            "received": format_moment(self.env, self.received_at),
            "is_open": self.is_open,
            "is_cancelled": self.phase == "cancelled",
            "status": self.stage_id.customer_text or self.stage_id.name,
            "timeline": self._prepare_portal_timeline(),
            "promises": self._prepare_portal_promises(),
            "decision": self._get_customer_decision(),
        }

    def _get_customer_decision(self):
        """Return the decision once it is told; before, it may be a draft."""
        return self.decision_sent_at and self.decision or ""

    def _prepare_portal_timeline(self):
        """Return one dict a step: name, text, ``state`` done, current or ahead."""
        steps = self._get_customer_timeline()
        reached = [stage for stage, is_reached, __ in steps if is_reached]
        here = reached[-1:]
        values = []
        for stage, is_reached, __ in steps:
            state = "done" if is_reached else "ahead"
            values.append(
                {
                    "name": stage.name,
                    "text": stage.customer_text or "",
                    "state": "current" if stage in here else state,
                }
            )
        self._date_portal_timeline(values)
        return values

    def _date_portal_timeline(self, steps):
        """Say when the complaint came and when its present step began."""
        if not steps:
            return
        steps[0]["when"] = format_day(self.env, self.received_at)
        for step in steps:
            if step["state"] == "current":
                moment = self.date_last_stage_update or self.received_at
                step["when"] = format_day(self.env, moment)

    def _prepare_portal_promises(self):
        """Return the promises that are still to be kept, in plain words."""
        labels = {
            "respond": self.env._("We answer you by"),
            "resolve": self.env._("We mean to solve it by"),
        }
        pending = self.sla_clock_ids.filtered(
            lambda c: not c.stopped_at and c.state != "cancelled" and c.kind in labels
        )
        return [
            {
                "label": labels[clock.kind],
                "when": format_moment(self.env, clock.deadline, self._get_reader_tz()),
                "is_late": clock.deadline < fields.Datetime.now(),
                "pause_text": self._get_portal_pause_text(clock),
                "is_paused": clock.state == "paused",
            }
            for clock in pending.sorted(lambda c: list(labels).index(c.kind))
        ]

    def _get_portal_pause_text(self, clock):
        """Return what we wait for. A clock that is late already doesn't stand, but the
        customer must know that it is their turn."""
        reason = clock.pause_reason_id or self.pause_reason_id
        if clock.state != "paused" and not reason:
            return ""
        return reason.customer_text or self.env._(
            "We are waiting for you at the moment."
        )

    def _get_reader_tz(self):
        calendar = self.sla_clock_ids[:1].calendar_id
        return self.env.user.tz or self.partner_id.tz or calendar.tz or None

    def _prepare_portal_facts(self):
        """Return [(label, text)] of what the customer told us."""
        remedies = dict(self._fields["remedy"]._description_selection(self.env))
        quantity = f"{self.quantity:g}" if self.quantity else ""
        facts = [
            (self.env._("Received"), format_moment(self.env, self.received_at)),
            (self.env._("Reported by"), self.partner_name),
            (self.env._("On behalf of"), self.on_behalf_of),
            (self.env._("Product"), self.product_id.display_name),
            (self.env._("Lot or serial number"), self.lot),
            (self.env._("Quantity"), quantity),
            (self.env._("Order reference"), self.order_ref),
            (self.env._("What you want"), remedies.get(self.remedy)),
        ]
        return [(label, text) for label, text in facts if text]

    def _prepare_portal_message(self, message):
        """Return one message as plain values, its text cleaned once more."""
        author = message.author_id
        is_automatic = message.message_type == "auto_comment"
        return {
            "id": message.id,
            "author": self.company_id.name
            if is_automatic
            else author.name or message.email_from or "",
            "is_ours": is_automatic or (author and not author.partner_share),
            "when": format_moment(self.env, message.date),
            "body": html_sanitize(
                message.body,
                sanitize_attributes=True,
                sanitize_style=True,
                strip_style=True,
                strip_classes=True,
            ),
            "files": [
                {"id": file.id, "name": file.name, "size": file.file_size}
                for file in message.attachment_ids
                if file.type == "binary"
            ],
        }

    # -- what customers do -----------------------------------------------------------
    def _portal_post_message(self, author, text, files):
        """Post what a customer wrote, and tell the ones who work on the case.

        :param author: partner who writes
        :param str text: plain text
        :param list files: [(name, content)], checked by the caller
        """
        self.ensure_one()
        return self.message_post(
            body=plaintext2html(text) if text else "",
            author_id=author.id,
            email_from=author.email_formatted,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=files,
            partner_ids=self._get_staff_partners().ids,
        )

    def _get_staff_partners(self):
        """Return whom an answer of the customer reaches: the owner, else the leader
        of the team, else the team, else the managers."""
        team = self.team_id
        users = self.user_id or team.leader_id or team.member_ids
        users = users.filtered("active") or self._get_managers(self.company_id)
        return users.partner_id

    @api.model
    def _get_managers(self, company):
        group = self.env.ref("complaint_management.complaint_group_manager")
        return group._get_complaint_people(company)

    @api.model
    def _intake_from_portal(self, payload, partner=None):
        """Take in a complaint from one of the forms.

        :param dict payload: see ``complaint.case.intake``, made by the controller
        :param partner: the customer when they are logged in
        :return: IntakeItem
        """
        # sudo: visitors have no right on cases; the payload names only what a form
        # offers, and nothing but number and tracking link goes back
        intake = self.sudo().with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True
        )
        item = intake._read_payload(payload)
        if partner:
            item.extra_vals["partner_id"] = partner.id
        intake._find_codes([item])
        intake._find_existing([item])
        intake._create_from_items([item])
        return item
