import re

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from .complaint_hold_release_mixin import LEGAL_GROUP

PURPOSES = [
    ("acknowledgement", "Acknowledgement"),
    ("progress", "Where the complaint stands"),
    ("question", "Question to the customer"),
    ("decision", "Decision"),
    ("other", "Something else"),
]
PLACEHOLDER = re.compile(r"{{\s*([^}]*?)\s*}}")
# Only code that imports this object approves: a context key can't be this very object.
APPROVE_SENTINEL = object()


class ComplaintResponseTemplate(models.Model):
    """An answer to customers that legal has approved, word by word.

    On cases with a legal risk or under a legal hold customers get nothing else. What is
    approved never changes: a change is a new version, which needs approval again. The
    placeholders are a short list of facts of the case; nothing else is rendered.
    """

    _name = "complaint.response.template"
    _description = "Approved Answer"
    _inherit = [
        "complaint.company.mixin",
        "complaint.guard.mixin",
        "complaint.journal.mixin",
    ]
    _order = "sequence, name, lang, version desc, id desc"
    _guarded_fields = (
        "state",
        "version",
        "previous_id",
        "author_id",
        "approved_by_id",
        "approved_at",
    )
    _journal_fields = ("name", "subject", "body", "lang", "state", "valid_until")
    _approved_fields = ("active", "sequence")

    name = fields.Char(required=True)
    purpose = fields.Selection(PURPOSES, required=True, default="other")
    lang = fields.Selection(
        "_selection_lang",
        "Language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
        help="Offered to customers who read this language.",
    )
    subject = fields.Char(required=True)
    body = fields.Html(
        required=True,
        sanitize="email_outgoing",
        help="Placeholders: {{ customer }}, {{ case }}, {{ company }}, {{ owner }}, "
        "{{ received_on }}, {{ answer_by }}, {{ solved_by }}.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("approved", "Approved"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    is_usable = fields.Boolean(
        "In use", compute="_compute_is_usable", search="_search_is_usable"
    )
    version = fields.Integer(required=True, readonly=True, default=1, copy=False)
    previous_id = fields.Many2one(
        "complaint.response.template",
        "Version before",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    author_id = fields.Many2one(
        "res.users",
        "Written by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        help="Who wrote it last. Somebody else approves it.",
    )
    approved_by_id = fields.Many2one(
        "res.users", "Approved by", readonly=True, copy=False, ondelete="restrict"
    )
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False)
    valid_until = fields.Date(
        "Valid until", help="The last day on which it is used. Empty: no end."
    )

    @api.model
    def _selection_lang(self):
        """Every language, installed or not: answers can be prepared before."""
        # sudo: names of languages
        languages = self.env["res.lang"].sudo().with_context(active_test=False)
        return [(lang.code, lang.name) for lang in languages.search([])]

    @api.depends("state", "valid_until")
    def _compute_is_usable(self):
        today = fields.Date.context_today(self)
        for template in self:
            template.is_usable = template.state == "approved" and (
                not template.valid_until or template.valid_until >= today
            )

    def _search_is_usable(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        usable = Domain("state", "=", "approved") & (
            Domain("valid_until", "=", False) | Domain("valid_until", ">=", today)
        )
        return Domain.OR([usable if wanted else ~usable for wanted in value])

    @api.depends("name", "version")
    def _compute_display_name(self):
        for template in self:
            template.display_name = f"{template.name or ''} v{template.version}"

    @api.constrains("subject", "body")
    def _check_placeholders(self):
        known = self.env["complaint.case"]._get_answer_facts()
        for template in self:
            named = PLACEHOLDER.findall(f"{template.subject} {template.body}")
            if unknown := [name for name in named if name not in known]:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” uses the unknown placeholder {{ %(unknown)s }}. "
                        "There are: %(known)s.",
                        name=template.name,
                        unknown=unknown[0],
                        known=", ".join(known),
                    )
                )

    # -- CRUD ----------------------------------------------------------------------
    def write(self, vals):
        # A context that comes by RPC holds no such object.
        if self.env.context.get("complaint_approve") is APPROVE_SENTINEL:
            return super().write(vals)
        if {"state", "approved_by_id", "approved_at", "version"} & vals.keys():
            raise AccessError(self.env._("Answers are approved by the button only."))
        if fixed := vals.keys() - set(self._approved_fields):
            for template in self.filtered(lambda t: t.state != "draft"):
                raise UserError(
                    self.env._(
                        "“%(name)s” was approved as it is (%(fields)s). Make a new "
                        "version; it is approved again.",
                        name=template.display_name,
                        fields=", ".join(sorted(fixed)),
                    )
                )
            if {"body", "subject"} & vals.keys():
                # sudo: who writes a text is its author, who can't approve it
                self.sudo().author_id = self.env.user
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # Not even the superuser makes one that is approved.
            for name in ("state", "approved_by_id", "approved_at"):
                vals.pop(name, None)
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if used := self.filtered(lambda template: template.state != "draft"):
            raise UserError(
                self.env._("“%s” was in use; withdraw it.", used[0].display_name)
            )

    # -- approval ------------------------------------------------------------------
    def action_approve(self):
        """Approve as somebody else than the author; the version before ends."""
        if not self.env.user.has_group(LEGAL_GROUP):
            raise AccessError(self.env._("Only the legal department approves answers."))
        for template in self:
            # sudo: a person's own right counts, also where code calls as superuser
            template.sudo(False).check_access("write")
            if template.state != "draft":
                raise UserError(self.env._("“%s” is no draft.", template.display_name))
            if template.author_id == self.env.user:
                raise AccessError(
                    self.env._(
                        "You wrote “%s” yourself. Another person of the legal "
                        "department approves it.",
                        template.display_name,
                    )
                )
            template.previous_id._write_state("withdrawn")
            template._write_state(
                "approved",
                approved_by_id=self.env.uid,
                approved_at=fields.Datetime.now(),
            )

    def action_withdraw(self):
        if not self.env.user.has_group(LEGAL_GROUP):
            raise AccessError(
                self.env._("Only the legal department withdraws approved answers.")
            )
        self._write_state("withdrawn")

    def _write_state(self, state, **vals):
        # sudo: guarded fields; the callers have checked the right
        approving = self.sudo().with_context(complaint_approve=APPROVE_SENTINEL)
        approving.write({"state": state, **vals})

    def action_new_version(self):
        """Make a draft of the next version and open it."""
        self.ensure_one()
        self.check_access("write")
        new = self.copy({"name": self.name})
        # sudo: guarded fields of the new draft
        new.sudo().with_context(complaint_approve=APPROVE_SENTINEL).write(
            {"version": self.version + 1, "previous_id": self.id}
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": new.id,
            "view_mode": "form",
        }

    # -- rendering -----------------------------------------------------------------
    def _render_for(self, case):
        """Return (subject, body) for a case; facts are escaped in the body."""
        self.ensure_one()
        facts = case.with_context(lang=self.lang)._get_answer_facts()

        def fill(text, quote):
            return PLACEHOLDER.sub(lambda found: quote(facts[found[1]]()), text or "")

        return fill(self.subject, str), fill(self.body, lambda text: str(escape(text)))

    @api.model
    def _get_usable_for(self, case):
        """Return the approved answers in the language of the customer."""
        # sudo: what legal has approved is the same for whoever answers
        return self.sudo().search(
            Domain("is_usable", "=", True)
            & Domain("lang", "=", case._get_answer_lang())
            & Domain("company_id", "in", [False, case.company_id.id])
        )
