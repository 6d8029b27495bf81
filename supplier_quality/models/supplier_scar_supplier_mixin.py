from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .supplier_scar_flow_mixin import WAITING_STATES


class SupplierScarSupplierMixin(models.AbstractModel):
    """What a supplier may do with a request.

    A portal user has no access rights to it. The pages of the portal find the record
    by ``_get_supplier_domain`` and call these methods with the user who acts; each
    checks again that the request is theirs.
    """

    _name = "supplier.scar.supplier.mixin"
    _description = "Supplier's Side of a Request"

    @api.model
    def _get_supplier_domain(self, partner):
        """Return the domain of the requests that users of a supplier may see."""
        company = partner.commercial_partner_id
        if not company:
            return Domain.FALSE
        return Domain("commercial_partner_id", "=", company.id) & Domain(
            "state", "not in", ("draft", "cancelled")
        )

    def _check_supplier_user(self, user):
        """Refuse anybody but staff and people of this very supplier."""
        self.ensure_one()
        supplier = self.commercial_partner_id
        if user._is_internal() or user.partner_id.commercial_partner_id == supplier:
            return
        raise AccessError(self.env._("This request isn't addressed to you."))

    def _check_waiting(self):
        if self.state not in WAITING_STATES:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(name)s is “%(state)s” and takes no answer now.",
                    name=self.name,
                    state=labels[self.state],
                )
            )

    def _supplier_acknowledge(self, user):
        """The supplier has read the request and works on it."""
        self._check_supplier_user(user)
        if self.state == "acknowledged":
            return
        self._transition("acknowledged", acknowledged_at=fields.Datetime.now())
        self._note_of_supplier(user, self.env._("The supplier acknowledged."))

    def _supplier_save_draft(self, user, vals):
        """Store what the supplier has written so far; return the draft answer.

        :param dict vals: fields of the answer; anything else is refused
        """
        self._check_supplier_user(user)
        self._check_waiting()
        answer = self._get_draft_answer()
        unknown = vals.keys() - answer._get_supplier_fields()
        if unknown:
            raise UserError(
                self.env._(
                    "This can't be part of an answer: %s", ", ".join(sorted(unknown))
                )
            )
        answer.write(vals)
        return answer

    def _supplier_add_files(self, user, files):
        """Add files to the draft answer; return the attachments.

        :param files: ``[(name, bytes), …]``, checked by size, number and content
        """
        self._check_supplier_user(user)
        self._check_waiting()
        answer = self._get_draft_answer()
        __, most = self._get_file_limits()
        if len(answer.attachment_ids) + len(files) > most:
            raise UserError(self.env._("An answer takes up to %s files.", most))
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "mimetype": self._check_supplier_file(name, content),
                    "res_model": answer._name,
                    "res_id": answer.id,
                }
                for name, content in files
            ]
        )
        answer.attachment_ids = [fields.Command.link(file.id) for file in attachments]
        return attachments

    def _supplier_submit(self, user):
        """Hand the draft answer in."""
        self._check_supplier_user(user)
        self._check_waiting()
        answer = self._get_draft_answer(create=False)
        answer._check_complete()
        now = fields.Datetime.now()
        is_late = bool(self.date_due and now > self.date_due)
        self._transition(
            "answered",
            answered_at=now,
            acknowledged_at=self.acknowledged_at or now,
            late_rounds=self.late_rounds + is_late,
        )
        answer._submit(user, now, self.date_due)
        self._note_of_supplier(
            user, self.env._("Answer no. %s was handed in.", answer.version)
        )
        self._ask_for_review()
        return answer

    def _get_draft_answer(self, create=True):
        """Return the answer that is being written, the first or the next version."""
        self.ensure_one()
        draft = self.answer_ids.filtered(lambda answer: answer.state == "draft")[:1]
        if draft or not create:
            return draft
        latest = self.answer_ids[:1]
        return self.env["supplier.scar.answer"].create(
            {
                **latest._copy_supplier_vals(),
                "scar_id": self.id,
                "version": latest.version + 1,
            }
        )

    def action_record_answer(self):
        """Open the answer form, to type in what came by mail or phone."""
        self.ensure_one()
        self.check_access("write")
        self._check_reviewer()
        self._check_waiting()
        # sudo: the right to judge answers was checked; makes this request's own draft
        answer = self.sudo()._get_draft_answer()
        return {
            "type": "ir.actions.act_window",
            "res_model": answer._name,
            "res_id": answer.id,
            "view_mode": "form",
            "target": "current",
        }
