import csv
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import file_open, mute_logger

from .legal_common import LegalCommon

LANGUAGES = ("az", "tr", "fa", "en", "ru")


@tagged("post_install", "-at_install")
class TestLegalTerms(LegalCommon):
    """The list of terms, and searching cases again (LG-1, IN-5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls.env["complaint.legal.term"]

    def _term(self, name, **values):
        return self.terms.create({"name": name, "lang": "en", "kind": "court"} | values)

    # -- the list --------------------------------------------------------------
    def test_each_language_comes_with_terms_of_every_kind(self):
        kinds = set(dict(self.terms._fields["kind"].selection))
        for lang in LANGUAGES:
            terms = self.terms.search([("lang", "=", lang)])
            self.assertGreaterEqual(len(terms), 40)
            self.assertEqual(set(terms.mapped("kind")), kinds)
            matcher, __ = self.terms._get_matcher(self.env.company.id)
            for term in terms:
                found = [match.term_id for match in matcher.find(term.name)]
                self.assertIn(term.id, found, term.name)

    def test_upgrade_keeps_what_a_company_changed(self):
        term = self.env.ref("complaint_management.complaint_legal_term_en_court_01")
        gone = self.env.ref("complaint_management.complaint_legal_term_en_court_02")
        term.write({"weight": 3, "active": False})
        gone.unlink()
        count = self.terms.with_context(active_test=False).search_count([])
        self.terms._load_seeds()
        self.assertEqual((term.weight, term.active), (3, False))
        self.assertEqual(
            self.terms.with_context(active_test=False).search_count([]), count + 1
        )

    def test_seeds_have_no_row_too_few(self):
        for lang in LANGUAGES:
            path = f"complaint_management/data/legal_terms/{lang}.csv"
            with file_open(path, "r") as file:
                rows = list(csv.DictReader(file))
            self.assertEqual({row["lang"] for row in rows}, {lang})
            self.assertEqual(len({row["id"] for row in rows}), len(rows))

    def test_short_terms_and_twins_are_refused(self):
        with self.assertRaises(ValidationError):
            self._term("su")
        self._term("xy", mode="word")
        self._term("my  Word")
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self._term("My word")
            self.env.flush_all()

    def test_weight_is_checked(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self._term("abcdef", weight=0)
            self.env.flush_all()

    def test_legal_edits_others_read(self):
        term = self._term("abcdef")
        term.with_user(self.legal).weight = 5
        for user in (self.handler, self.investigator, self.manager, self.auditor):
            self.assertEqual(term.with_user(user).weight, 5)
            with self.assertRaises(AccessError):
                term.with_user(user).weight = 6
            with self.assertRaises(AccessError):
                self.terms.with_user(user).create({"name": "other", "lang": "en"})

    def test_term_of_another_company_finds_nothing_here(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._term("zebrafish", company_id=other.id)
        self.assertFalse(self._new_case(subject="Zebrafish").legal_hit_ids)
        self._term("zebrafish", company_id=self.env.company.id)
        self.assertTrue(self._new_case(subject="Zebrafish").legal_hit_ids)

    def test_change_of_the_list_counts_at_once(self):
        term = self._term("zebrafish")
        self.assertTrue(self._new_case(subject="A zebrafish").legal_hit_ids)
        term.exceptions = "zebrafishes"
        self.assertFalse(self._new_case(subject="Two zebrafishes").legal_hit_ids)
        term.active = False
        self.assertFalse(self._new_case(subject="A zebrafish").legal_hit_ids)

    def test_term_of_the_language_of_the_customer_is_named(self):
        for lang, expected in (("tr_TR", "mahkeme"), ("az_AZ", "məhkəmə")):
            self.env["res.lang"]._activate_lang(lang)
            case = self._new_case(description="mahkeme", lang=lang)
            self.assertEqual(case.legal_hit_ids.term, expected)

    # -- trying ----------------------------------------------------------------
    def test_term_is_tried_on_a_text_before_it_is_saved(self):
        form = Form(self.terms.with_user(self.legal))
        form.name, form.lang = "hakem heyeti", "tr"
        self.assertEqual(form.mode, "phrase")
        form.try_text = "Hakem heyetine <b>gidiyorum</b>"
        self.assertIn(">Hakem heyetine</mark>", form.try_result)
        self.assertIn("&lt;b&gt;", form.try_result)
        form.try_text = "Hakem yok"
        self.assertNotIn("<mark", form.try_result)

    def test_list_is_tried_on_a_text(self):
        form = Form(self.env["complaint.legal.try"].with_user(self.handler))
        form.text = "I'll see you in court, says my lawyer"
        self.assertEqual(form.score, 20)
        self.assertIn(">court</mark>", form.result)
        self.assertIn("lawyer (Lawyer, 10)", form.words)

    # -- searching again -------------------------------------------------------
    def _rescan(self, **values):
        scan = self.env["complaint.legal.rescan"].with_user(self.legal).create(values)
        scan.action_start()
        self._run_cron("ir_cron_legal_rescan")
        return scan

    def test_open_cases_are_searched_again(self):
        case = self._new_case(subject="The zebrafish", description="Two kangaroos")
        done = self._new_case(subject="The zebrafish")
        done.stage_id = self._stage("cancelled")
        self._write(case, "My lawyer likes zebrafish")
        self._term("zebrafish")
        self._term("kangaroo", weight=2)
        scan = self._rescan()
        self.assertEqual((scan.state, scan.progress), ("done", 100))
        self.assertEqual(scan.done_count, scan.total)
        self.assertEqual(scan.found_count, 3)
        self.assertEqual(
            self._hits(case),
            [
                ("description", "kangaroos"),
                ("message", "lawyer"),
                ("message", "zebrafish"),
                ("subject", "zebrafish"),
            ],
        )
        self.assertFalse(done.legal_hit_ids)
        again = self._rescan(is_open_only=False)
        self.assertEqual(again.found_count, 1, "the closed case; nothing twice")
        self.assertTrue(done.legal_hit_ids)

    def test_words_no_longer_on_the_list_are_dismissed(self):
        term = self._term("zebrafish")
        case = self._new_case(subject="The zebrafish")
        self.assertTrue(case.is_legal_risk)
        term.active = False
        scan = self._rescan()
        self.assertEqual(scan.gone_count, 1)
        self.assertFalse(case.is_legal_risk)
        self.assertIn("list", case.legal_hit_ids.dismiss_reason)

    def test_false_alarms_stay_false_alarms(self):
        case = self._new_case(subject="See you in court")
        self._dismiss(case.legal_hit_ids, self.legal)
        self.assertEqual(self._rescan().found_count, 0)
        self.assertFalse(case.is_legal_risk)

    def test_search_goes_on_in_batches_and_past_a_bad_case(self):
        cases = self.env["complaint.case"].create(
            [{"subject": f"zebrafish {n}"} for n in range(4)]
        )
        self._term("zebrafish")
        search = type(cases)._legal_search_again

        def fail(self):
            if cases[1] in self:
                raise ValueError("broken")
            return search(self)

        self.patch(type(cases), "_legal_search_again", fail)
        module = "odoo.addons.complaint_management.models.complaint_legal_rescan"
        self.startPatcher(patch(f"{module}.BATCH", 2))
        with mute_logger(module):
            scan = self._rescan()
        self.assertEqual((scan.state, scan.failed_count), ("done", 1))
        self.assertEqual(len(cases.filtered("legal_hit_ids")), 3)

    def test_one_case_is_searched_again_by_its_button(self):
        case = self._new_case(subject="The zebrafish")
        self._term("zebrafish")
        case.with_user(self.legal).action_search_legal_terms()
        self.assertEqual(self._hits(case), [("subject", "zebrafish")])
        with self.assertRaises(AccessError):
            case.with_user(self.auditor).action_search_legal_terms()

    def test_only_legal_searches_again(self):
        for user in (self.handler, self.manager, self.auditor):
            with self.assertRaises(AccessError):
                self.env["complaint.legal.rescan"].with_user(user).create({})
        scan = self.env["complaint.legal.rescan"].with_user(self.legal).create({})
        with self.assertRaises(AccessError):
            scan.state = "done"
        with self.assertRaises(AccessError):
            scan.with_user(self.manager).action_start()
