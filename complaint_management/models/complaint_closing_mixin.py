from odoo import fields, models
from odoo.exceptions import UserError

VERDICTS = [
    ("pending", "No answer yet"),
    ("accepted", "Accepted"),
    ("disputed", "Disputed"),
    ("no_answer", "Gave no answer"),
]
VERDICT_SOURCES = [
    ("staff", "Told to a colleague"),
    ("portal", "On the portal"),
    ("mail", "By mail"),
]
TOLD_WAYS = [
    ("message", "In writing"),
    ("phone", "By phone"),
    ("in_person", "In person"),
    ("letter", "By letter"),
    ("unreachable", "Can't be told"),
]
# A person has answered, though not in a message.
SPOKEN_WAYS = ("phone", "in_person", "letter")


class ComplaintClosingMixin(models.AbstractModel):
    """What follows from the decision: told, accepted or disputed, re-opened or taken
    to somebody outside, and what was learned."""

    _name = "complaint.closing.mixin"
    _description = "Closing"
    _guarded_fields = (
        "decision_sent_at",
        "decision_told_way",
        "customer_verdict",
        "verdict_at",
        "verdict_words",
        "verdict_source",
        "reopen_count",
    )
    _journal_fields = (
        "decision",
        "lesson",
        "external_body",
        "external_reference",
        "external_filed_on",
        "external_outcome",
        "external_closed_on",
    )

    decision = fields.Text(
        copy=False,
        help="What was decided, in clear and respectful words. The customer reads it.",
    )
    decision_sent_at = fields.Datetime("Decision told on", readonly=True, copy=False)
    decision_told_way = fields.Selection(
        TOLD_WAYS, "Decision told", readonly=True, copy=False
    )
    customer_verdict = fields.Selection(
        VERDICTS,
        "Customer's answer to it",
        readonly=True,
        required=True,
        default="pending",
        copy=False,
    )
    verdict_at = fields.Datetime("Customer's answer on", readonly=True, copy=False)
    verdict_words = fields.Text("Customer's own words", readonly=True, copy=False)
    verdict_source = fields.Selection(
        VERDICT_SOURCES, "How the answer came", readonly=True, copy=False
    )
    lesson = fields.Text(
        "Lesson learned",
        copy=False,
        help="What others should know, so that it doesn't happen again elsewhere.",
    )
    reopen_count = fields.Integer("Times re-opened", readonly=True, copy=False)
    external_body = fields.Char(
        "External body",
        copy=False,
        help="Ombudsman, authority or mediator to whom the customer has turned.",
    )
    external_reference = fields.Char("Their reference", copy=False)
    external_filed_on = fields.Date("Filed on", copy=False)
    external_outcome = fields.Text("Outcome", copy=False)
    external_closed_on = fields.Date("Decided on", copy=False)

    # -- gates -------------------------------------------------------------------
    def _gate_check_decision_told(self):
        return bool(self.decision_sent_at)

    def _gate_check_responded(self):
        return bool(self.responded_at) or self.decision_told_way == "unreachable"

    def _gate_check_external_finished(self):
        return not self.external_body or bool((self.external_outcome or "").strip())

    # -- the decision ------------------------------------------------------------
    def action_answer(self):
        """Open the letter that tells the customer the decision."""
        self.ensure_one()
        self.check_access("write")
        if not (self.decision or "").strip():
            raise UserError(
                self.env._(
                    "Write the decision of %s first: the answer is made from it.",
                    self.display_name,
                )
            )
        return self._open_closing_form("complaint.answer", self.env._("Answer"))

    def action_enter_verdict(self):
        self.ensure_one()
        self._check_decision_told()
        return self._open_closing_form(
            "complaint.verdict", self.env._("What the customer says to it")
        )

    def action_reopen(self):
        self.ensure_one()
        return self._open_closing_form("complaint.reopen", self.env._("Re-open"))

    def _open_closing_form(self, model, name):
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id},
        }

    def _note_decision_told(self, way, note=""):
        """The customer knows the decision from now on."""
        self.ensure_one()
        self._check_may_work()
        now = fields.Datetime.now()
        vals = {
            "decision_sent_at": now,
            "decision_told_way": way,
            "customer_verdict": "pending",
        }
        if way in SPOKEN_WAYS:
            vals["responded_at"] = self.responded_at or now
            self._sla_stop("respond", now)
            self._sla_stop("acknowledge", now)
        # sudo: guarded fields that follow from the answer, for which the right was
        # checked just before
        self.sudo().write(vals)
        label = dict(self._fields["decision_told_way"]._description_selection(self.env))
        note = f"{label[way]}. {note}".strip()
        self._journal_log("decision_told", note=note)

    def _check_may_work(self):
        # sudo: a colleague's own right counts, also where code calls as superuser
        case = self.sudo(False)
        case.check_access("write")
        case._check_impartial()

    def _check_decision_told(self):
        for case in self:
            if not case.decision_sent_at:
                raise UserError(
                    self.env._(
                        "%s: the customer doesn't know the decision yet. Send the "
                        "answer first.",
                        case.display_name,
                    )
                )

    # -- the customer's answer -----------------------------------------------------
    def _register_verdict(self, verdict, words="", source="staff"):
        """Note what the customer says to the decision.

        :param str verdict: ``accepted``, ``disputed`` or ``no_answer``
        :param str words: what the customer said
        :param str source: ``staff``, ``portal`` or ``mail``. Pages of the portal call
            this on a superuser record after they have checked whose case it is.
        """
        if verdict not in ("accepted", "disputed", "no_answer"):
            raise UserError(self.env._("Accepted, disputed or no answer?"))
        if source == "staff":
            self._check_may_work()
        self._check_decision_told()
        if verdict == "disputed" and not (words or "").strip():
            raise UserError(self.env._("Write down why the customer disagrees."))
        # sudo: guarded fields; the right was checked above
        self.sudo().write(
            {
                "customer_verdict": verdict,
                "verdict_at": fields.Datetime.now(),
                "verdict_words": words,
                "verdict_source": source,
            }
        )
        self._journal_log(f"decision_{verdict}", note=words)
        if verdict == "disputed" and source != "staff":
            self._ask_about_dispute(words)

    def _ask_about_dispute(self, words):
        """The owner decides: re-open, or somebody outside."""
        for case in self:
            user = case.user_id or case.team_id.leader_id
            case.activity_schedule(
                "complaint_management.mail_activity_type_dispute",
                user_id=user.id or self.env.uid,
                note=words,
            )

    # -- re-opening ----------------------------------------------------------------
    def _reopen_guarded_values(self):
        """Return what a re-opened case forgets; the journal keeps it."""
        return {
            "reopen_count": self.reopen_count + 1,
            "decision_sent_at": False,
            "decision_told_way": False,
        }

    def _on_phase_entered(self, phase_before):
        result = super()._on_phase_entered(phase_before)
        if self._is_reopened_from(phase_before):
            # sudo: follows from the re-opening, which the user had the right to do
            self.sudo().write(self._reopen_guarded_values())
        return result
