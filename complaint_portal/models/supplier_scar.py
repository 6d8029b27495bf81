from odoo import api, models
from odoo.fields import Domain

from odoo.addons.complaint_management.models.complaint_moment import (
    format_day,
    format_moment,
)
from odoo.addons.supplier_quality.models.supplier_scar_flow_mixin import (
    WAITING_STATES,
)

TEXT_FIELDS = (
    "containment",
    "root_cause",
    "corrective_action",
    "preventive_action",
    "not_responsible_reason",
)


class SupplierScar(models.Model):
    """What suppliers see of a request: facts of the request, never of the case.

    Templates get the plain values of these methods and no record, so that nothing
    can be reached from them by a further dot.
    """

    _name = "supplier.scar"
    # The mixin first: it overrides a hook that the request has from others.
    _inherit = ["complaint.portal.page.mixin", "supplier.scar"]

    def _get_portal_page_url(self):
        self.ensure_one()
        return f"/my/scars/{self.id}"

    @api.model
    def _search_for_supplier(self, domain, limit, offset):
        """Return a page of requests: those that wait for the supplier first, by due
        time, then the others, newest first."""
        waiting = domain & Domain("state", "in", WAITING_STATES)
        others = domain & Domain("state", "not in", WAITING_STATES)
        first = self.search(waiting, order="date_due, id", limit=limit, offset=offset)
        if len(first) == limit:
            return first
        skipped = max(0, offset - self.search_count(waiting))
        return first | self.search(
            others,
            order="sent_at desc, id desc",
            limit=limit - len(first),
            offset=skipped,
        )

    def _get_supplier_states(self):
        """Return {state: what the supplier reads}."""
        return {
            "sent": self.env._("New: please acknowledge"),
            "acknowledged": self.env._("Waiting for your answer"),
            "answered": self.env._("We are reading your answer"),
            "rejected": self.env._("Sent back: please answer again"),
            "accepted": self.env._("Answer accepted"),
            "closed": self.env._("Closed"),
        }

    def _prepare_supplier_list_values(self):
        labels = self._get_supplier_states()
        return [
            {
                "url": scar._get_portal_page_url(),
                "name": scar.name,
                "subject": scar.subject,
                "product": scar.product_id.display_name or "",
                "sent": format_day(self.env, scar.sent_at),
                "due": format_moment(self.env, scar.date_due),
                "is_late": scar.is_late,
                "is_waiting": scar.state in WAITING_STATES,
                "state": labels.get(scar.state, ""),
            }
            for scar in self
        ]

    def _prepare_supplier_page_values(self):
        """Return everything that the supplier's page shows, and nothing else."""
        self.ensure_one()
        answers = self.answer_ids.sorted("version", reverse=True)
        draft = answers.filtered(lambda answer: answer.state == "draft")[:1]
        source = draft or answers[:1]
        return {
            "id": self.id,
            "name": self.name,
            "subject": self.subject,
            "problem": self.problem or "",
            "company": self.company_id.name,
            "contact": self.user_id.name,
            "state": self.state,
            "state_label": self._get_supplier_states().get(self.state, ""),
            "is_waiting": self.state in WAITING_STATES,
            "is_late": self.is_late,
            "due": format_moment(self.env, self.date_due),
            "is_full": self.answer_kind == "eightd",
            "round": self.round,
            "facts": self._prepare_supplier_facts(),
            "lines": self._prepare_supplier_lines(),
            "files": self._prepare_supplier_files(self.released_attachment_ids),
            "comment": next(filter(None, answers.mapped("review_comment")), ""),
            "draft_files": self._prepare_supplier_files(draft.attachment_ids),
            "form": {
                **{name: source[name] or "" for name in TEXT_FIELDS},
                "is_not_responsible": source.is_not_responsible,
            },
            "answers": [
                self._prepare_supplier_answer(answer) for answer in answers - draft
            ],
        }

    def _prepare_supplier_facts(self):
        unit = self.uom_id.name or ""
        quantities = (
            (self.env._("Complained"), self.qty_complained),
            (self.env._("Received"), self.qty_received),
            (self.env._("Found defective"), self.qty_defective),
        )
        kinds = dict(self._fields["answer_kind"]._description_selection(self.env))
        facts = [
            (self.env._("Product"), self.product_id.display_name),
            (self.env._("Lot or serial number"), self.lot),
            *((label, qty and f"{qty:g} {unit}") for label, qty in quantities),
            (self.env._("Purchase order"), self.purchase_order_id.name),
            (self.env._("Blanket order"), self.requisition_id.name),
            (self.env._("Wanted answer"), kinds.get(self.answer_kind)),
            (self.env._("Sent"), format_moment(self.env, self.sent_at)),
        ]
        return [(label, text) for label, text in facts if text]

    def _prepare_supplier_lines(self):
        """Return the order lines without prices."""
        return [
            {
                "order": line.order_id.name,
                "product": line.product_id.display_name,
                "quantity": f"{line.product_qty:g} {line.product_uom_id.name}",
                "planned": format_day(self.env, line.date_planned),
            }
            for line in self.purchase_line_ids
        ]

    def _prepare_supplier_answer(self, answer):
        states = dict(answer._fields["state"]._description_selection(self.env))
        labels = answer.fields_get(TEXT_FIELDS, ["string"])
        shown = [
            name
            for name in TEXT_FIELDS
            if (name == "not_responsible_reason") <= answer.is_not_responsible
        ]
        return {
            "version": answer.version,
            "state": answer.state,
            "state_label": states[answer.state],
            "submitted": format_moment(self.env, answer.submitted_at),
            "submitted_by": answer.submitted_by_id.name or "",
            "comment": answer.review_comment or "",
            "is_not_responsible": answer.is_not_responsible,
            "texts": [(labels[n]["string"], answer[n]) for n in shown if answer[n]],
            "files": self._prepare_supplier_files(answer.attachment_ids),
        }

    def _prepare_supplier_files(self, attachments):
        return [
            {"id": file.id, "name": file.name, "size": file.file_size}
            for file in attachments
        ]

    def _get_supplier_files(self):
        """Return the files that the supplier may download: released ones and own."""
        self.ensure_one()
        files = self.released_attachment_ids | self.answer_ids.attachment_ids
        return files.filtered(lambda file: file.type == "binary")

    # -- links -------------------------------------------------------------------------
    def _get_supplier_url(self):
        """Return the address of the supplier's page when somebody there has a login."""
        self.ensure_one()
        # sudo: only whether the supplier has a login is read
        users = self.sudo().commercial_partner_id.child_ids.user_ids
        users |= self.sudo().commercial_partner_id.user_ids
        if not users:
            return super()._get_supplier_url()
        return self.get_base_url() + self._get_portal_page_url()

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Give suppliers with a login a button to their page."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if not self:
            return groups
        self.ensure_one()
        button = {
            "url": self.get_base_url() + self._get_portal_page_url(),
            "title": self.env._("Open the request"),
        }
        for name, __, data in groups:
            if name == "portal":
                data["active"] = data["has_button_access"] = True
                data["button_access"] = button
        return groups
