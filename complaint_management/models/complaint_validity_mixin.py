from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

NOT_JUSTIFIED = "not_justified"
MANAGER_GROUP = "complaint_management.complaint_group_manager"
LEGAL_GROUP = "complaint_management.complaint_group_legal"
# Only code that imports this object stores the judgement "not justified".
CONFIRMED = object()


class ComplaintValidityMixin(models.AbstractModel):
    """Whether a complaint is justified, judged with a reason.

    "Not justified" takes two people. Whatever route writes it (form, import, RPC,
    mass change, code with all rights), what is stored is a proposal of the one who
    writes; only :meth:`action_confirm_validity` of somebody else makes it the
    judgement. Until then the case counts as not judged.
    """

    _name = "complaint.validity.mixin"
    _description = "Judgement of a Complaint"
    _guarded_fields = ("validity_proposed_by_id", "validity_proposed_at")
    _journal_fields = ("validity", "validity_reason", "validity_proposed_by_id")

    validity = fields.Selection(
        [
            ("pending", "Not judged yet"),
            ("justified", "Justified"),
            ("partly", "Partly justified"),
            (NOT_JUSTIFIED, "Not justified"),
        ],
        "Judgement",
        required=True,
        default="pending",
        copy=False,
        tracking=True,
        help="“Not justified” is a proposal until a second person confirms it.",
    )
    validity_reason = fields.Text(
        "Reason of the judgement",
        copy=False,
        help="What was looked at, and what it showed.",
    )
    validity_proposed_by_id = fields.Many2one(
        "res.users",
        "“Not justified” proposed by",
        readonly=True,
        copy=False,
        tracking=True,
    )
    validity_proposed_at = fields.Datetime("Proposed on", readonly=True, copy=False)
    can_confirm_validity = fields.Boolean(
        "I may confirm the judgement", compute="_compute_can_confirm_validity"
    )
    recourse_text = fields.Html("Where else to turn", compute="_compute_recourse_text")

    @api.depends("validity_proposed_by_id", "is_legal_risk")
    @api.depends_context("uid")
    def _compute_can_confirm_validity(self):
        for case in self:
            case.can_confirm_validity = bool(
                case.validity_proposed_by_id
            ) and case._may_confirm_validity(self.env.user)

    @api.depends("company_id", "lang", "partner_id.country_id", "validity")
    def _compute_recourse_text(self):
        for case in self:
            wanted = case.validity in ("partly", NOT_JUSTIFIED)
            wanted = wanted or case.validity_proposed_by_id
            case.recourse_text = case._get_recourse_text() if wanted else False

    @api.constrains("validity", "validity_reason", "validity_proposed_by_id")
    def _check_validity_reason(self):
        for case in self:
            judged = case.validity != "pending" or case.validity_proposed_by_id
            if judged and not (case.validity_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "Write down the reason of the judgement on %s.",
                        case.display_name,
                    )
                )

    # -- writing -------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        # A default of the user or of the context is a route too.
        default = self.default_get(["validity"])
        cases = super().create(
            [self._propose_not_justified({**default, **vals}) for vals in vals_list]
        )
        cases.filtered("validity_proposed_by_id")._ask_second_person()
        return cases

    def write(self, vals):
        if "validity" not in vals or self._is_validity_confirmed():
            return super().write(vals)
        if vals["validity"] != NOT_JUSTIFIED:
            # Another judgement takes the proposal back.
            self.filtered("validity_proposed_by_id")._forget_second_person()
            nobody = {"validity_proposed_by_id": False, "validity_proposed_at": False}
            return super().write({**vals, **nobody})
        judged = self.filtered(lambda case: case.validity == NOT_JUSTIFIED)
        if judged:
            super(ComplaintValidityMixin, judged).write(
                {key: value for key, value in vals.items() if key != "validity"}
            )
        waiting = self - judged
        result = super(ComplaintValidityMixin, waiting).write(
            self._propose_not_justified(vals)
        )
        waiting._ask_second_person()
        return result

    @api.model
    def _is_validity_confirmed(self):
        return self.env.context.get("complaint_validity_confirmed") is CONFIRMED

    @api.model
    def _propose_not_justified(self, vals):
        """Return values that propose "not justified" in place of storing it."""
        if vals.get("validity") != NOT_JUSTIFIED or self._is_validity_confirmed():
            return vals
        return {
            **vals,
            "validity": "pending",
            "validity_proposed_by_id": self.env.uid,
            "validity_proposed_at": fields.Datetime.now(),
        }

    # -- second person -------------------------------------------------------------
    def _may_confirm_validity(self, user):
        """Tell whether ``user`` can be the second person of a judgement."""
        self.ensure_one()
        is_judge = user.has_group(MANAGER_GROUP) or (
            self.is_legal_risk and user.has_group(LEGAL_GROUP)
        )
        return (
            is_judge
            and not user._is_superuser()
            and user != self.validity_proposed_by_id
            and not self._is_about(user)
        )

    def _check_second_person(self):
        for case in self:
            if not case.validity_proposed_by_id:
                raise UserError(
                    self.env._(
                        "Nobody has proposed a judgement on %s.", case.display_name
                    )
                )
            if not case._may_confirm_validity(self.env.user):
                raise AccessError(
                    self.env._(
                        "“Not justified” on %s is confirmed by a second person: a "
                        "manager, or a colleague of legal when there is a legal risk, "
                        "who neither proposed it nor is the subject of the complaint.",
                        case.display_name,
                    )
                )

    def action_confirm_validity(self):
        """Be the second person who finds a complaint not justified."""
        self.check_access("write")
        self._check_second_person()
        for case in self:
            proposer = case.validity_proposed_by_id
            confirmed = case.with_context(complaint_validity_confirmed=CONFIRMED)
            # sudo: guarded fields; the right of the second person is checked above
            confirmed.sudo().write(
                {
                    "validity": NOT_JUSTIFIED,
                    "validity_proposed_by_id": False,
                    "validity_proposed_at": False,
                }
            )
            case._journal_log(
                "validity_confirmed",
                before={case.id: {"validity_proposed_by_id": proposer.id}},
                after={case.id: {"validity": NOT_JUSTIFIED}},
                note=case.validity_reason,
            )
            case._forget_second_person()
            case._tell_proposer(
                proposer, self.env._("The judgement “Not justified” is confirmed.")
            )

    def action_reject_validity(self):
        """Ask for the reason why the proposed judgement isn't confirmed."""
        self._check_second_person()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_validity_reject_action"
        )
        return {**action, "context": {"default_case_ids": self.ids}}

    def _reject_validity(self, reason):
        """Send a proposed judgement back to the one who made it."""
        self.check_access("write")
        self._check_second_person()
        for case in self:
            proposer = case.validity_proposed_by_id
            # sudo: guarded fields; the right of the second person is checked above
            case.sudo().write(
                {"validity_proposed_by_id": False, "validity_proposed_at": False}
            )
            case._journal_log("validity_rejected", note=reason)
            case._forget_second_person()
            text = self.env._("“Not justified” is not confirmed: %s", reason)
            case._tell_proposer(proposer, text)

    def _tell_proposer(self, proposer, text):
        self.ensure_one()
        self.message_post(
            body=text,
            subtype_xmlid="mail.mt_note",
            partner_ids=proposer.filtered("active").partner_id.ids,
        )

    def _get_second_person(self):
        """Hook: return who is asked first: the leader of the team, else a manager."""
        self.ensure_one()
        # sudo: whoever judges need not see who the managers are
        group = self.sudo().env.ref(MANAGER_GROUP)
        managers = group._get_complaint_people(self.company_id)
        users = self.sudo().team_id.leader_id | managers
        return users.filtered(lambda user: self._may_confirm_validity(user))[:1]

    def _ask_second_person(self):
        """Put the judgement on the list of somebody who may confirm it."""
        self._forget_second_person()
        for case in self:
            if user := case._get_second_person():
                case.activity_schedule(
                    "complaint_management.mail_activity_type_judge",
                    user_id=user.id,
                    note=case.validity_reason,
                )

    def _forget_second_person(self):
        if not self:
            return
        # sudo: the activity is another user's and follows from the judgement
        self.sudo().activity_unlink(["complaint_management.mail_activity_type_judge"])

    # -- what others ask -----------------------------------------------------------
    def _gate_check_validity_judged(self):
        return self.validity != "pending"

    def _get_recourse_text(self):
        """Return (Markup) where else the customer can turn, in their language; empty
        when the company has no text. For answers to the customer."""
        self.ensure_one()
        # sudo: the text is written for the customer, whoever answers
        recourse = (
            self.env["complaint.recourse"]
            .sudo()
            ._find(self.company_id, self.sudo().partner_id.country_id)
        )
        lang = self.lang or self.company_id.partner_id.lang
        return recourse.with_context(lang=lang).text if recourse else ""
