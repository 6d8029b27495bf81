from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint_gate_mixin import PHASE_ORDER

NOTICE_BATCH = 50
CALL_ACTIVITY = "complaint_management.mail_activity_type_call"


class ComplaintNoticeMixin(models.AbstractModel):
    """The customer is told at each step that concerns them.

    A step says with which mail. Mails are queued and sent by a scheduled action; who
    passes several steps before it runs gets only the last one. A step is told once,
    until the case is re-opened. Staff can mute one mail, with a reason.
    """

    _name = "complaint.notice.mixin"
    _inherit = ["complaint.queue.mixin"]
    _description = "Mails by Step"
    _guarded_fields = (
        "notice_state",
        "notice_template_id",
        "notice_sent_at",
        "notice_stage_ids",
        "notice_mute_reason",
    )

    notice_state = fields.Selection(
        [
            ("none", "Nothing to tell"),
            ("queued", "Being sent"),
            ("sent", "Sent"),
            ("phone", "To be told by phone"),
            ("failed", "Failed"),
            ("muted", "Muted"),
        ],
        "Mail about the step",
        required=True,
        readonly=True,
        default="none",
        copy=False,
    )
    notice_template_id = fields.Many2one(
        "mail.template", "Mail", readonly=True, copy=False, ondelete="restrict"
    )
    notice_sent_at = fields.Datetime("Told on", readonly=True, copy=False)
    notice_stage_ids = fields.Many2many(
        "complaint.stage",
        "complaint_case_notice_stage_rel",
        string="Steps told",
        readonly=True,
        copy=False,
    )
    notice_mute_reason = fields.Char(
        "Next mail muted because", readonly=True, copy=False
    )
    customer_hint = fields.Char(
        "Writing to the customer", compute="_compute_customer_hint"
    )
    has_mail_address = fields.Boolean(compute="_compute_customer_hint")

    _notice_queue_idx = models.Index("(id) WHERE notice_state = 'queued'")

    # -- what staff see before they write ------------------------------------------
    @api.depends("partner_name", "lang", "channel_id", "email_from", "partner_id")
    def _compute_customer_hint(self):
        languages = {code: name for code, name in self.env["res.lang"].get_installed()}
        for case in self:
            case.has_mail_address = bool(case._get_customer_address())
            case.customer_hint = case._describe_customer(languages)

    def _get_customer_address(self):
        """Return where mails to the customer go, or an empty text."""
        return self.partner_id.email_normalized or self.email_normalized or ""

    def _describe_customer(self, languages):
        """Return one sentence: who reads what, came how, is answered where."""
        _ = self.env._
        name = self.partner_name or _("The customer")
        language = languages.get(self.lang)
        parts = [
            language and _("%(name)s reads %(lang)s", name=name, lang=language),
            self.channel_id and _("came by %s", self.channel_id.name),
        ]
        address = self._get_customer_address()
        parts.append(
            _("answers go to %s", address)
            if address
            else _("there is no mail address: call, or ask for one")
        )
        return ", ".join(filter(None, parts))

    # -- queueing ------------------------------------------------------------------
    def _on_phase_entered(self, phase_before):
        result = super()._on_phase_entered(phase_before)
        if self._is_reopened_from(phase_before):
            self._queue_notice(self.flow_id.sudo().reopened_template_id)
            # sudo: follows from the re-opening, which the user had the right to do
            self.sudo().notice_stage_ids = False
        elif PHASE_ORDER.index(self.phase) > PHASE_ORDER.index(phase_before):
            self._queue_stage_notice()
        else:
            self._drop_notice()
        return result

    def _queue_stage_notice(self):
        # sudo: the step says what the customer is told, whoever takes it
        stage = self.stage_id.sudo()
        if stage.is_customer_told and stage not in self.sudo().notice_stage_ids:
            self._queue_notice(stage.mail_template_id)

    def _queue_notice(self, template):
        """Have the customer told by the scheduled action, or mute it if staff said
        so before."""
        if not template or not self._should_tell_customer():
            return
        vals = {"notice_state": "queued", "notice_template_id": template.id}
        if self.notice_mute_reason:
            vals |= {"notice_state": "muted", "notice_mute_reason": False}
            self._journal_log(
                "notice_muted", note=f"{template.name}: {self.notice_mute_reason}"
            )
        # sudo: guarded fields that follow from the step
        self.sudo().write(vals)
        if vals["notice_state"] == "queued":
            self.env["ir.cron"]._wake_complaint_job("notice")

    def _drop_notice(self):
        """Back in an earlier step before the mail was sent: it would be wrong."""
        if self.notice_state == "queued":
            # sudo: see _queue_notice
            self.sudo().notice_state = "none"

    def _should_tell_customer(self):
        """Hook: tell whether this customer is told about steps at all. Cases of another
        system that are imported were answered there long ago."""
        self.ensure_one()
        return not self.env.context.get("import_file")

    # -- muting --------------------------------------------------------------------
    def action_mute_notice(self):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Don't send one mail"),
            "res_model": "complaint.notice.mute",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id},
        }

    def _mute_notice(self, reason):
        """Keep back the mail that waits, else the next one."""
        self._check_may_work()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the customer isn't told."))
        waiting = self.filtered(lambda case: case.notice_state == "queued")
        # sudo: guarded fields; the right was checked above
        waiting.sudo().notice_state = "muted"
        (self - waiting).sudo().notice_mute_reason = reason
        self._journal_log("notice_muted", note=reason)

    # -- sending -------------------------------------------------------------------
    @api.model
    def _cron_send_notices(self):
        """Send queued mails, each once; a bad one doesn't stop the rest."""
        self._work_queue(
            [("notice_state", "=", "queued")],
            lambda cases: cases._send_each(
                lambda case: case._send_notice(), "notice_state"
            ),
            NOTICE_BATCH,
        )

    def _send_notice(self):
        template = self.notice_template_id
        if self._get_customer_address():
            self._post_template(template)
            state = "sent"
        else:
            state = self._ask_to_call(template)
        self.write(
            {
                "notice_state": state,
                "notice_sent_at": fields.Datetime.now() if state == "sent" else False,
                "notice_stage_ids": [(4, self.stage_id.id)],
            }
        )

    def _ask_to_call(self, template):
        """Nobody can be written to: the owner calls. Return the state."""
        if not (self.partner_phone or self.partner_id.phone):
            return "none"
        user = self.user_id or self.team_id.leader_id
        self.activity_unlink([CALL_ACTIVITY])
        self.activity_schedule(
            CALL_ACTIVITY,
            user_id=user.id or self.env.uid,
            summary=self.env._("Tell the customer by phone: %s", self.stage_id.name),
            note=template._render_field("body_html", self.ids, compute_lang=True)[
                self.id
            ],
        )
        return "phone"
