import csv
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL, file_open

from ..tools.legal_marks import marked_text
from ..tools.term_matcher import TermMatcher
from ..tools.word_endings import LANGUAGES

KINDS = [
    ("court", "Court or prosecutor"),
    ("lawyer", "Lawyer"),
    ("compensation", "Damages"),
    ("authority", "Authority"),
    ("press", "Press and public"),
    ("safety", "Danger to people"),
    ("data", "Personal data"),
    ("contract", "Breach of contract"),
]
# A text of more characters is read up to here: a book in an attachment must not hold
# up the intake of complaints.
MOST_CHARACTERS = 200_000


class TermData(NamedTuple):
    """What a finding needs of a term, free of any cursor."""

    id: int
    lang: str
    name: str
    kind: str
    weight: int


class Finding(NamedTuple):
    """A term in a text: ``text[start:end]``."""

    term: TermData
    start: int
    end: int

    def rank(self, lang):
        """Return what sorts the finding that says most first."""
        length = self.end - self.start
        return -self.term.weight, -length, self.term.lang != lang, self.term.id

    def shares_words(self, other):
        return (
            self.term.kind == other.term.kind
            and self.start < other.end
            and other.start < self.end
        )


class ComplaintLegalTerm(models.Model):
    """A word, or several, in which a legal risk shows when a customer writes them."""

    _name = "complaint.legal.term"
    _description = "Legal Term"
    _inherit = ["complaint.company.mixin", "complaint.cached.mixin"]
    _order = "lang, kind, name, id"

    name = fields.Char(
        "Word or words",
        required=True,
        index="trigram",
        help="As a dictionary has it. Upper and lower case, letters without their dots "
        "and, by language, the usual endings are found too. “appeal*” takes any "
        "ending.",
    )
    lang = fields.Selection(
        [
            ("az", "Azerbaijani"),
            ("tr", "Turkish"),
            ("fa", "Persian"),
            ("en", "English"),
            ("ru", "Russian"),
            ("xx", "Another language (without endings)"),
        ],
        "Language",
        required=True,
        default=lambda self: self._default_lang(),
        help="Decides which endings a word may have. Complaints are searched for the "
        "terms of all languages, because people mix them.",
    )
    kind = fields.Selection(KINDS, required=True, default="court")
    weight = fields.Integer(
        required=True,
        default=10,
        aggregator=None,
        help="How much the word says by itself. A case is a legal risk when the "
        "weights of the different words found in it reach the threshold of the "
        "company (10 unless changed in the settings).",
    )
    mode = fields.Selection(
        [
            ("stem", "Word with its endings"),
            ("word", "Exactly this word"),
            ("phrase", "Several words in this order"),
        ],
        "How to find it",
        required=True,
        default="stem",
        help="“Several words” takes each of them with its endings, and any white space "
        "or line end between them.",
    )
    exceptions = fields.Char(
        "Not these words",
        help="Words that look like forms of this one and mean something else, "
        "separated by commas; “court*” leaves out whatever starts so.",
    )
    hit_count = fields.Integer("Times found", compute="_compute_hit_counts")
    alarm_rate = fields.Float(
        "False alarms",
        compute="_compute_hit_counts",
        help="Share of the places that legal dismissed.",
    )
    try_text = fields.Text("Try it on a text", store=False)
    try_result = fields.Html("Result", compute="_compute_try_result", sanitize=False)

    _weight_range = models.Constraint(
        "CHECK(weight BETWEEN 1 AND 100)", "A weight is between 1 and 100."
    )
    _name_unique = models.UniqueIndex(
        "(lang, LOWER(name), COALESCE(company_id, 0))",
        "This term is on the list already.",
    )

    # -- defaults and computed fields ------------------------------------------
    @api.model
    def _default_lang(self):
        lang = (self.env.user.lang or "en")[:2]
        return lang if lang in LANGUAGES else "en"

    def _compute_hit_counts(self):
        # sudo: numbers only, over cases that the user may not read
        hits = self.env["complaint.legal.hit"].sudo()
        counts = {
            term.id: (count, dismissed)
            for term, count, dismissed in hits._read_group(
                [("term_id", "in", self.ids)],
                ["term_id"],
                ["__count", "dismissed_at:count"],
            )
        }
        for term in self:
            term.hit_count, dismissed = counts.get(term._origin.id, (0, 0))
            term.alarm_rate = dismissed / term.hit_count if term.hit_count else 0

    @api.depends("try_text", "name", "lang", "mode", "exceptions")
    def _compute_try_result(self):
        for term in self:
            text = term.try_text or ""
            if not (text.strip() and term.name):
                term.try_result = False
                continue
            found = TermMatcher([term._get_matcher_entry()]).find(text)
            places = [(match.start, match.end, term.name) for match in found]
            term.try_result = marked_text(text, places)

    # -- configuration ---------------------------------------------------------
    @api.constrains("name", "mode")
    def _check_name(self):
        """A term of one or two letters with endings would be found everywhere."""
        for term in self:
            letters = sum(map(str.isalnum, term.name))
            if letters < (2 if term.mode == "word" else 3):
                raise ValidationError(
                    self.env._(
                        "“%s” is too short: it would be found in many other words. "
                        "Abbreviations are found with “Exactly this word”.",
                        term.name,
                    )
                )

    @api.onchange("name")
    def _onchange_name(self):
        words = len((self.name or "").split())
        if words > 1:
            self.mode = "phrase"
        elif words and self.mode == "phrase":
            self.mode = "stem"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name"):
                vals["name"] = " ".join(vals["name"].split())
        return super().create(vals_list)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for term, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (copy)", term.name)
        return vals_list

    @api.model
    def _load_seeds(self):
        """Load the terms that come with the addon. Runs at each upgrade: new ones are
        added, those that somebody changed or archived stay as they are."""
        data = []
        for lang in LANGUAGES:
            path = f"complaint_management/data/legal_terms/{lang}.csv"
            with file_open(path, "r") as file:
                for values in csv.DictReader(file):
                    xml_id = f"complaint_management.{values.pop('id')}"
                    data.append({"xml_id": xml_id, "values": values, "noupdate": True})
        self._load_records(data, update=True)

    # -- finding ---------------------------------------------------------------
    @api.model
    def _find(self, company_id, text, lang=None):
        """Return the findings in a text. Of terms of one kind that share words, the
        one that says most counts: “will sue”, “sue you” and “sue” are one threat.

        :param lang: two-letter code; of terms of several languages that are written
            alike, the one of this language is named
        """
        text = (text or "")[:MOST_CHARACTERS]
        matcher, terms = self._get_matcher(company_id)
        findings = [
            Finding(terms[match.term_id], match.start, match.end)
            for match in matcher.find(text)
        ]
        kept = []
        for one in sorted(findings, key=lambda finding: finding.rank(lang)):
            if not any(one.shares_words(other) for other in kept):
                kept.append(one)
        return sorted(kept, key=lambda finding: finding.start)

    @api.model
    @tools.ormcache("company_id")
    def _get_matcher(self, company_id):
        """Return (matcher, {id: TermData}) of the terms of a company."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, lang, name, kind, weight, mode, exceptions
                  FROM complaint_legal_term
                 WHERE active AND (company_id IS NULL OR company_id = %s)
              ORDER BY id
                """,
                company_id,
            )
        )
        terms = {row[0]: TermData(*row[:5]) for row in rows}
        return TermMatcher((*row[:3], *row[5:]) for row in rows), terms

    def _get_matcher_entry(self):
        self.ensure_one()
        return self.id, self.lang, self.name, self.mode, self.exceptions

    def action_open_hits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "complaint_management.complaint_legal_hit_action"
        )
        return {**action, "domain": [("term_id", "=", self.id)], "context": {}}
