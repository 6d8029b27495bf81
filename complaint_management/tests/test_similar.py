from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestSimilar(ComplaintCommon):
    """Cases that are like another one."""

    def _bare(self, subject, **values):
        """A case with nothing but a subject in common with others."""
        vals = {"partner_id": False, "product_id": False, "category_id": False}
        return self._new_case(**{**vals, "subject": subject, **values})

    def _similar(self, case, user=None):
        return case.with_user(user or self.handler)._find_similar(20)

    def test_extension_is_there(self):
        self.assertTrue(self.env.registry.has_trigram)

    def test_text_of_every_language_is_compared(self):
        for one, other, else_ in (
            ("Oven door glass broken", "broken glass of oven door", "Late delivery"),
            ("Sobanın şüşəsi çatlayıb", "SOBANIN ŞÜŞƏSİ çatlamışdır", "Gec çatdırıldı"),
            ("Buzdolabı çalışmıyor", "buzdolabi hic calismiyor", "Fatura yanlış"),
            ("یخچال گرم می‌کند", "يخچال گرم ميكند", "تحویل دیر شد"),
        ):
            with self.subTest(one):
                case = self._bare(one)
                like, unlike = self._bare(other), self._bare(else_)
                found = self._similar(case)
                self.assertIn(like, found)
                self.assertNotIn(unlike, found)
                self.assertNotIn(case, found)

    def test_customer_lot_and_product_count(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        error = self.env["complaint.error.type"].search([], limit=1)
        case = self._bare(
            "aaaa",
            partner_id=contact.id,
            product_id=self.product.id,
            lot="L-1",
            error_type_id=error.id,
        )
        by_customer = self._bare("bbbb", partner_id=self.customer.id)
        by_lot = self._bare("cccc", lot="L-1")
        by_product = self._bare("dddd", product_id=self.product.id)
        by_both = self._bare("eeee", product_id=self.product.id, error_type_id=error.id)
        found = self._similar(case)
        self.assertEqual(found[0], by_lot)
        self.assertEqual(set(found), set(by_lot | by_customer | by_both))
        self.assertNotIn(by_product, found)

    def test_hidden_cases_are_not_found(self):
        case = self._bare("Oven door glass broken")
        secret = self._bare(
            "Oven door glass broken", is_confidential=True, user_id=self.manager.id
        )
        other_team = self.env["complaint.team"].create({"name": "Other"})
        elsewhere = self._bare(
            "Oven door glass broken", team_id=other_team.id, user_id=self.manager.id
        )
        self.assertFalse(self._similar(case) & (secret | elsewhere))
        self.assertTrue(self._similar(case, self.manager) >= (secret | elsewhere))

    def test_other_company_is_not_found(self):
        company = self.env["res.company"].create({"name": "Other"})
        team = self.env["complaint.team"].create(
            {"name": "T", "company_id": company.id}
        )
        case = self._bare("Oven door glass broken")
        other = self._bare(
            "Oven door glass broken",
            company_id=company.id,
            team_id=team.id,
            user_id=False,
        )
        companies = self.env.company | company
        found = case.with_context(allowed_company_ids=companies.ids)._find_similar(20)
        self.assertNotIn(other, found)

    def test_form_shows_similar_cases_while_typing(self):
        like = self._bare("Oven door glass broken")
        form = Form(self.env["complaint.case"].with_user(self.handler))
        self.assertFalse(form.similar_case_ids[:])
        form.subject = "oven door glass is broken"
        self.assertIn(like.id, form.similar_case_ids.ids)
        call = Form(self.env["complaint.call"].with_user(self.handler))
        call.subject = "oven door glass is broken"
        self.assertIn(like.id, call.similar_case_ids.ids)

    def test_search_is_one_query_and_its_settings(self):
        case = self._bare("Oven door glass broken", partner_id=self.customer.id)
        self._bare("Oven door glass broken")
        self._similar(case)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.assertTrue(self._similar(case))
        self.assertEqual(self.env.cr.sql_log_count - before, 3)

    def test_percent_signs_are_text(self):
        case = self._bare("100 % broken %s")
        self.assertIn(self._bare("100 % broken %s"), self._similar(case))

    # -- repeats -----------------------------------------------------------------
    def _early(self, **values):
        received = fields.Datetime.now() - timedelta(days=9)
        return self._new_case(received_at=received, **values)

    def test_repeat_is_shown_on_both_and_journaled(self):
        first = self._early()
        case = self._new_case().with_user(self.handler)
        case.repeat_of_id = first
        self.assertEqual(first.repeat_ids, case)
        after = [e.after for e in case.sudo().journal_entry_ids]
        self.assertIn(first.id, [a.get("repeat_of_id") for a in after])

    def test_repeat_of_later_or_own_case_is_refused(self):
        first, case = self._early(), self._new_case()
        with self.assertRaisesRegex(ValidationError, "received before"):
            first.repeat_of_id = case
        with self.assertRaises(ValidationError):
            case.repeat_of_id = case

    def test_repeat_in_a_circle_is_refused(self):
        moment = fields.Datetime.now().replace(microsecond=0)
        one = self._new_case(received_at=moment)
        two = self._new_case(received_at=moment, repeat_of_id=one.id)
        with self.assertRaisesRegex(ValidationError, "repeat itself"):
            one.repeat_of_id = two

    def test_repeat_of_other_customer_or_company_is_refused(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        first = self._early(partner_id=stranger.id)
        case = self._new_case()
        with self.assertRaisesRegex(ValidationError, "different customers"):
            case.repeat_of_id = first
        company = self.env["res.company"].create({"name": "Other"})
        team = self.env["complaint.team"].create(
            {"name": "T", "company_id": company.id}
        )
        other = self._early(company_id=company.id, team_id=team.id, user_id=False)
        with self.assertRaises(UserError):
            case.repeat_of_id = other

    def test_repeat_of_unreadable_case_is_refused_on_every_route(self):
        secret = self._early(is_confidential=True, user_id=self.manager.id)
        case = self._new_case().with_user(self.handler)
        with self.assertRaises(AccessError):
            case.repeat_of_id = secret.id
        with self.assertRaises(AccessError):
            case.create({"subject": "x", "repeat_of_id": secret.id})
