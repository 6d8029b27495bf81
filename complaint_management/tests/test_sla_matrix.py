from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ComplaintCommon

HOURS = {
    "unit": "business_hours",
    "acknowledge": 2,
    "respond": 6,
    "resolve": 20,
    "update_every": 0,
}


@tagged("post_install", "-at_install")
class TestSlaMatrix(ComplaintCommon):
    """All cells of the matrix at once (SLA-1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policies = cls.env["complaint.sla.policy"].with_user(cls.manager)
        cls.vip = cls.env.ref("complaint_management.complaint_segment_vip")
        cls.parent = cls.category.parent_id

    def _cell(self, category=None, priority=False, segment=None, company=False):
        return {
            "company_id": company,
            "category_id": category.id if category else False,
            "priority": priority,
            "segment_id": segment.id if segment else False,
        }

    def _rows(self, **options):
        rows = self.policies.get_matrix(**{"company_id": False, **options})["rows"]
        return {(row["category_id"], row["segment_id"]): row for row in rows}

    def _shown(self, category=None, priority=False, segment=None, **options):
        key = (category.id if category else False, segment.id if segment else False)
        cells = self._rows(**options)[key]["cells"]
        return next(cell for cell in cells if cell["priority"] == priority)

    # -- reading -----------------------------------------------------------------
    def test_matrix_has_any_on_top_and_the_tree_below(self):
        rows = self.policies.get_matrix(company_id=False)["rows"]
        self.assertEqual((rows[0]["category_id"], rows[0]["depth"]), (False, 0))
        names = [row["category_id"] for row in rows]
        self.assertLess(names.index(self.parent.id), names.index(self.category.id))
        depths = {row["category_id"]: row["depth"] for row in rows}
        self.assertEqual(depths[self.category.id], depths[self.parent.id] + 1)
        self.assertEqual(
            [cell["priority"] for cell in rows[0]["cells"]], ["0", "1", "2", "3", False]
        )

    def test_cell_without_line_shows_what_it_inherits_and_from_where(self):
        cell = self._shown(self.category, "3")
        self.assertFalse(cell["is_own"])
        self.assertEqual(cell["values"]["resolve"], 24)
        self.assertEqual(cell["source"], "Any category · Critical")
        self.assertFalse(self._shown(self.category)["values"])

    def test_every_cell_answers_like_the_engine(self):
        """What is shown is what a case of that cell gets."""
        make = self.env["complaint.sla.policy"].create
        make({"category_id": self.parent.id, **HOURS})
        make({"category_id": self.category.id, "segment_id": self.vip.id, **HOURS})
        make({"priority": "2", "company_id": self.env.company.id, **HOURS})
        seen = 0
        company = self.env.company
        for row in self.policies.get_matrix(company_id=company.id)["rows"]:
            for shown in row["cells"][:-1]:
                key = (
                    company,
                    self.env["complaint.category"].browse(row["category_id"] or ()),
                    shown["priority"],
                    self.env["complaint.segment"].browse(row["segment_id"] or ()),
                )
                found = self.env["complaint.sla.policy"]._match_all([key])[key]
                self.assertEqual(shown["values"], found._prepare_cell_values(), row)
                seen += 1
        self.assertGreater(seen, 40)

    def test_segment_rows_show_where_a_segment_has_lines(self):
        key = (self.category.id, self.vip.id)
        self.assertNotIn(key, self._rows())
        self.policies.set_cell(self._cell(self.category, segment=self.vip), HOURS)
        self.assertIn(key, self._rows())
        self.assertTrue(self._shown(self.category, segment=self.vip)["is_own"])
        rows = self._rows(segment_id=self.vip.id)
        self.assertEqual({segment for __, segment in rows}, {self.vip.id})

    def test_reading_costs_the_same_with_more_lines(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.policies.get_matrix(company_id=False)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for category in self.env["complaint.category"].search([], limit=20):
            self.env["complaint.sla.policy"].create(
                {"category_id": category.id, **HOURS}
            )
        self.assertLessEqual(count(), few + 1)

    # -- editing -----------------------------------------------------------------
    def test_set_cell_makes_a_line_that_the_next_case_takes(self):
        before = self.policies.set_cell(self._cell(self.category, "1"), HOURS, False)
        self.assertFalse(before)
        cell = self._shown(self.category, "1")
        self.assertTrue(cell["is_own"])
        case = self._new_case(priority="1")
        self.assertEqual(case.sla_policy_id.category_id, self.category)
        resolve = case.sla_clock_ids.filtered(lambda c: c.kind == "resolve")
        self.assertEqual((resolve.unit, resolve.target), ("business_hours", 20))

    def test_set_cell_again_changes_the_same_line(self):
        self.policies.set_cell(self._cell(self.category), HOURS)
        before = self.policies.set_cell(
            self._cell(self.category), {**HOURS, "resolve": 30}
        )
        self.assertEqual(before["resolve"], 20)
        lines = self.policies.search([("category_id", "=", self.category.id)])
        self.assertEqual(lines.mapped("resolve"), [30])

    def test_cleared_cell_falls_back_and_undo_brings_it_again(self):
        self.calendar.company_id = False
        line = self.env["complaint.sla.policy"].create(
            {"category_id": self.category.id, "calendar_id": self.calendar.id, **HOURS}
        )
        before = self.policies.set_cell(self._cell(self.category), False)
        self.assertFalse(line.active)
        self.assertTrue(line.exists(), "Cases that it promised keep their history.")
        self.assertFalse(self._shown(self.category)["values"])
        self.policies.set_cell(self._cell(self.category), before)
        self.assertTrue(line.active)
        self.assertEqual((line.resolve, line.calendar_id), (20, self.calendar))

    def test_line_of_company_beats_the_shared_one(self):
        company = self.env.company
        self.policies.set_cell(self._cell(self.category), HOURS)
        shared = self._shown(self.category, company_id=company.id)
        self.assertFalse(shared["is_own"])
        self.policies.set_cell(
            self._cell(self.category, company=company.id), {**HOURS, "resolve": 9}
        )
        own = self._shown(self.category, company_id=company.id)
        self.assertTrue(own["is_own"])
        self.assertEqual(own["values"]["resolve"], 9)
        self.assertEqual(self._shown(self.category)["values"]["resolve"], 20)

    def test_change_is_journaled(self):
        self.policies.set_cell(self._cell(self.category), HOURS)
        line = self.policies.search([("category_id", "=", self.category.id)])
        self.policies.set_cell(self._cell(self.category), {**HOURS, "resolve": 30})
        entry = line.journal_entry_ids[:1]
        self.assertEqual(entry.actor_id, self.manager)
        self.assertEqual(
            (entry.before, entry.after), ({"resolve": 20}, {"resolve": 30})
        )

    # -- refusals ----------------------------------------------------------------
    def test_set_cell_by_others_than_managers_is_refused(self):
        for user in (self.handler, self.investigator, self.auditor, self.legal):
            policies = self.policies.with_user(user)
            self.assertFalse(policies.get_matrix()["can_edit"])
            for values in (HOURS, False):
                with self.assertRaises(AccessError):
                    policies.set_cell(self._cell(priority="3"), values)

    def test_matrix_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            self.policies.get_matrix(company_id=other.id)
        with self.assertRaises(AccessError):
            self.policies.set_cell(self._cell(company=other.id), HOURS)

    def test_cell_that_somebody_else_changed_is_refused(self):
        cell = self._cell(priority="3")
        seen = self._shown(priority="3")["values"]
        self.policies.set_cell(cell, {**seen, "resolve": 12}, seen)
        with self.assertRaisesRegex(UserError, "Somebody changed"):
            self.policies.set_cell(cell, {**seen, "resolve": 36}, seen)

    def test_wrong_values_are_refused(self):
        for values in (
            {**HOURS, "resolve": -1},
            {**HOURS, "resolve": "20"},
            {**HOURS, "resolve": True},
            {**HOURS, "resolve": float("nan")},
            {**HOURS, "resolve": float("inf")},
            {**HOURS, "resolve": 100_000},
            {**HOURS, "unit": "weeks"},
            {**HOURS, "unit": "business_days", "resolve": 1.5},
            {**HOURS, "active": False},
        ):
            with self.assertRaises(ValidationError, msg=str(values)):
                with self.cr.savepoint():
                    self.policies.set_cell(self._cell(self.category), values)
        self.assertFalse(self._shown(self.category)["values"])

    def test_wrong_cells_are_refused(self):
        for cell in (
            {},
            {**self._cell(), "active": True},
            self._cell(priority="9"),
            {**self._cell(), "category_id": 2_000_000_000},
        ):
            with self.assertRaises(UserError, msg=str(cell)):
                self.policies.set_cell(cell, HOURS)
