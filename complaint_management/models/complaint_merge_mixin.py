from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from .complaint_stage import RESOLVED_PHASES

MANAGER_GROUP = "complaint_management.complaint_group_manager"


class ComplaintMergeMixin(models.AbstractModel):
    """Makes one case of several that are the same complaint.

    One survives. All that was written, sent in and done on the others moves to it by
    the methods that ``_get_merge_movers`` names; a bridge addon adds its own. The
    earliest receipt counts. A merged case is cancelled, keeps its number and its words,
    and leads to the survivor; what arrives for it later goes there.
    """

    _name = "complaint.merge.mixin"
    _description = "Merged Cases"
    _guarded_fields = ("merged_into_id",)

    merged_into_id = fields.Many2one(
        "complaint.case",
        "Merged into",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    merged_case_ids = fields.One2many(
        "complaint.case", "merged_into_id", "Merged from", readonly=True
    )

    # -- what may be merged --------------------------------------------------------
    def _merge(self, survivor, is_other_customer_confirmed=False):
        """Merge these cases into ``survivor``, as the present user.

        :param survivor: one complaint.case, which may be among self
        :param bool is_other_customer_confirmed: a manager knows that there are several
            customers; none of them will read what another one wrote
        """
        survivor.ensure_one()
        cases = self | survivor
        cases.sudo(False).check_access("write")
        if len(cases.try_lock_for_update()) < len(cases):
            raise UserError(
                self.env._(
                    "A colleague is working on one of these complaints. Try again in "
                    "a moment."
                )
            )
        # What was read before the lock may have changed.
        cases.invalidate_recordset()
        merged = cases - survivor
        cases._check_mergeable(survivor)
        cases._check_merge_customers(is_other_customer_confirmed)
        for case in merged.sorted("received_at"):
            case._merge_into(survivor)
        survivor._take_earliest_receipt(cases)
        return survivor

    def _check_mergeable(self, survivor):
        """Refuse what can't become one case. ``self`` has the survivor too."""
        if len(self) < 2:
            raise UserError(self.env._("Choose at least two complaints to merge."))
        for case in self:
            if case.merged_into_id:
                raise UserError(
                    self.env._(
                        "%(case)s was merged into %(survivor)s already.",
                        case=case.name,
                        survivor=case.merged_into_id.name,
                    )
                )
            if not case.is_open or case.phase in RESOLVED_PHASES:
                raise UserError(
                    self.env._(
                        "%s has been solved or has ended. Only open complaints are "
                        "merged; link it as a repeat instead.",
                        case.name,
                    )
                )
        if len(self.company_id) > 1:
            raise UserError(
                self.env._("Complaints of different companies can't be merged.")
            )
        hidden = self.filtered("is_confidential")
        if hidden and not survivor.is_confidential:
            raise UserError(
                self.env._(
                    "%(hidden)s is confidential, %(survivor)s isn't. Keep the "
                    "confidential one, or make both confidential first.",
                    hidden=hidden[:1].name,
                    survivor=survivor.name,
                )
            )
        self._check_not_held()

    def _check_merge_customers(self, is_confirmed):
        if not self._has_several_customers():
            return
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._(
                    "These complaints are of different customers. Only a manager "
                    "merges them."
                )
            )
        if not is_confirmed:
            raise UserError(
                self.env._(
                    "These complaints are of different customers. Confirm that they "
                    "are the same complaint; what one customer wrote becomes an "
                    "internal note for the others."
                )
            )

    def _has_several_customers(self):
        return any(not case._is_same_customer(self[0]) for case in self[1:])

    def _is_same_customer(self, other):
        """Hook: tell whether the same customer complains in both cases."""
        mine, theirs = self.commercial_partner_id, other.commercial_partner_id
        if mine or theirs:
            return mine == theirs
        return bool(
            self.email_normalized and self.email_normalized == other.email_normalized
        )

    # -- merging -----------------------------------------------------------------
    def _merge_into(self, survivor):
        """Move everything to ``survivor`` and cancel this case (all is checked)."""
        self.ensure_one()
        is_same = self._is_same_customer(survivor)
        # sudo: the right to change both cases was checked; what hangs on them moves
        # whole, whoever of the colleagues made it
        case_sudo, survivor_sudo = self.sudo(), survivor.sudo()
        for mover in self._get_merge_movers():
            getattr(case_sudo, mover)(survivor_sudo, is_same)
        case_sudo._drop_notice()
        if case_sudo.acknowledge_state == "queued":
            case_sudo.acknowledge_state = "none"
        case_sudo.merged_into_id = survivor
        case_sudo.stage_id = self._get_cancelled_stage()
        self._journal_log("merged_into", note=survivor.name)
        survivor._journal_log("merged_from", note=self.name)
        self._message_log(body=self.env._("Merged into %s.", survivor.name))
        survivor._message_log(body=survivor._get_merge_note(self))

    def _get_cancelled_stage(self):
        stages = self.flow_id.sudo().stage_ids
        stage = stages.filtered(lambda s: s.phase == "cancelled")[:1]
        if not stage:
            raise UserError(
                self.env._(
                    "The flow “%s” has no step “Cancelled”, which a merged complaint "
                    "goes to.",
                    self.flow_id.name,
                )
            )
        return stage

    def _get_merge_note(self, case):
        """Return the words of a merged case, for the history of the survivor."""
        head = self.env._(
            "%(name)s was merged into this complaint: %(subject)s",
            name=case.name,
            subject=case.subject,
        )
        words = plaintext2html(case.description) if case.description else ""
        return Markup("<p>%s</p>%s") % (head, words)

    def _get_merge_movers(self):
        """Hook: return the names of the methods that move what hangs on a case. Each
        is called as superuser with (survivor, whether it is the same customer)."""
        return [
            "_merge_subjects",
            "_merge_messages",
            "_merge_files",
            "_merge_followers",
            "_merge_activities",
            "_merge_eightd_reference",
            "_merge_work",
            "_merge_costs",
            "_merge_feedback",
            "_merge_evidence",
            "_merge_lessons",
            "_merge_legal",
            "_merge_links",
        ]

    def _merge_messages(self, survivor, is_same_customer):
        """The customer of one case must not read what another one wrote."""
        messages = self.env["mail.message"].search(
            [("model", "=", self._name), ("res_id", "=", self.id)]
        )
        if not is_same_customer:
            public = messages.filtered(lambda m: not m.subtype_id.internal)
            note = self.env.ref("mail.mt_note")
            public.write({"is_internal": True, "subtype_id": note.id})
        messages.write({"res_id": survivor.id})
        (self | survivor).invalidate_recordset(["message_ids"])

    def _merge_files(self, survivor, is_same_customer):
        self._get_merge_files().write({"res_id": survivor.id})

    def _get_merge_files(self):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("res_field", "=", False),
            ]
        )

    def _merge_followers(self, survivor, is_same_customer):
        """Who followed goes on following; strangers to the other customer don't."""
        people = self.message_partner_ids
        if not is_same_customer:
            people = people.filtered(lambda p: not p.partner_share)
        survivor.message_subscribe(people.ids)
        self.message_unsubscribe(self.message_partner_ids.ids)

    def _merge_activities(self, survivor, is_same_customer):
        activities = self.with_context(active_test=False).activity_ids
        activities.write({"res_id": survivor.id})
        (self | survivor).invalidate_recordset(["activity_ids"])

    def _merge_work(self, survivor, is_same_customer):
        """Causes, actions, reports and nonconformities."""
        self._move_rca_lines(survivor)
        if self.root_cause:
            found = (survivor.root_cause, self.root_cause)
            survivor.root_cause = "\n".join(filter(None, found))
        self.with_context(active_test=False).action_ids.write(
            {"complaint_case_id": survivor.id}
        )
        self.eightd_ids.write({"case_id": survivor.id})
        nonconformities = self.nonconformity_ids
        pointing = nonconformities.filtered(
            lambda nc: nc.res_model == self._name and nc.res_id == self.id
        )
        pointing.write({"res_id": survivor.id})
        for nonconformity in nonconformities:
            survivor._join_nonconformity(nonconformity)
        self.nonconformity_ids = False

    def _merge_evidence(self, survivor, is_same_customer):
        lines = self.with_context(active_test=False).evidence_ids
        if not is_same_customer:
            lines.is_customer_visible = False
        lines.write({"case_id": survivor.id})

    def _merge_links(self, survivor, is_same_customer):
        """Other cases that point here point to the survivor."""
        pointers = self.with_context(active_test=False)
        pointers.merged_case_ids.merged_into_id = survivor
        if is_same_customer:
            (pointers.repeat_ids - survivor).repeat_of_id = survivor
            if survivor.repeat_of_id == self:
                survivor.repeat_of_id = self.repeat_of_id
            elif not survivor.repeat_of_id and self.repeat_of_id != survivor:
                survivor.repeat_of_id = self.repeat_of_id

    def _take_earliest_receipt(self, cases):
        """The promises count from the first time that the customer complained."""
        first = min(cases.mapped("received_at"))
        if first < self.received_at:
            # sudo: no reason is asked for, the journal tells of the merge
            self.sudo().received_at = first

    # -- afterwards ----------------------------------------------------------------
    def _get_mail_target(self):
        """Return the case to which what arrives for this one belongs."""
        target = self
        while target.merged_into_id:
            target = target.merged_into_id
        return target

    def message_post(self, **kwargs):
        """Answers by mail to a merged case go on where it went; another customer than
        that of the survivor is read by colleagues only."""
        # sudo: whoever may write here is led on by the system, by mail only
        target_sudo = self.sudo()._get_mail_target()
        if target_sudo == self or kwargs.get("message_type") != "email":
            return super().message_post(**kwargs)
        if not self.sudo()._is_same_customer(target_sudo):
            kwargs.pop("subtype_id", None)
            kwargs |= {"subtype_xmlid": "mail.mt_note", "is_internal": True}
        return target_sudo.with_env(self.env).message_post(**kwargs)

    def _reopen(self, reason):
        if merged := self.filtered("merged_into_id"):
            raise UserError(
                self.env._(
                    "%(case)s was merged into %(survivor)s. Work goes on there.",
                    case=merged[0].name,
                    survivor=merged[0].sudo().merged_into_id.name,
                )
            )
        return super()._reopen(reason)

    def _get_missing_gates(self, gates, phase_before):
        """A merged case isn't called off: nothing has to be there for that."""
        if self.sudo().merged_into_id:
            return gates.browse()
        return super()._get_missing_gates(gates, phase_before)

    def _should_tell_customer(self):
        return not self.sudo().merged_into_id and super()._should_tell_customer()

    def action_open_survivor(self):
        self.ensure_one()
        return self.merged_into_id.action_open_case()

    def action_merge(self):
        """Open the form that merges the chosen cases."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_merge_action"
        )
        return {**action, "context": {"default_case_ids": self.ids}}
