from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

COMPLAINANT_KINDS = [
    ("customer", "Customer"),
    ("supplier", "Supplier"),
    ("employee", "Employee"),
    ("other", "Another person"),
    ("authority", "Authority"),
]
# How somebody without a mail address is told that the complaint is here.
ACKNOWLEDGE_WAYS = [
    ("phone", "By phone"),
    ("in_person", "In person"),
    ("letter", "By letter"),
    ("sms", "By SMS"),
]
# Channels at which a colleague types in what a person says or has written on paper.
SPOKEN_KINDS = ("phone", "in_person", "letter", "fax")
# Writing down a call takes its time.
GRACE = timedelta(minutes=15)
ACKNOWLEDGE_ACTIVITY = "complaint_management.mail_activity_type_acknowledge"


class ComplaintPhoneMixin(models.AbstractModel):
    """Cases that a colleague types in: who calls, when it was received, how a customer
    without a mail address is told.

    All promises count from ``received_at``. Who sets it back, or changes it later, says
    why; the clocks are then counted anew.
    """

    _name = "complaint.phone.mixin"
    _description = "Calls and Visits"
    _guarded_fields = ("acknowledged_way",)
    _journal_fields = ("received_at",)

    complainant_kind = fields.Selection(
        COMPLAINANT_KINDS,
        "Who complains",
        required=True,
        default="customer",
        help="Suppliers, employees and others can complain too.",
    )
    received_reason = fields.Char(
        "Why received earlier",
        copy=False,
        tracking=True,
        help="Asked for when the complaint reached the company earlier than it was "
        "written down: a letter lay on a desk, a shop closed before it could call.",
    )
    acknowledged_way = fields.Selection(
        ACKNOWLEDGE_WAYS, "Acknowledged how", readonly=True, copy=False
    )
    is_acknowledge_due = fields.Boolean(
        "To be acknowledged by hand",
        compute="_compute_is_acknowledge_due",
        search="_search_is_acknowledge_due",
        help="No mail can go out: tell the customer by phone or letter that the "
        "complaint is here, and its number.",
    )

    # -- receipt -----------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        if not self.env.su:
            cases._check_received_early()
        return cases

    def write(self, vals):
        if "received_at" not in vals:
            return super().write(vals)
        before = {case.id: case.received_at for case in self}
        result = super().write(vals)
        moved = self.filtered(lambda case: case.received_at != before[case.id])
        if moved and not self.env.su:
            moved._check_received_change(vals)
        for case in moved.filtered("is_open"):
            case._sla_restart(case.received_at)
        return result

    def _check_received_early(self):
        """Refuse a receipt in the past without a reason; note the others."""
        oldest = fields.Datetime.now() - GRACE
        early = self.filtered(lambda case: case.received_at < oldest)
        if early and self.env.context.get("import_file"):
            # What another system had is no secret of today; the journal says so.
            early._note_imported_receipt()
            return
        for case in early:
            if not (case.received_reason or "").strip():
                raise UserError(
                    self.env._(
                        "“%(subject)s” is said to have been received earlier. Write "
                        "down why it is entered only now.",
                        subject=case.subject,
                    )
                )
            case._journal_log("received_earlier", note=case.received_reason)

    def _note_imported_receipt(self):
        silent = self.filtered(lambda case: not case.received_reason)
        silent.received_reason = self.env._("Imported")
        self._journal_log("received_earlier", note=self.env._("Imported"))

    def _check_received_change(self, vals):
        """Refuse another time of receipt without a new reason, or after the end."""
        if ended := self.filtered(lambda case: not case.is_open):
            raise UserError(
                self.env._(
                    "%s has ended: its promises can't be counted anew. Re-open it "
                    "first.",
                    ended[:1].name,
                )
            )
        reason = (vals.get("received_reason") or "").strip()
        if not reason:
            raise UserError(
                self.env._(
                    "The time of receipt decides what was promised. Write down why "
                    "you change it for %s.",
                    ", ".join(self[:3].mapped("name")),
                )
            )
        self._journal_log("received_changed", note=reason)

    # -- acknowledgement by hand ---------------------------------------------------
    @api.model
    def _get_acknowledge_due_domain(self):
        """Return the domain of the cases that a person has to acknowledge."""
        return Domain(
            [
                ("is_open", "=", True),
                ("acknowledged_at", "=", False),
                ("acknowledge_state", "in", ("none", "failed")),
                ("is_anonymous", "=", False),
            ]
        )

    @api.depends("is_open", "acknowledged_at", "acknowledge_state", "is_anonymous")
    def _compute_is_acknowledge_due(self):
        due = self.filtered_domain(self._get_acknowledge_due_domain())
        for case in self:
            case.is_acknowledge_due = case in due

    def _search_is_acknowledge_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        due = self._get_acknowledge_due_domain()
        return due if True in value else ~due

    def _should_ask_to_acknowledge(self):
        """Hook: tell whether a colleague has to tell the customer that the case is
        here. Cases of another system that are imported were answered there."""
        self.ensure_one()
        return bool(
            self.is_acknowledge_due
            and self.channel_id.kind in SPOKEN_KINDS
            and not self.env.context.get("import_file")
        )

    def _ask_to_acknowledge(self):
        """Give the acknowledgement of new cases to somebody, all in one go."""
        due = self.filtered(lambda case: case._should_ask_to_acknowledge())
        if not due:
            return
        activity_type = self.env.ref(ACKNOWLEDGE_ACTIVITY)
        # sudo: the task follows from the case, whoever took it in; quick: a mail about
        # each task would cost more than the case itself
        quick = (
            self.env["mail.activity"]
            .sudo()
            .with_context(mail_activity_quick_update=True)
        )
        quick.create(
            [case._prepare_acknowledge_activity_vals(activity_type) for case in due]
        )

    def _prepare_acknowledge_activity_vals(self, activity_type):
        user = self.user_id or self.team_id.leader_id
        number = self.partner_phone or self.partner_id.phone
        return {
            "activity_type_id": activity_type.id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            # Nobody is no fault: the filter "To be acknowledged by hand" shows it.
            "user_id": user.id,
            "summary": self.env._(
                "Tell %(name)s the number %(number)s",
                name=self.partner_name or self.env._("the customer"),
                number=self.name,
            ),
            "note": number and self.env._("Phone: %s", number),
            "date_deadline": fields.Date.context_today(self),
            "automated": True,
        }

    def _register_acknowledgement(self, way, note=""):
        """A colleague has told the customer that the complaint is here."""
        # sudo: a colleague's own right counts, also where code calls as superuser
        self.sudo(False).check_access("write")
        now = fields.Datetime.now()
        for case in self:
            if case.acknowledged_at:
                raise UserError(
                    self.env._("%s has been acknowledged already.", case.name)
                )
        # sudo: guarded fields that follow from the button, whose right was checked
        self.sudo().write({"acknowledged_at": now, "acknowledged_way": way})
        labels = dict(self._fields["acknowledged_way"]._description_selection(self.env))
        text = ": ".join(filter(None, (labels[way], (note or "").strip())))
        self._journal_log("acknowledged", note=text)
        for case in self:
            case._sla_stop("acknowledge", now)
            case._close_acknowledge_task(text)

    def _close_acknowledge_task(self, text):
        # sudo: the task may be another colleague's; it is done, whoever did it
        self.sudo().activity_feedback([ACKNOWLEDGE_ACTIVITY], feedback=text)

    def action_acknowledge(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The customer knows"),
            "res_model": "complaint.acknowledge",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id},
        }
