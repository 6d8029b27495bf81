from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import GROUP, ComplaintCommon


@tagged("post_install", "-at_install")
class TestLessons(ComplaintCommon):
    """Made from a case, suggested in the like of it, read, applied, retired."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.error_type = cls.env["complaint.error.type"].create({"name": "Melts"})
        cls.sub_type = cls.env["complaint.error.type"].create(
            {"name": "Melts at the lid", "parent_id": cls.error_type.id}
        )
        cls.case = cls._new_case(
            lesson="Torque the screws.\nElse the cable comes loose.",
            error_type_id=cls.error_type.id,
            subject="Mrs Kazımova's oven doesn't heat",
        )

    def _make(self, case=None, user=None):
        case = (case or self.case).with_user(user or self.investigator)
        action = case.action_make_lesson()
        return self.env["complaint.lesson"].browse(action["res_id"])

    def _publish(self, **values):
        lesson = self.env["complaint.lesson"].create(
            {"name": "Screws", "text": "Torque them.", **values}
        )
        lesson.with_user(self.investigator).action_publish()
        return lesson

    def _find(self, user=None, **values):
        vals = {"product_id": False, "category_id": False, "subject": "x", **values}
        return self._new_case(**vals).with_user(user or self.handler)

    # -- from a case -----------------------------------------------------------------
    def test_draft_has_the_words_and_scope_of_the_case_but_not_its_subject(self):
        lesson = self._make()
        self.assertEqual(lesson.name, "Torque the screws.")
        self.assertEqual(lesson.text, "Else the cable comes loose.")
        self.assertEqual(lesson.error_type_ids, self.error_type)
        self.assertEqual(lesson.product_tmpl_ids, self.product.product_tmpl_id)
        self.assertEqual(lesson.category_ids, self.category)
        self.assertEqual((lesson.state, lesson.case_id), ("draft", self.case))
        self.assertNotIn("Kazımova", f"{lesson.name}{lesson.text}")

    def test_second_click_opens_the_same_draft(self):
        self.assertEqual(self._make(), self._make(user=self.manager))
        self.assertEqual(len(self.case.lesson_ids), 1)

    def test_case_without_words_makes_no_lesson(self):
        self.case.lesson = "  "
        with self.assertRaisesRegex(UserError, "Write down"):
            self._make()

    def test_handler_makes_and_publishes_none(self):
        with self.assertRaises(AccessError):
            self._make(user=self.handler)
        lesson = self._make()
        for method in ("action_publish", "action_retire"):
            with self.assertRaises(AccessError):
                getattr(lesson.with_user(self.handler), method)()
            with self.assertRaises(AccessError):
                getattr(lesson.with_user(self.handler).sudo(), method)()

    def test_waiting_lesson_is_pointed_out_until_published(self):
        self.assertFalse(self.case.is_lesson_waiting, "it is still worked on")
        self.env["complaint.gate"].search([]).active = False
        self.case.stage_id = self._stage("closed")
        self.assertTrue(self.case.is_lesson_waiting)
        lesson = self._make()
        self.assertTrue(self.case.is_lesson_waiting)
        lesson.with_user(self.investigator).action_publish()
        self.assertFalse(self.case.is_lesson_waiting)
        entry = self.case.journal_entry_ids.filtered(
            lambda e: e.event == "lesson_published"
        )
        self.assertEqual(entry.note, lesson.name)

    # -- life --------------------------------------------------------------------------
    def test_state_and_source_are_written_by_buttons_only(self):
        lesson = self._make()
        as_manager = lesson.with_user(self.manager)
        for vals in (
            {"state": "published"},
            {"case_id": False},
            {"version": 5},
            {"published_by_id": self.manager.id},
        ):
            with self.assertRaises(AccessError):
                as_manager.write(vals)
        with self.assertRaises(AccessError):
            as_manager.create({"name": "a", "text": "b", "state": "published"})
        self.assertFalse(
            as_manager.load([".id", "state"], [[str(lesson.id), "published"]])["ids"]
        )
        self.assertEqual(lesson.state, "draft")

    def test_draft_is_hidden_from_handlers_and_published_isn_t(self):
        lesson = self._make()
        self.assertFalse(lesson.with_user(self.handler)._filtered_access("read"))
        lesson.with_user(self.investigator).action_publish()
        self.assertTrue(lesson.with_user(self.handler)._filtered_access("read"))

    def test_published_lesson_is_retired_not_deleted(self):
        lesson = self._make()
        lesson.with_user(self.investigator).action_publish()
        lesson.with_user(self.manager).action_retire()
        events = lesson.case_id.journal_entry_ids.mapped("event")
        self.assertIn("lesson_published", events)
        self.assertIn("lesson_retired", events)
        with self.assertRaisesRegex(UserError, "Retire"):
            lesson.with_user(self.manager).unlink()
        draft = self.env["complaint.lesson"].create({"name": "a", "text": "b"})
        draft.with_user(self.investigator).unlink()
        self.assertFalse(draft.exists())

    # -- suggested ---------------------------------------------------------------------
    def test_suggested_by_product_error_type_above_and_not_by_category_alone(self):
        by_product = self._publish(
            product_tmpl_ids=[Command.set(self.product.product_tmpl_id.ids)]
        )
        by_type = self._publish(error_type_ids=[Command.set(self.error_type.ids)])
        self._publish(category_ids=[Command.set(self.category.ids)])
        case = self._find(product_id=self.product.id)
        self.assertEqual(case.suggested_lesson_ids, by_product)
        case = self._find(error_type_id=self.sub_type.id)
        self.assertEqual(case.suggested_lesson_ids, by_type)
        case = self._find(category_id=self.category.id)
        self.assertFalse(case.suggested_lesson_ids)

    def test_best_lesson_comes_first_and_five_at_most(self):
        both = {
            "product_tmpl_ids": [Command.set(self.product.product_tmpl_id.ids)],
            "error_type_ids": [Command.set(self.error_type.ids)],
        }
        best = self._publish(**both)
        for __ in range(6):
            self._publish(error_type_ids=both["error_type_ids"])
        case = self._find(product_id=self.product.id, error_type_id=self.error_type.id)
        self.assertEqual(len(case.suggested_lesson_ids), 5)
        self.assertEqual(case.suggested_lesson_ids[0], best)

    def test_suggested_by_words_in_persian_and_azerbaijani(self):
        if not self.env.registry.has_trigram:
            self.skipTest("the database has no pg_trgm")
        persian = self._publish(name="اجاق گاز گرم نمی‌شود", text="پیچ‌ها را محکم کنید.")
        azeri = self._publish(name="Soba qızmır", text="Vintləri bərkidin.")
        # Arabic letters, no joiner; without the letters of Azerbaijani.
        case = self._find(subject="اجاق گاز گرم نمي شود")
        self.assertEqual(case.suggested_lesson_ids, persian)
        self.assertEqual(self._find(subject="soba qizmir").suggested_lesson_ids, azeri)
        self.assertFalse(self._find(subject="Rude on the phone").suggested_lesson_ids)

    def test_suggested_by_the_subject_of_the_source_unless_confidential(self):
        if not self.env.registry.has_trigram:
            self.skipTest("the database has no pg_trgm")
        lesson = self._make()
        lesson.error_type_ids = lesson.product_tmpl_ids = lesson.category_ids = False
        lesson.with_user(self.investigator).action_publish()
        case = self._find(subject="Mrs Kazimova's oven does not heat")
        self.assertEqual(case.suggested_lesson_ids, lesson)
        self.case.write({"is_confidential": True, "user_id": self.investigator.id})
        case.invalidate_recordset(["suggested_lesson_ids"])
        self.assertFalse(case.suggested_lesson_ids)

    def test_without_trigrams_product_and_error_type_still_count(self):
        lesson = self._publish(error_type_ids=[Command.set(self.error_type.ids)])
        self.patch(self.env.registry, "has_trigram", False)
        case = self._find(error_type_id=self.error_type.id)
        self.assertEqual(case.suggested_lesson_ids, lesson)

    def test_draft_retired_archived_and_own_are_not_suggested(self):
        scope = {"error_type_ids": [Command.set(self.error_type.ids)]}
        retired, archived = self._publish(**scope), self._publish(**scope)
        retired.action_retire()
        archived.active = False
        own = self._make()
        case = self._find(error_type_id=self.error_type.id)
        self.assertFalse(case.suggested_lesson_ids, "a draft")
        own.with_user(self.investigator).action_publish()
        self.assertFalse(self.case.suggested_lesson_ids)
        case.invalidate_recordset(["suggested_lesson_ids"])
        self.assertEqual(case.suggested_lesson_ids, own)

    def test_lesson_of_other_company_is_neither_suggested_nor_read(self):
        company = self.env["res.company"].create({"name": "Other"})
        lesson = self._publish(
            error_type_ids=[Command.set(self.error_type.ids)], company_id=False
        )
        case = self._find(error_type_id=self.error_type.id)
        self.assertEqual(case.suggested_lesson_ids, lesson)
        lesson.sudo().company_id = company
        case.invalidate_recordset(["suggested_lesson_ids"])
        self.assertFalse(case.suggested_lesson_ids)
        self.assertFalse(lesson.with_user(self.manager)._filtered_access("read"))

    def test_suggestions_make_three_queries_however_many_there_are(self):
        """One search, and two that let it use the index of words."""
        for __ in range(20):
            self._publish(error_type_ids=[Command.set(self.error_type.ids)])
        case = self._find(error_type_id=self.error_type.id)
        self.assertTrue(case.suggested_lesson_ids)
        case.invalidate_recordset(["suggested_lesson_ids"])
        with self.assertQueryCount(3):
            self.assertEqual(len(case.suggested_lesson_ids), 5)

    def test_words_are_found_by_an_index_not_by_reading_all(self):
        case = self._find(subject="The oven melts at the lid")
        likeness = case._get_lesson_likeness()
        case._set_word_index(likeness, "off")
        plans = ""
        for part in case._get_lesson_candidates(likeness):
            rows = self.env.execute_query(SQL("EXPLAIN %s", part))
            plans += "\n".join(row[0] for row in rows)
        self.assertIn("lesson__title_key_index", plans)

    # -- confidential ------------------------------------------------------------------
    def test_lesson_of_confidential_case_shows_number_only(self):
        self.case.write({"is_confidential": True, "user_id": self.investigator.id})
        lesson = self._make()
        outsider = self._new_user("investigator", "other_investigator")
        self.assertFalse(lesson.with_user(outsider)._filtered_access("read"))
        with self.assertRaises(AccessError):
            lesson.with_user(outsider).action_publish()
        lesson.with_user(self.investigator).action_publish()
        self.env.invalidate_all()
        seen = lesson.with_user(self.handler)
        self.assertEqual(seen.case_id.display_name, self.case.name)
        with self.assertRaises(AccessError):
            seen.case_id.read(["subject"])

    # -- read --------------------------------------------------------------------------
    def test_receipt_is_written_once_for_each_version(self):
        lesson = self._publish().with_user(self.handler)
        lesson.action_mark_read()
        lesson.action_mark_read()
        self.assertEqual(lesson.read_count, 2, "the one who published it knows it too")
        self.assertTrue(lesson.is_read)
        lesson.sudo().with_user(self.investigator).text = "Torque them with 5 Nm."
        self.assertEqual(lesson.version, 2)
        lesson.invalidate_recordset()
        self.assertFalse(lesson.is_read)
        self.assertEqual(lesson.read_count, 1, "the one who changed it")
        lesson.action_mark_read()
        self.assertEqual(len(lesson.sudo().read_ids), 4)
        found = self.env["complaint.lesson"].with_user(self.handler)
        self.assertIn(lesson, found.search([("is_read", "=", True)]))
        self.assertNotIn(lesson, found.search([("is_read", "=", False)]))

    def test_who_has_not_read_is_listed_for_the_company(self):
        lesson = self._publish().with_user(self.manager)
        self.assertIn(self.handler, lesson.unread_user_ids)
        self.assertNotIn(self.auditor, lesson.unread_user_ids)
        lesson.with_user(self.handler).action_mark_read()
        lesson.invalidate_recordset()
        self.assertNotIn(self.handler, lesson.unread_user_ids)
        with self.assertRaises(AccessError):
            lesson.with_user(self.handler).read(["unread_user_ids"])

    def test_handler_sees_own_receipts_only(self):
        lesson = self._publish()
        lesson.with_user(self.handler).action_mark_read()
        reads = self.env["complaint.lesson.read"]
        seen = reads.with_user(self.handler).search([("lesson_id", "=", lesson.id)])
        self.assertEqual(seen.user_id, self.handler)
        both = reads.with_user(self.auditor).search([("lesson_id", "=", lesson.id)])
        self.assertEqual(len(both), 2)

    def test_receipt_and_use_never_change_nor_go(self):
        lesson = self._publish()
        lesson.with_user(self.handler).action_mark_read()
        self.case.with_user(self.handler)._apply_lesson(lesson)
        for line in (lesson.read_ids, lesson.use_ids):
            owner = "user_id" if "user_id" in line._fields else "used_by_id"
            with self.assertRaises(AccessError):
                line.sudo().write({owner: self.manager.id})
            with self.assertRaises(AccessError):
                line.sudo().unlink()
            with self.assertRaises(AccessError):
                line.with_user(self.manager).create({"lesson_id": lesson.id})

    # -- applied -----------------------------------------------------------------------
    def test_applied_is_counted_once_a_case(self):
        lesson = self._publish()
        other = self._new_case()
        for case in (self.case, self.case, other):
            lesson.with_user(self.handler).with_context(
                complaint_id=case.id
            ).action_apply()
        self.assertEqual(lesson.use_count, 2)
        self.assertEqual(self.case.applied_lesson_ids, lesson)
        self.assertFalse(self._new_case().applied_lesson_ids)
        entries = self.case.journal_entry_ids.filtered(
            lambda e: e.event == "lesson_applied"
        )
        self.assertEqual(len(entries), 1)
        cases = self.env["complaint.case"].search(lesson.action_open_uses()["domain"])
        self.assertEqual(cases, self.case | other)

    def test_apply_where_one_may_not_work_refused(self):
        lesson = self._publish()
        for user in (self.other_handler, self.auditor):
            with self.assertRaises(AccessError):
                lesson.with_user(user).with_context(
                    complaint_id=self.case.id
                ).action_apply()
        with self.assertRaisesRegex(UserError, "Open the complaint"):
            lesson.with_user(self.handler).action_apply()
        self.assertFalse(lesson.use_count)

    def test_use_in_a_case_of_others_is_counted_but_not_shown(self):
        lesson = self._publish()
        secret = self._new_case(is_confidential=True, user_id=self.investigator.id)
        secret.with_user(self.investigator)._apply_lesson(lesson)
        self.env.invalidate_all()
        self.assertEqual(lesson.with_user(self.handler).use_count, 1)
        self.assertFalse(lesson.with_user(self.handler).use_ids)

    # -- searched ----------------------------------------------------------------------
    def test_search_finds_words_however_they_are_typed(self):
        lesson = self._publish(
            name="Soba qızmır", text="اجاق گاز گرم نمی‌شود", process="Qablaşdırma"
        )
        lessons = self.env["complaint.lesson"].with_user(self.handler)
        for text in ("QIZMIR", "qizmir soba", "نمي‌شود", "گاز اجاق", "qablasdirma"):
            found = lessons.search([("search_text", "ilike", text)])
            self.assertEqual(found, lesson, text)
        self.assertFalse(lessons.search([("search_text", "ilike", "washer")]))

    # -- merged and held ------------------------------------------------------------
    def test_merge_moves_lessons_and_uses_once(self):
        lesson = self._make()
        twin = self._new_case()
        used, shared = self._publish(), self._publish()
        self.case._apply_lesson(used)
        for case in (self.case, twin):
            case._apply_lesson(shared)
        (self.case | twin).with_user(self.manager)._merge(
            twin.with_user(self.manager), True
        )
        self.assertEqual(lesson.case_id, twin)
        self.assertEqual(twin.lesson_use_ids.lesson_id, used | shared)

    def test_held_case_keeps_words_of_its_lesson_but_lets_it_live(self):
        lesson = self._make()
        self.env["complaint.legal.hold"].with_user(self.legal).create(
            {
                "name": "Court 1/2026",
                "reason": "The customer sues",
                "case_ids": [Command.set(self.case.ids)],
            }
        )
        for user in (self.manager, self.env.user):
            for vals in ({"text": "Other"}, {"product_tmpl_ids": [Command.clear()]}):
                with self.assertRaisesRegex(UserError, "legal hold"):
                    lesson.with_user(user).write(vals)
        lesson.with_user(self.investigator).action_publish()
        lesson.with_user(self.handler).action_mark_read()
        self._find().with_user(self.handler)._apply_lesson(lesson)
        lesson.with_user(self.manager).action_retire()
        self.assertEqual(lesson.state, "retired")

    def test_employee_without_role_reads_nothing(self):
        self._publish()
        user = new_test_user(self.env, "lesson_employee")
        with self.assertRaises(AccessError):
            self.env["complaint.lesson"].with_user(user).search([])
        self.assertFalse(user.has_group(f"{GROUP}handler"))
