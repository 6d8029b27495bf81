from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.legal_marks import marked_text, places_of
from .complaint_legal_hit import LEGAL_GROUP

# Only code that imports this object can set a risk that nobody set by hand: a value in
# the context of a caller is never this very object.
BY_SEARCH = object()
# Of longer texts the screen shows the places, not the whole.
MOST_SHOWN = 20_000


class ComplaintLegalMixin(models.AbstractModel):
    """Whether a case may end in court or with an authority, and what says so.

    Words that customers write are searched for legal terms. When the weights of the
    terms that nobody dismissed reach the threshold of the company, the case is a legal
    risk. Whoever works on a case can say so too; only legal takes it back.
    """

    _name = "complaint.legal.mixin"
    _description = "Legal Risk"
    _inherit = ["complaint.legal.scan.mixin", "complaint.legal.alert.mixin"]
    _guarded_fields = ("is_legal_risk_by_hand", "legal_score")

    is_legal_risk = fields.Boolean(
        "Legal risk",
        tracking=True,
        help="Court, lawyer, authority, press or claim for damages is in sight. Set by "
        "the words of the customer or by hand; legal takes it back.",
    )
    is_legal_risk_by_hand = fields.Boolean(
        "Set by a person",
        compute="_compute_is_legal_risk_by_hand",
        store=True,
        precompute=True,
        # guarded; what is given at birth must not be computed over
        readonly=False,
        copy=False,
    )
    legal_note = fields.Text("Why it is a legal risk")
    legal_score = fields.Integer(
        "Weight of the words",
        readonly=True,
        copy=False,
        help="Sum of the weights of the different terms found and not dismissed.",
    )
    legal_threshold = fields.Integer("Threshold", compute="_compute_legal_threshold")
    legal_hit_ids = fields.One2many(
        "complaint.legal.hit", "case_id", "Words found", readonly=True, copy=False
    )
    legal_words = fields.Char("Words of a legal risk", compute="_compute_legal_words")
    legal_text_html = fields.Html(
        "Where they stand", compute="_compute_legal_text_html", sanitize=False
    )
    can_judge_legal = fields.Boolean(compute="_compute_can_judge_legal")

    # -- computed fields -----------------------------------------------------------
    @api.depends()
    def _compute_is_legal_risk_by_hand(self):
        """Who takes a case in as a legal risk has decided."""
        for case in self:
            case.is_legal_risk_by_hand = case.is_legal_risk

    @api.depends(lambda self: ["company_id"] if "company_id" in self else [])
    def _compute_legal_threshold(self):
        for case in self:
            case.legal_threshold = case.company_id.complaint_legal_threshold

    @api.depends_context("uid")
    def _compute_can_judge_legal(self):
        self.can_judge_legal = self.env.user.has_group(LEGAL_GROUP)

    @api.depends("legal_hit_ids.dismissed_at")
    @api.depends_context("lang")
    def _compute_legal_words(self):
        """“Court or prosecutor: mahkemeye, dava; Lawyer: avukatım”"""
        field = self.env["complaint.legal.hit"]._fields["kind"]
        kinds = dict(field._description_selection(self.env))
        for case in self:
            by_kind = (
                case._get_open_hits().sorted("weight", reverse=True).grouped("kind")
            )
            case.legal_words = "; ".join(
                f"{kinds[kind]}: {', '.join(dict.fromkeys(of_kind.mapped('match')))}"
                for kind, of_kind in by_kind.items()
            )

    @api.depends("legal_hit_ids.dismissed_at")
    @api.depends_context("lang")
    def _compute_legal_text_html(self):
        for case in self:
            case.legal_text_html = case._origin._render_legal_texts()

    def _render_legal_texts(self):
        """Return the texts in which terms were found, with the terms marked."""
        hits = self._get_open_hits()
        labels = self.env["complaint.legal.hit"]._fields
        kinds = dict(labels["kind"]._description_selection(self.env))
        sources = dict(labels["source"]._description_selection(self.env))
        groups = hits.grouped(
            lambda h: (h.source, h.message_id, h.attachment_id, h.feedback_id)
        )
        sections = [
            {
                "title": sources[source],
                "name": file.name or "",
                "date": message.date or answer.answered_at,
                "body": self._mark_legal_text(part, kinds),
            }
            for (source, message, file, answer), part in sorted(
                groups.items(), key=lambda item: item[1].ids[0]
            )
        ]
        if not sections:
            return False
        return self.env["ir.qweb"]._render(
            "complaint_management.legal_texts", {"sections": sections}
        )

    def _mark_legal_text(self, hits, kinds):
        words = {hit.match: f"{kinds[hit.kind]} ({hit.term})" for hit in hits}
        text = self._get_legal_shown_text(hits[:1])
        if not text or not any(word in text for word in words):
            text = "\n\n".join(dict.fromkeys(hits.mapped("snippet")))
            words = {" ".join(word.split()): title for word, title in words.items()}
        return marked_text(text, places_of(text, words))

    def _get_legal_shown_text(self, hit):
        """Return the whole text in which a hit stands, if it is short enough."""
        if hit.source in self._legal_fields():
            text = self[hit.source]
        elif hit.source == "message":
            parts = self._get_legal_texts_of_message(hit.message_id)
            text = parts[0].text if parts else ""
        elif hit.source == "feedback":
            text = hit.feedback_id.comment
        else:
            text = ""  # A file is opened; here the places are shown.
        return text if len(text or "") <= MOST_SHOWN else ""

    # -- CRUD ------------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """A threat in a new case makes it a risk from the start, so that priority and
        promises are those of a risk and nothing is written twice."""
        found = [self._legal_find_at_birth(vals) for vals in vals_list]
        vals_list = [
            {**vals, "is_legal_risk": True, "is_legal_risk_by_hand": False}
            if is_risk and not vals.get("is_legal_risk")
            else vals
            for vals, (__, is_risk) in zip(vals_list, found, strict=True)
        ]
        cases = super().create(vals_list)
        speaking = self.browse(
            case.id for case, (hits, __) in zip(cases, found, strict=True) if hits
        )
        if speaking:
            # sudo: what is found is kept by the system, whoever takes the case in
            cases_sudo = speaking.sudo()
            texts = cases_sudo._get_legal_own_texts()
            cases_sudo._legal_scan(texts, is_new=True)
        return cases

    @api.model
    def _legal_find_at_birth(self, vals):
        """Return (whether terms are in a new case, whether they make it a risk)."""
        # sudo: terms and threshold are configuration
        company = self.env["res.company"].sudo()
        company = company.browse(vals.get("company_id") or self.env.company.id)
        Term = self.env["complaint.legal.term"].sudo()
        terms = {}
        for name in self._legal_fields():
            text = vals.get(name) or self.env.context.get(f"default_{name}")
            if isinstance(text, str):
                for term, *__ in Term._find(company.id, text):
                    terms[term.lang, term.name] = term.weight
        score = sum(terms.values())
        return bool(terms), bool(terms) and score >= company.complaint_legal_threshold

    def _legal_alert_new(self):
        """Tell legal about new cases that are a risk, when all is there that decides
        who may read them."""
        self.filtered(lambda case: case.is_legal_risk and case.is_open)._legal_alert()

    def write(self, vals):
        by_search = self.env.context.get("complaint_legal_by_search") is BY_SEARCH
        if "is_legal_risk" in vals and not by_search:
            self._check_legal_decision(vals["is_legal_risk"])
            before = self.filtered("is_legal_risk")
            result = super().write(vals)
            # sudo: guarded, follows from what was allowed
            self.sudo().is_legal_risk_by_hand = vals["is_legal_risk"]
            if vals["is_legal_risk"]:
                (self - before)._legal_alert()
            else:
                before._legal_end_alert()
        else:
            result = super().write(vals)
        if names := [name for name in self._legal_fields() if name in vals]:
            # sudo: what the customer says is searched, whoever wrote it down
            cases_sudo = self.sudo()
            cases_sudo._legal_scan(cases_sudo._get_legal_own_texts(names))
        return result

    def _check_legal_decision(self, is_risk):
        """Everybody may see a risk coming; only legal takes one back."""
        risky = self.filtered("is_legal_risk")
        if is_risk or not risky or self.env.su:
            return
        if not self.env.user.has_group(LEGAL_GROUP):
            raise AccessError(
                self.env._(
                    "Only legal takes a legal risk back. Tell them in a note why %s "
                    "isn't one.",
                    risky[0].display_name,
                )
            )
        for case in risky:
            if case.legal_score >= case.legal_threshold:
                raise UserError(
                    self.env._(
                        "The words of the customer make %s a legal risk. Dismiss those "
                        "that are false alarms, on the page “Legal”.",
                        case.display_name,
                    )
                )

    # -- settling --------------------------------------------------------------------
    def _legal_settle(self):
        """Make score and risk follow from the words found, as superuser. A case that
        becomes a risk alerts legal, once."""
        wanted = {case: case._get_legal_score() for case in self}
        fresh, safe = self.browse(), self.browse()
        for score, cases in self.grouped(wanted.get).items():
            changed = cases.filtered(lambda c, score=score: c.legal_score != score)
            changed.legal_score = score
            for case in cases:
                is_risk = case.is_legal_risk_by_hand or (
                    score >= case.legal_threshold > 0
                )
                if is_risk and not case.is_legal_risk:
                    fresh |= case
                elif case.is_legal_risk and not is_risk:
                    safe |= case
        fresh._legal_set_risk(True)
        safe._legal_set_risk(False)
        safe._legal_end_alert()
        fresh._legal_alert()

    def _get_legal_score(self):
        """Return the sum of the weights; a term that stands in several texts counts
        once."""
        hits = self._get_open_hits()
        return sum({(hit.lang, hit.term): hit.weight for hit in hits}.values())

    def _get_open_hits(self):
        return self.legal_hit_ids.filtered(lambda hit: not hit.dismissed_at)

    def _legal_set_risk(self, is_risk):
        if self:
            by_search = self.with_context(complaint_legal_by_search=BY_SEARCH)
            by_search.write({"is_legal_risk": is_risk})

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self._is_message_of_customer(message):
            self._legal_scan_message(message)
        return result

    def _merge_legal(self, survivor, is_same_customer):
        """What was found stays found. Is called as superuser."""
        self.legal_hit_ids.write({"case_id": survivor.id})
        (self | survivor).invalidate_recordset(["legal_hit_ids"])
        if self.is_legal_risk_by_hand and not survivor.is_legal_risk:
            survivor.is_legal_risk = True
        survivor._legal_settle()

    # -- buttons ---------------------------------------------------------------------
    def action_dismiss_legal_hits(self):
        """Dismiss all words of the case, with one reason."""
        self.ensure_one()
        return self._get_open_hits().action_dismiss()

    def action_confirm_legal_risk(self):
        """Legal looked at it: the risk is real, and stays whatever the words."""
        self.env["complaint.legal.hit"]._check_may_judge()
        self.check_access("write")
        for case in self:
            case.is_legal_risk = True
            case._journal_log("legal_risk_confirmed", note=case.legal_words)
        self._legal_end_alert()

    def action_search_legal_terms(self):
        """Search this case again, after the list of terms changed."""
        self.check_access("write")
        # sudo: hits are written by the system; the right was checked
        new, gone = self.sudo()._legal_search_again()
        text = self.env._(
            "%(new)s new words found, %(gone)s no longer on the list.",
            new=len(new),
            gone=len(gone),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _legal_search_again(self):
        """Search everything of these cases (superuser). Return (new, gone) hits."""
        return self._legal_scan(self._get_legal_text_sources(), is_whole=True)
