import unicodedata

import lxml.html
from markupsafe import Markup

from odoo import models
from odoo.tools import get_lang, html2plaintext, plaintext2html

from ..tools.redact import remove_names
from .complaint_moment import format_day, format_moment

# Which kind of action belongs to which discipline.
ACTIONS_AT = {"d3": ("immediate",), "d5": ("correction",), "d7": ("prevention",)}
BLOCKS = ("p", "div", "br", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6")
# What a page says where nobody sees it. A printed link stays a link, and an address
# in it can be written in other letters (%40).
HIDDEN_WORDS = ("href", "title", "alt", "aria-label", "download", "cite")
# What points to a customer: names of people lose their single words too.
PERSON_FIELDS = ("partner_name", "on_behalf_of")
WHOLE_FIELDS = (
    "name",
    "partner_company",
    "email_from",
    "partner_phone",
    "external_ref",
    "order_ref",
)


class ComplaintEightdPrintMixin(models.AbstractModel):
    """What the printed reports ask of an 8D.

    The version for a customer shows what is signed off, no comments of reviewers, no
    findings, no costs, and none of the other customers whose complaints the report
    serves: their names, addresses and numbers are taken out of all texts too.
    """

    _name = "complaint.eightd.print.mixin"
    _description = "Printed 8D Report"

    # -- words and moments -----------------------------------------------------------
    def _print_day(self, moment):
        return format_day(self.env, moment) if moment else ""

    def _print_moment(self, moment):
        return format_moment(self.env, moment) if moment else ""

    def _print_direction(self):
        code = get_lang(self.env).code
        return self.env["res.lang"]._get_data(code=code).direction or "ltr"

    def _print_text_direction(self, text):
        """Return how a text is written, whatever the language of the report: printers
        don't find out themselves."""
        letters = [unicodedata.bidirectional(c) for c in html2plaintext(text or "")]
        strong = [kind for kind in letters if kind in ("L", "R", "AL")]
        return "ltr" if strong[:1] == ["L"] else "rtl" if strong else None

    def _print_steps(self, is_customer):
        """Return the disciplines that this reader sees in full."""
        steps = self.step_ids.sorted("discipline")
        return steps.filtered(lambda s: not is_customer or s.state == "accepted")

    def _print_actions(self, step):
        """Return the actions of a discipline. All of them stay readable there until the
        report ends, whether they worked or not."""
        kinds = ACTIONS_AT.get(step.discipline, ())
        # sudo: actions are part of the report, whoever may open the register
        actions = self.sudo()._filter_live_actions(self.sudo().action_ids)
        own = actions.filtered(
            lambda a: (
                a.complaint_step_id == step
                or (not a.complaint_step_id and a.type_action in kinds)
            )
        )
        return own.sorted(lambda a: (a.date_deadline or a.create_date.date(), a.id))

    def _print_team(self, case, is_customer):
        """Return the team that this reader sees: who represents a customer there is
        named to that customer only."""
        if not is_customer or case._is_same_customer(self.case_id):
            return self.team_ids
        return self.team_ids.filtered(lambda member: member.role != "customer")

    # -- other customers -------------------------------------------------------------
    def _print_others(self, case):
        """Return what points to the other customers: (names of people, what goes as a
        whole)."""
        # sudo: what must not be read has to be known; nothing of it is shown
        mine = case.sudo()
        served = self.sudo().case_id | self.sudo().reference_case_ids
        others = (served | served.merged_case_ids) - mine
        others = others.filtered(lambda other: not other._is_same_customer(mine))
        partners = others.partner_id | others.partner_id.commercial_partner_id
        companies = set(partners.filtered("is_company").mapped("name"))
        people = {other[name] for other in others for name in PERSON_FIELDS}
        people.update((partners - partners.filtered("is_company")).mapped("name"))
        whole = {other[name] for other in others for name in WHOLE_FIELDS}
        for name in ("email", "phone", "vat", "ref"):
            whole.update(partners.mapped(name))
        # A case of a company has the company's name as that of who complains.
        people -= companies
        return sorted(filter(None, people)), sorted(filter(None, whole | companies))

    def _print_clean(self, case):
        """Return a function that takes the other customers out of a printed text."""
        people, whole = self._print_others(case)

        def clean(text):
            if not (people or whole) or not text:
                return text or ""
            if hasattr(text, "__html__"):
                return _clean_html(text.__html__(), people, whole)
            return remove_names(str(text), people, whole)

        return clean

    def _print_result(self, step, clean):
        """Return the words of a discipline for a customer. Where a name is spread over
        several elements, the words alone are kept."""
        content = step.content or Markup("")
        cleaned = clean(content)
        plain = _get_plain(cleaned)
        return cleaned if clean(plain) == plain else plaintext2html(clean(plain))

    def _print_fishbone(self, clean):
        """Return the fishbone with cleaned texts: its lines are wrapped, so that a name
        could fall on two of them."""
        if not self.cause_ids:
            return ""
        ((__, drawing),) = self._get_fishbones()
        drawing["problem"] = clean(drawing["problem"])
        drawing["branches"] = [
            branch._replace(causes=_clean_causes(branch.causes, clean))
            for branch in drawing["branches"]
        ]
        return self._draw_for_print(drawing)


def _clean_causes(causes, clean):
    return tuple(
        cause._replace(
            name=clean(cause.name), causes=_clean_causes(cause.causes, clean)
        )
        for cause in causes
    )


def _get_plain(content):
    """Return the text of a piece of HTML, a line for each block."""
    root = lxml.html.fragment_fromstring(str(content), create_parent="div")
    for element in root.iter(*BLOCKS):
        element.tail = "\n" + (element.tail or "")
    return root.text_content().strip()


def _clean_attributes(element):
    for name in element.attrib.keys():
        if name in HIDDEN_WORDS or name.startswith("data-"):
            del element.attrib[name]


def _clean_html(content, people, whole):
    """Take names out of each text of a piece of HTML, and out of what doesn't show:
    links, and words for pictures."""
    root = lxml.html.fragment_fromstring(str(content), create_parent="div")
    for element in root.iter():
        if isinstance(element.tag, str):
            element.text = element.text and remove_names(element.text, people, whole)
            _clean_attributes(element)
        element.tail = element.tail and remove_names(element.tail, people, whole)
    return Markup("").join(
        [
            Markup.escape(root.text or ""),
            *(Markup(lxml.html.tostring(c, encoding="unicode")) for c in root),
        ]
    )
