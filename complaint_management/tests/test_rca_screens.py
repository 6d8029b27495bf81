"""The page "Cause", and the drawings in a browser and on paper."""

import json

from lxml import etree

from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from .rca_common import RcaCommon

# Texts of a drawing that lie on each other or outside, measured as the browser draws
# them; a hairline counts as none.
FIND_FAULTS = """
(() => {
    const drawings = %s;
    const faults = [];
    for (const [name, html] of Object.entries(drawings)) {
        const place = document.createElement("div");
        place.style.cssText = "position:absolute;top:0;left:0;width:1100px";
        place.innerHTML = html;
        document.body.append(place);
        const svg = place.querySelector("svg");
        const all = svg.viewBox.baseVal;
        const boxes = [...svg.querySelectorAll("text")].map((text) => {
            const {x, y, width, height} = text.getBBox();
            const words = text.lastChild.textContent;
            const bottom = y + height - 2;
            return {words, left: x, top: y + 2, right: x + width, bottom};
        });
        if (!boxes.length) {
            faults.push(`${name}: nothing is written`);
        }
        boxes.forEach((one, index) => {
            const {width, height} = all;
            if (one.left < -1 || one.right > width + 1 || one.bottom > height + 1) {
                faults.push(`${name}: ${one.words} sticks out`);
            }
            for (const other of boxes.slice(index + 1)) {
                const apart =
                    one.left > other.right - 1 || other.left > one.right - 1 ||
                    one.top > other.bottom - 1 || other.top > one.bottom - 1;
                if (!apart) {
                    faults.push(`${name}: ${one.words} on ${other.words}`);
                }
            }
        });
        place.remove();
    }
    if (faults.length) {
        console.error(faults.join("\\n"));
    } else {
        console.log("test successful");
    }
})();
"""
TEXTS = {
    "en_US": "Thermostat set with an instrument whose own calibration had run out",
    "tr_TR": "Tedarikçi kontağın alaşımını haber vermeden değiştirmiş",
    "fa_IR": "تأمین‌کننده آلیاژ کنتاکت را (IEC 60335) در هفته ۱۲ تغییر داده است",
}


@tagged("post_install", "-at_install")
class TestRcaScreens(RcaCommon, HttpCase):
    def _draw(self, count, lang):
        """Give a case so many causes in a language; return the drawing."""
        branches = self.env["complaint.ishikawa.branch"].search([])
        case = self._new_case(subject=TEXTS[lang])
        case.cause_ids = [
            Command.create(
                {
                    "branch_id": branches[number % 5].id,
                    "name": f"{TEXTS[lang]} {number}",
                    "verdict": ("suspected", "confirmed", "excluded")[number % 3],
                    "evidence": "Measured",
                    "weight": 1 + number % 5,
                    "place": "below" if number % 15 in (5, 10) else False,
                }
            )
            for number in range(count)
        ]
        return case.with_context(lang=lang).fishbone

    def test_fishbone_in_a_browser_has_no_text_over_text(self):
        drawings = {}
        for lang in TEXTS:
            self.env["res.lang"]._activate_lang(lang)
            for count in (1, 12, 60):
                drawings[f"{lang} {count}"] = str(self._draw(count, lang))
        self.browser_js(
            "/web/login",
            FIND_FAULTS % json.dumps(drawings),
            ready="document.readyState === 'complete'",
        )

    def test_fishbone_follows_the_form_while_typing(self):
        with Form(self.report) as form:
            self.assertIn("Human", form.fishbone)
            with form.cause_ids.new() as line:
                line.branch_id = self.human
                line.name = "Nobody looks"
            self.assertIn("Nobody looks", form.fishbone)
            with form.cause_ids.new() as line:
                line.branch_id = self.material
                line.name = "Alloy changed"
                line.verdict = "confirmed"
                line.evidence = "Lab"
            self.assertIn("Confirmed: Alloy changed", form.fishbone)
            form.subject = "It is cold"
            self.assertIn("It is cold", form.fishbone)
        self.assertEqual(len(self.report.cause_ids), 2)
        with Form(self.report) as form:
            with form.cause_ids.edit(0) as line:
                line.name = "Everybody looks away"
            self.assertIn("Everybody looks", form.fishbone)
            self.assertNotIn("Nobody", form.fishbone)

    def test_new_line_below_another_is_drawn_as_it_will_be_saved(self):
        commands = [
            {"name": "Alloy", "branch_id": self.material.id},
            {"name": "Lot", "branch_id": False, "place": "below"},
            {"name": "Sun", "branch_id": self.material.id, "place": "beside"},
        ]
        unsaved = self.case.new(
            {"cause_ids": [Command.create(vals) for vals in commands]}, origin=self.case
        )
        shape = unsaved._get_fishbone_branches(self.material)[0].causes
        self.case.cause_ids = [Command.create(vals) for vals in commands]
        self.case.invalidate_recordset()
        saved = self.case._get_fishbone_branches(self.material)[0].causes
        self.assertEqual(shape, saved)
        self.assertEqual([c.name for c in saved[0].causes], ["Lot", "Sun"])

    def test_fishbone_is_mirrored_and_named_in_persian(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        self.human.with_context(lang="fa_IR").name = "انسان"
        mirrored = self.case.with_context(lang="fa_IR").fishbone
        self.assertIn("انسان", mirrored)
        self.assertNotEqual(mirrored, self.case.fishbone)

    def test_fishbone_carries_no_markup_of_users(self):
        self.case.cause_ids = [
            Command.create(
                {"name": "<script>alert(1)</script>", "branch_id": self.human.id}
            )
        ]
        self.assertNotIn("<script", self.case.fishbone)
        self.assertNotIn("<script", self.case._get_fishbone_print())

    def test_page_is_the_same_on_every_host(self):
        pages = []
        for host in (self.case, self.report):
            arch = etree.fromstring(host.get_view(view_type="form")["arch"])
            pages += arch.xpath("//page[@name='cause']")
            # hosts differ in what follows from their lines
            etree.strip_attributes(arch, "on_change")
        self.assertEqual(len(pages), 2)
        one, other = (etree.tostring(page, with_tail=False) for page in pages)
        self.assertEqual(one, other)
        for name in ("why_ids", "cause_ids", "is_isnot_ids", "root_cause_ids"):
            self.assertIn(f'name="{name}"'.encode(), one)

    def _print(self, host, lang="en_US", template="complaint_rca_document", **values):
        return str(
            self.env["ir.qweb"]
            .with_context(lang=lang)
            ._render(
                f"complaint_management.{template}",
                {"host": host.with_context(lang=lang), **values},
            )
        )

    def test_templates_for_print_show_all_of_it(self):
        self._add_whys("Cable loose", "Crimp open", evidence="Photo 7")
        self.case.write(
            {
                "cause_ids": [
                    Command.create({"name": "Alloy", "branch_id": self.material.id})
                ],
                "is_isnot_ids": [Command.create({"present": "Lot 12"})],
                "root_cause_ids": [
                    Command.create({"name": "Torque", "contribution": 100})
                ],
            }
        )
        page = self._print(self.case)
        for text in ("1.1", "Crimp open", "Photo 7", "Alloy", "Lot 12", "Torque"):
            self.assertIn(text, page)
        outside = self._print(self.case, hide_evidence=True)
        self.assertIn("Crimp open", outside)
        self.assertNotIn("Photo 7", outside)
        self.assertEqual(self._print(self.report).strip(), "")

    def test_case_file_has_the_search_for_the_cause(self):
        self._add_whys("Cable loose")
        html, __ = self.env["ir.actions.report"]._render_qweb_html(
            "complaint_management.report_case", self.case.ids
        )
        self.assertIn(b"Cable loose", html)
