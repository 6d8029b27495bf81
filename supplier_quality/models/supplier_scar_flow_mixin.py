from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

STATES = [
    ("draft", "Draft"),
    ("sent", "Sent"),
    ("acknowledged", "Acknowledged"),
    ("answered", "Answered"),
    ("rejected", "Sent back"),
    ("accepted", "Accepted"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
TRANSITIONS = {
    "draft": {"sent", "cancelled"},
    "sent": {"acknowledged", "answered", "cancelled"},
    "acknowledged": {"answered", "cancelled"},
    "answered": {"accepted", "rejected", "cancelled"},
    "rejected": {"answered", "cancelled"},
    "accepted": {"closed"},
    "closed": set(),
    "cancelled": set(),
}
# The supplier has to act in these states.
WAITING_STATES = ("sent", "acknowledged", "rejected")
# What only the buttons change.
FLOW_FIELDS = {
    "state",
    "sent_at",
    "acknowledged_at",
    "answered_at",
    "round",
    "late_rounds",
    "accepted_answer_id",
}


class SupplierScarFlowMixin(models.AbstractModel):
    """The way of a request from draft to closed, checked on the server.

    ``_transition`` is the only way to another state. What was sent to a supplier
    (``_sent_fields``) doesn't change afterwards.
    """

    _name = "supplier.scar.flow.mixin"
    _description = "Flow of a Supplier Request"
    _sent_fields = frozenset()

    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    date_due = fields.Datetime(
        "Answer due",
        copy=False,
        tracking=True,
        help="Empty: counted in working days from the moment of sending.",
    )
    sent_at = fields.Datetime(readonly=True, copy=False)
    acknowledged_at = fields.Datetime(readonly=True, copy=False)
    answered_at = fields.Datetime(
        readonly=True, copy=False, help="When the latest answer came in."
    )
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
    late_rounds = fields.Integer(
        "Late answers", readonly=True, copy=False, help="Answers that came in too late."
    )
    round = fields.Integer(
        "Rejections", readonly=True, copy=False, help="How often an answer went back."
    )

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for scar in self:
            waiting = scar.state in WAITING_STATES
            scar.is_late = bool(waiting and scar.date_due and scar.date_due < now)

    def _search_is_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = Domain("state", "in", WAITING_STATES) & Domain(
            "date_due", "<", fields.Datetime.now()
        )
        wanted = Domain.OR(late if item else ~late for item in set(map(bool, value)))
        return wanted if operator == "in" else ~wanted

    # -- CRUD ----------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            started = FLOW_FIELDS & vals.keys() if not self.env.su else set()
            if started or vals.get("state", "draft") != "draft":
                raise AccessError(
                    self.env._("A new request to a supplier always starts as a draft.")
                )
        return super().create(vals_list)

    def write(self, vals):
        changed = FLOW_FIELDS & vals.keys()
        if "state" in changed or (changed and not self.env.su):
            raise AccessError(
                self.env._("Use the buttons to move a supplier request forward.")
            )
        if not self.env.su and self._sent_fields & vals.keys():
            self._check_not_sent()
        return super().write(vals)

    def _check_not_sent(self):
        for scar in self.filtered(lambda scar: scar.state != "draft"):
            raise UserError(
                self.env._(
                    "%s was sent: what the supplier has read can't be changed. "
                    "Cancel it and send a new request.",
                    scar.name,
                )
            )

    def _transition(self, state, **vals):
        """Move to another state, or say why that isn't possible."""
        for scar in self:
            if state not in TRANSITIONS[scar.state]:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(name)s is “%(now)s” and can't become “%(next)s”.",
                        name=scar.name,
                        now=labels[scar.state],
                        next=labels[state],
                    )
                )
        # Past the guard in write() above; the journal and tracking still see it.
        return super().write({"state": state, **vals})

    def _check_reviewer(self):
        """Only supplier quality, or the one who is responsible, judges an answer."""
        if self.env.user.has_group("supplier_quality.supplier_quality_group_user"):
            return
        for scar in self:
            if scar.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "%(name)s is judged by supplier quality or by %(user)s.",
                        name=scar.name,
                        user=scar.user_id.name,
                    )
                )

    # -- buttons -------------------------------------------------------------------
    def action_send(self):
        """Send the request to the supplier; everything missing is said at once."""
        self.check_access("write")
        for scar in self:
            scar._check_ready_to_send()
            now = fields.Datetime.now()
            due = scar.date_due or scar._get_due(scar.answer_kind, now)
            scar._transition("sent", sent_at=now, date_due=due)
            scar._take_received_quantity()
            scar._tell_supplier("supplier_quality.mail_template_scar_request")

    def _check_ready_to_send(self):
        missing = self._get_missing_to_send()
        if missing:
            raise UserError(
                self.env._("%s can't be sent yet:", self.name)
                + "".join(f"\n  • {item}" for item in missing)
            )

    def _get_missing_to_send(self):
        """Return in words what must be there before a supplier reads this."""
        self.ensure_one()
        missing = []
        if not self.partner_id.email:
            missing.append(self.env._("The supplier has no mail address."))
        if not (self.problem or "").strip():
            missing.append(self.env._("The description for the supplier is empty."))
        if self.date_due and self.date_due <= fields.Datetime.now():
            missing.append(self.env._("The answer would be due in the past."))
        if self._is_supplier_following_case():
            missing.append(
                self.env._(
                    "The supplier follows the complaint. Remove them from its "
                    "followers."
                )
            )
        if leaks := self._find_leaks():
            missing.append(
                self.env._(
                    "The text or a file name points to the customer: %s",
                    ", ".join(f"“{leak}”" for leak in leaks),
                )
            )
        if not self.is_text_confirmed:
            missing.append(
                self.env._(
                    "Somebody must confirm that text and files don't point to the "
                    "customer."
                )
            )
        return missing

    def action_accept(self):
        """Accept the latest answer."""
        self.check_access("write")
        self._check_reviewer()
        for scar in self:
            answer = scar._get_submitted_answer()
            scar._transition("accepted", accepted_answer_id=answer.id)
            answer._review("accepted")
            scar._tell_supplier("supplier_quality.mail_template_scar_accepted")
            scar._finish_review_activity()

    def action_open_reject(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supplier_quality.supplier_scar_reject_action"
        )
        return {**action, "context": {"default_scar_id": self.id}}

    def _reject(self, comment, date_due=None):
        """Send the latest answer back; the supplier reads the comment."""
        self.ensure_one()
        self.check_access("write")
        self._check_reviewer()
        if not (comment or "").strip():
            raise UserError(self.env._("Say what the supplier has to improve."))
        now = fields.Datetime.now()
        due = date_due or self._get_due("short", now)
        answer = self._get_submitted_answer()
        self._transition("rejected", round=self.round + 1, date_due=due)
        answer._review("rejected", comment)
        self._tell_supplier("supplier_quality.mail_template_scar_rejected")
        self._finish_review_activity()

    def _get_submitted_answer(self):
        self.ensure_one()
        answer = self.answer_ids.filtered(lambda a: a.state == "submitted")[:1]
        if not answer:
            raise UserError(self.env._("%s has no answer to judge.", self.name))
        return answer

    def action_close(self):
        self.check_access("write")
        self._check_reviewer()
        self._transition("closed")

    def action_cancel(self):
        """Withdraw the request; a supplier who has read it is told."""
        self.check_access("write")
        for scar in self:
            was_sent = scar.state != "draft"
            scar._transition("cancelled")
            if was_sent:
                scar._tell_supplier("supplier_quality.mail_template_scar_cancelled")
            scar._finish_review_activity()
