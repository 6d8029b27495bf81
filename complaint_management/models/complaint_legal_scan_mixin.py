import re
from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import html2plaintext

from ..tools.legal_marks import decode_text, snippet
from .complaint_legal_term import MOST_CHARACTERS

# Evidence that may hold words of the customer or of their lawyer.
SPOKEN_EVIDENCE = ("document", "mail", "call_note")
# Files that are read themselves: what Odoo indexes of them is their ASCII part.
PLAIN_TYPES = ("text/plain", "text/csv", "text/markdown", "text/html")
MOST_BYTES = 4 * MOST_CHARACTERS


# What gives letters a look; html2plaintext would put signs in its place, also inside
# of words.
LOOKS = re.compile(r"</?(?:b|strong|i|em|u|s|span|font|mark|small)\b[^<>]*>", re.I)


def html_text(html):
    """Return what a person reads of HTML."""
    return html2plaintext(LOOKS.sub("", html or ""), include_references=False)


class LegalText(NamedTuple):
    """Something a customer said, to be searched for legal terms."""

    source: str
    text: str
    message_id: int | None = None
    attachment_id: int | None = None
    feedback_id: int | None = None

    def place(self):
        """Return where this stands, as a hit remembers it."""
        return self.source, self.message_id, self.attachment_id, self.feedback_id


class ComplaintLegalScanMixin(models.AbstractModel):
    """Searches what a customer said for legal terms, and keeps what it found.

    ``_get_legal_text_sources`` names everything that is searched; a bridge adds its
    own texts there and calls ``_legal_scan`` when one comes in.
    """

    _name = "complaint.legal.scan.mixin"
    _description = "Search for Legal Terms"

    # -- what is searched ----------------------------------------------------------
    def _get_legal_text_sources(self):
        """Hook: return {case: [LegalText, …]} of everything that is searched."""
        texts = self._get_legal_own_texts()
        for more in (
            self._get_legal_message_texts(),
            self._get_legal_file_texts(),
            self._get_legal_feedback_texts(),
        ):
            for case, parts in more.items():
                texts[case] += parts
        return texts

    def _get_legal_own_texts(self, names=("subject", "description")):
        """Return {case: [LegalText, …]} of the fields in which the complaint stands."""
        return {
            case: [LegalText(name, case[name]) for name in names if case[name]]
            for case in self
        }

    def _get_legal_message_texts(self):
        messages = self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                ("message_type", "in", ("comment", "email")),
            ],
            order="id",
        )
        texts = defaultdict(list)
        for message in messages:
            case = self.browse(message.res_id)
            if case._is_message_of_customer(message):
                texts[case] += case._get_legal_texts_of_message(message)
        return texts

    def _get_legal_texts_of_message(self, message):
        """Return what stands in a message. The first mail is the complaint itself."""
        text = html_text(message.body)
        parts = [message.subject or "", text]
        known = {"".join((self[name] or "").split()) for name in self._legal_fields()}
        fresh = [part for part in parts if "".join(part.split()) not in known]
        subject = (message.subject or "").casefold()
        if fresh and (self.subject or "").casefold() in subject:
            # "Re: " and the subject of the case say nothing new.
            fresh = [part for part in fresh if part != message.subject]
        words = "\n\n".join(filter(None, fresh))
        return [LegalText("message", words, message_id=message.id)] if words else []

    @api.model
    def _legal_fields(self):
        return ("subject", "description")

    def _get_legal_file_texts(self):
        """Return the text of files but for those that colleagues sent."""
        evidence = self.env["complaint.evidence"].search(
            [("case_id", "in", self.ids), ("kind", "in", SPOKEN_EVIDENCE)]
        )
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", False),
            ],
            order="id",
        )
        texts = defaultdict(list)
        case_of = {line.attachment_id: line.case_id for line in evidence}
        for file in files - self._get_legal_colleague_files(files):
            case_of[file] = self.browse(file.res_id)
        for file, case in case_of.items():
            texts[case] += self._get_legal_texts_of_files(file)
        return texts

    @api.model
    def _get_legal_colleague_files(self, files):
        """Return the files that colleagues posted."""
        messages = self.env["mail.message"].search(
            [("model", "=", self._name), ("attachment_ids", "in", files.ids)]
        )
        posted = messages.filtered(
            lambda m: not self.browse(m.res_id)._is_message_of_customer(m)
        )
        return posted.attachment_ids

    @api.model
    def _get_legal_texts_of_files(self, files):
        """Return [LegalText, …] of the files in which there is text."""
        texts = []
        for file in files:
            if (file.mimetype or "").startswith(PLAIN_TYPES):
                text = decode_text((file.raw or b"")[:MOST_BYTES])
                if file.mimetype.startswith("text/html"):
                    text = html_text(text)
            else:
                text = file.index_content
            if text and text.strip():
                texts.append(LegalText("attachment", text, attachment_id=file.id))
        return texts

    def _get_legal_feedback_texts(self):
        """Return what customers answered afterwards; what they said before they
        corrected it was said too."""
        answers = self.env["complaint.feedback"].search(
            [("case_id", "in", self.ids)], order="id"
        )
        texts = defaultdict(list)
        for answer in answers:
            texts[answer.case_id] += answer._get_legal_texts()
        return texts

    # -- when ----------------------------------------------------------------------
    def _legal_scan_message(self, message):
        """Search a message of the customer and its files."""
        self.ensure_one()
        case_sudo = self.sudo()  # sudo: whoever may post, the risk is found
        message_sudo = message.sudo()
        texts = case_sudo._get_legal_texts_of_message(message_sudo)
        texts += self._get_legal_texts_of_files(message_sudo.attachment_ids)
        case_sudo._legal_scan({case_sudo: texts})

    def _legal_scan_note(self, message):
        """Search what a colleague wrote down of the words of a customer."""
        text = html_text(message.body)
        case_sudo = self.sudo()  # sudo: whoever took the call, the risk is found
        part = LegalText("message", text, message_id=message.id)
        case_sudo._legal_scan({case_sudo: [part]})

    def _legal_scan_feedback(self, answer):
        """Search what a customer thinks of how their complaint was handled."""
        self.ensure_one()
        case_sudo = self.sudo()  # sudo: whoever enters it, the risk is found
        case_sudo._legal_scan({case_sudo: answer.sudo()._get_legal_texts()})

    def _legal_scan_files(self, files):
        """Search files that came with a complaint or are evidence of one.

        :param dict files: {case: ir.attachment}
        """
        self.sudo()._legal_scan(  # sudo: whoever adds files, the risk is found
            {
                case.sudo(): self._get_legal_texts_of_files(attachments.sudo())
                for case, attachments in files.items()
            }
        )

    # -- searching -----------------------------------------------------------------
    @api.model
    def _legal_scan(self, texts, *, is_new=False, is_whole=False):
        """Search texts and keep what is found, as superuser.

        :param dict texts: {case: [LegalText, …]}
        :param bool is_new: the cases are new and have no hits yet
        :param bool is_whole: the texts are all that there is, so what was found before
            and isn't any more is no longer on the list
        :return: (new hits, hits that are no longer on the list)
        """
        found = {case: case._legal_find(parts) for case, parts in texts.items()}
        cases = self.browse([case.id for case in found if is_whole or found[case]])
        known = {} if is_new else cases._legal_get_known_hits()
        Hit = self.env["complaint.legal.hit"]
        hits = Hit.create(
            [
                {"case_id": case.id, **vals}
                for case, by_key in found.items()
                for key, vals in by_key.items()
                if (case.id, *key) not in known
            ]
        )
        hits.case_id._legal_settle()
        gone = self._legal_drop_gone(texts, found, known) if is_whole else Hit.browse()
        return hits, gone

    @api.model
    def _legal_drop_gone(self, texts, found, known):
        """Dismiss what isn't found any more. A hit in a text that can't be read again,
        such as the note of a call, goes when its term left the list."""
        read, current = set(), set()
        for case, parts in texts.items():
            read |= {(case.id, *part.place()) for part in parts}
            current |= {(case.id, *key) for key in found[case]}
        terms_of = self.env["complaint.legal.term"]._get_matcher
        gone = self.env["complaint.legal.hit"].union(
            *(
                hit
                for key, hit in known.items()
                if not hit.dismissed_at
                and key not in current
                and (
                    (key[0], *key[2:-1]) in read
                    or hit.term_id.id not in terms_of(hit.company_id.id)[1]
                )
            )
        )
        if gone:
            gone._store_dismissal(self.env._("No longer on the list of terms."))
        return gone

    def _legal_find(self, parts):
        """Return {key: values of a hit} of all that is found in texts of a case: a
        word that stands several times in a text is one hit."""
        Term = self.env["complaint.legal.term"]
        lang = (self.lang or "")[:2]
        found = {}
        for part in parts:
            for term, start, end in Term._find(self.company_id.id, part.text, lang):
                match = " ".join(part.text[start:end].split())
                key = (term.id, *part.place(), match.casefold())
                if key not in found:
                    found[key] = self._prepare_legal_hit_vals(part, term, start, end)
        return found

    @api.model
    def _prepare_legal_hit_vals(self, part, term, start, end):
        return {
            "term_id": term.id,
            "term": term.name,
            "lang": term.lang,
            "kind": term.kind,
            "weight": term.weight,
            "source": part.source,
            "message_id": part.message_id,
            "attachment_id": part.attachment_id,
            "feedback_id": part.feedback_id,
            "match": part.text[start:end],
            "snippet": snippet(part.text, start, end),
            "start": start,
            "end": end,
        }

    def _legal_get_known_hits(self):
        """Return {(case, *key): hit} of the hits of these cases."""
        hits = self.env["complaint.legal.hit"].search([("case_id", "in", self.ids)])
        return {
            (
                *(hit.case_id.id, hit.term_id.id, hit.source),
                *(hit.message_id.id or None, hit.attachment_id.id or None),
                hit.feedback_id.id or None,
                " ".join(hit.match.split()).casefold(),
            ): hit
            for hit in hits
        }
