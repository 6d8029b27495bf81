from pathlib import Path

from freezegun import freeze_time

from odoo.modules.migration import load_script
from odoo.tests import tagged

from .common import ComplaintCommon

SCRIPT = "migrations/19.0.1.1.0/post-clock_figures.py"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-13 06:00:00")  # Friday, 10:00 in Baku
class TestSlaFigures(ComplaintCommon):
    """Stored figures of clocks, and the reports on them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["complaint.sla.policy"].create(
            {"category_id": cls.category.id, "unit": "business_hours", "resolve": 4}
        )
        cls.waiting, cls.goods = (
            cls.env.ref(f"complaint_management.complaint_sla_pause_reason_{name}")
            for name in ("customer", "goods")
        )
        # Used 2 h, paused 1 h for the customer and 3 h for the goods, kept.
        cls.paused = cls._new_case(received_at="2026-03-13 06:00:00", priority="1")
        cls._pause(
            cls.paused, cls.waiting, "2026-03-13 06:30:00", "2026-03-13 07:30:00"
        )
        cls._pause(cls.paused, cls.goods, "2026-03-13 10:00:00", "2026-03-13 13:00:00")
        cls.paused._sla_stop("resolve", cls._at("2026-03-13 13:00:00"))
        # Used 12 h, never paused, missed.
        cls.late = cls._new_case(received_at="2026-03-13 06:00:00", priority="2")
        cls.late._sla_stop("resolve", cls._at("2026-03-16 11:00:00"))
        cls.cases = cls.paused | cls.late
        cls.env.flush_all()

    @classmethod
    def _pause(cls, case, reason, start, end):
        case._sla_pause(reason, cls._at(start))
        case._sla_resume(cls._at(end))

    def _report(self, groupby, *aggregates, user=None, report="complaint.sla.report"):
        return (
            self.env[report]
            .with_user(user or self.handler)
            ._read_group([("case_id", "in", self.cases.ids)], groupby, aggregates)
        )

    # -- stored --------------------------------------------------------------------
    def test_clock_stores_pauses_by_reason_and_closed_time(self):
        clock = self.paused.sla_clock_ids
        self.assertEqual(clock.promised_hours, 4)
        self.assertEqual((clock.used_hours, clock.paused_hours), (2, 4))
        self.assertEqual(
            clock.pause_totals, {str(self.waiting.id): 1, str(self.goods.id): 3}
        )
        # The lunch break.
        self.assertEqual(clock.closed_hours, 1)
        late = self.late.sla_clock_ids
        self.assertEqual(late.used_hours, 12)
        self.assertEqual(late.closed_hours, 77 - 12)
        self.assertFalse(late.pause_totals)

    def test_new_clock_stores_what_is_promised(self):
        clock = self._new_case().sla_clock_ids
        self.assertEqual(clock.promised_hours, 4)
        self.assertFalse(clock._find_wrong())

    def test_time_between_answer_and_reopening_is_no_pause_for_a_reason(self):
        self.late._sla_reopen(self._at("2026-03-16 13:00:00"))
        self.env.flush_all()
        clock = self.late.sla_clock_ids
        self.assertEqual(clock.pause_totals, {"stop": 2})
        self.assertEqual(self._report([], "paused_hours:sum"), [(4,)])
        groups = self._report(
            [], "paused_hours:sum", report="complaint.sla.pause.report"
        )
        self.assertEqual(groups, [(4,)])

    def test_changed_figures_are_found(self):
        clock = self.paused.sla_clock_ids
        self.assertFalse(clock._find_wrong())
        for column, value in (
            ("promised_hours", "5"),
            ("closed_hours", "0"),
            ("pause_totals", "'{}'"),
        ):
            self.env.cr.execute("SAVEPOINT figures")
            self.env.cr.execute(
                f"UPDATE complaint_sla_clock SET {column} = {value} "  # noqa: S608
                "WHERE id = %s",
                [clock.id],
            )
            self.env.invalidate_all()
            self.assertEqual(clock._find_wrong(), clock, column)
            self.env.cr.execute("ROLLBACK TO SAVEPOINT figures")
            self.env.invalidate_all()

    def test_migration_fills_what_the_first_version_did_not_store(self):
        clocks = self.cases.sla_clock_ids | self._new_case().sla_clock_ids
        names = ["promised_hours", "closed_hours", "pause_totals", "write_date"]
        self.env.flush_all()
        before = clocks.read(names)
        self.env.cr.execute(
            "UPDATE complaint_sla_clock SET promised_hours = NULL, closed_hours = NULL,"
            " pause_totals = NULL WHERE id = ANY(%s)",
            [clocks.ids],
        )
        self.env.invalidate_all()
        self.assertFalse(any(clocks.mapped("promised_hours")))
        path = Path(__file__).parents[1] / SCRIPT
        load_script(str(path), "complaint_clock_figures").migrate(
            self.env.cr, "19.0.1.0.0"
        )
        self.env.invalidate_all()
        self.assertEqual(clocks.read(names), before)
        self.assertFalse(clocks._find_wrong())

    # -- reports -------------------------------------------------------------------
    def test_share_of_pauses_weighs_by_hours(self):
        (row,) = self._report(
            [],
            *("clock_count:sum", "kept_count:sum", "missed_count:sum"),
            *("promised_hours:sum", "used_hours:sum", "paused_hours:sum"),
            *("share_paused:avg", "share_kept:avg", "wait_hours:sum"),
        )
        self.assertEqual(row[:6], (2, 1, 1, 8, 14, 4))
        # 4 of 18 hours, not the mean of 67 % and 0 %.
        self.assertAlmostEqual(row[6], 100 * 4 / 18)
        self.assertAlmostEqual(row[7], 50)
        self.assertAlmostEqual(row[8], 7 + 77)

    def test_figures_by_each_dimension(self):
        for name, values in (
            ("team_id", [(self.team, 2)]),
            ("kind", [("resolve", 2)]),
            ("priority", [("1", 1), ("2", 1)]),
            ("pause_reason_id", [(self.goods, 1), (self.goods.browse(), 1)]),
            ("state", [("met", 1), ("missed", 1)]),
        ):
            self.assertEqual(self._report([name], "clock_count:sum"), values, name)
        ((month, count),) = self._report(["started_at:month"], "clock_count:sum")
        self.assertEqual((month.month, count), (3, 2))

    def test_pauses_by_reason_are_exact(self):
        groups = self._report(
            ["pause_reason_id"],
            "paused_hours:sum",
            "clock_count:sum",
            report="complaint.sla.pause.report",
        )
        self.assertEqual(groups, [(self.waiting, 1, 1), (self.goods, 3, 1)])

    def test_figures_are_for_those_who_may_read_the_cases(self):
        for report in ("complaint.sla.report", "complaint.sla.pause.report"):
            rows = self.env[report].search([("case_id", "in", self.cases.ids)])
            self.assertTrue(rows)
            self.assertTrue(rows.with_user(self.auditor).has_access("read"))
            self.cases.team_id = self.env["complaint.team"].create({"name": "x"})
            self.cases.user_id = self.manager
            self.env.flush_all()
            outsider = self.env[report].with_user(self.other_handler)
            self.assertFalse(outsider.search([("case_id", "in", self.cases.ids)]))
            self.assertFalse(rows.with_user(self.other_handler).has_access("read"))
            groups = outsider._read_group(
                [("case_id", "in", self.cases.ids)], [], ["clock_count:sum"]
            )
            self.assertFalse(groups[0][0])

    def test_cancelled_promises_are_no_figures(self):
        self.late.stage_id = self._stage("cancelled")
        fresh = self._new_case()
        fresh.stage_id = self._stage("cancelled")
        self.env.flush_all()
        rows = self.env["complaint.sla.report"].search([("case_id", "=", fresh.id)])
        self.assertFalse(rows)
        self.assertEqual(self._report([], "clock_count:sum"), [(2,)])
