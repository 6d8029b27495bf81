import random
import re
from datetime import timedelta

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ComplaintCommon

REPORT = "complaint_management.report_case_sla_account"
CLOCK_REPORT = "complaint_management.report_clock_sla_account"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-13 10:00:00")  # Friday, 14:00 in Baku, after lunch
class TestSlaAccount(ComplaintCommon):
    """The account on paper adds up to what is stored, and says which line applied."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policies = cls.env["complaint.sla.policy"]
        cls.policy = cls._promise_business_hours(category_id=cls.category.parent_id.id)
        cls.reason = cls._pause_reason()
        cls.env["resource.calendar.leaves"].create(
            {
                "name": "Novruz",
                "calendar_id": cls.calendar.id,
                "date_from": "2026-03-15 20:00:00",
                "date_to": "2026-03-16 20:00:00",
            }
        )
        cls.handler.tz = "Asia/Baku"
        cls.case = cls._new_case(received_at="2026-03-13 10:00:00")

    def _clock(self, kind, case=None):
        return (case or self.case).sla_clock_ids.filtered(lambda c: c.kind == kind)

    def _print(self, records, user=None, lang=None, report=REPORT):
        reports = self.env["ir.actions.report"].with_user(user or self.handler)
        if lang:
            reports = reports.with_context(lang=lang)
        content, __ = reports._render_qweb_html(report, records.ids)
        return html.fromstring(content)

    def _read_tables(self, page):
        """Return [(rows, sums)] of each account; rows are texts, sums {name: text}."""
        accounts = []
        for table in page.xpath("//table[contains(@class, 'o_complaint_ledger')]"):
            rows, sums = table.xpath("./tbody")
            accounts.append(
                (
                    [
                        [" ".join(cell.text_content().split()) for cell in row]
                        for row in rows
                    ],
                    {
                        row[0].text_content().strip(): row[1].text_content().strip()
                        for row in sums
                    },
                )
            )
        return accounts

    @staticmethod
    def _minutes(text):
        hours, minutes = re.fullmatch(r"(?:(\d+) h )?(\d+) min", text).groups()
        return int(hours or 0) * 60 + int(minutes)

    # -- on paper --------------------------------------------------------------------
    def test_paper_holds_each_interval_and_adds_up_to_the_stored_figures(self):
        dice = random.Random(7)
        for __ in range(6):
            case = self._new_case(received_at="2026-03-13 10:00:00")
            moment = self._at("2026-03-13 10:00:00")
            for __ in range(dice.randint(1, 3)):
                moment += timedelta(seconds=dice.randint(1, 90_000))
                case._sla_pause(self.reason, moment)
                moment += timedelta(seconds=dice.randint(1, 200_000))
                case._sla_resume(moment)
            moment += timedelta(seconds=dice.randint(1, 90_000))
            for kind in ("respond", "resolve"):
                case._sla_stop(kind, moment)
            self._check_paper(case, moment)

    def _check_paper(self, case, moment):
        with freeze_time(moment + timedelta(days=1)):
            tables = self._read_tables(self._print(case))
            clocks = case.sla_clock_ids
            self.assertEqual(len(tables), len(clocks))
            for (rows, sums), clock in zip(tables, clocks, strict=True):
                ledger = clock._get_ledger()
                self.assertEqual(len(rows), len(ledger.rows))
                # What is said of a kind is what its rows add up to, and what is stored.
                for name, hours in (
                    ("Counted", clock.used_hours),
                    ("Paused", clock.paused_hours),
                ):
                    total = round(hours * 60)
                    shown = self._minutes(sums[name]) if name in sums else 0
                    self.assertEqual(shown, total, (name, sums, hours))
                    ours = [row for row in rows if row[2].startswith(name)]
                    self.assertEqual(sum(self._minutes(r[4]) for r in ours), total)
                closed = sum(
                    self._minutes(row[4])
                    for row in rows
                    if row[2].startswith(("Closed", "Holiday"))
                )
                self.assertAlmostEqual(closed, clock.closed_hours * 60, delta=1.01)
                wait = self._minutes(sums["The customer's wait, day and night"])
                self.assertEqual(
                    wait,
                    round(
                        (moment - clock.started_at).seconds / 60
                        + (moment - clock.started_at).days * 1440
                    ),
                )

    def test_paper_names_who_paused_holiday_and_line(self):
        with freeze_time("2026-03-13 12:00:00"):
            self.case.with_user(self.handler).sudo()._sla_pause(self.reason)
        with freeze_time("2026-03-17 07:00:00"):
            self.case._sla_resume()
            page = self._print(self.case)
        text = " ".join(page.text_content().split())
        for words in (
            self.case.name,
            "Paused: Waiting for the customer",
            "Holiday: Novruz",
            self.handler.name,
            "8 business hours",
            "nearest above",
            self.calendar.name,
            self.case.company_id.name,
        ):
            self.assertIn(words, text)

    def test_paper_of_one_promise_and_of_none(self):
        clock = self._clock("respond")
        self.assertEqual(
            len(self._read_tables(self._print(clock, report=CLOCK_REPORT))), 1
        )
        self.policies.search([]).active = False
        page = self._print(self._new_case())
        self.assertIn("Nothing was promised.", page.text_content())

    def test_paper_is_in_the_language_of_the_reader(self):
        for lang in ("fa_IR", "az_AZ", "tr_TR"):
            self.env["res.lang"]._activate_lang(lang)
        for lang in ("az_AZ", "tr_TR"):
            page = self._print(self.case, lang=lang)
            self.assertEqual(page.xpath("//div[@dir]/@dir"), ["ltr"])
            self.assertIn("13 ", page.text_content())
        page = self._print(self.case, lang="fa_IR")
        self.assertEqual(page.xpath("//div[@dir]/@dir"), ["rtl"])
        self.assertIn("۲۲ اسفند ۱۴۰۴، ۱۴:۰۰", page.text_content())

    def test_paper_isnt_for_those_who_may_not_read_the_case(self):
        self.case.team_id = self.env["complaint.team"].create({"name": "x"})
        customer = new_test_user(
            self.env, "paper_customer", "base.group_portal", email="c@customer.example"
        )
        for user in (self.other_handler, customer):
            with self.assertRaises(AccessError):
                self._print(self.case, user)
            with self.assertRaises(AccessError):
                self._print(self._clock("respond"), user, report=CLOCK_REPORT)

    def test_badge_opens_the_account_of_the_next_promise(self):
        case = self.case.with_user(self.handler)
        action = case.action_open_account()
        self.assertEqual(action["target"], "new")
        self.assertEqual(action["res_id"], self._clock("respond").id)
        clock = self.env[action["res_model"]].with_user(self.handler)
        clock = clock.browse(action["res_id"])
        arch = clock.get_view(action["views"][0][0], "form")["arch"]
        self.assertIn("ledger_html", arch)
        self.assertEqual(clock.action_print_account()["report_name"], CLOCK_REPORT)
        self._clock("respond")._stop(self._at("2026-03-13 11:00:00"))
        self._clock("resolve")._stop(self._at("2026-03-13 11:00:00"))
        action = case.action_open_account()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.case.sla_clock_ids)

    # -- which line ------------------------------------------------------------------
    def test_reason_names_the_nearest_ancestor(self):
        parent = self.category.parent_id
        child = self.category.create(
            {"name": "Door", "parent_id": self.category.id, "code": "door"}
        )
        case = self._new_case(category_id=child.id, priority="2")
        self.assertEqual(
            case.with_user(self.handler).sla_policy_reason,
            f"Category {parent.name} (nearest above Door), any priority, any segment, "
            "any company",
        )
        line = self.policies.create(
            {
                "category_id": self.category.id,
                "priority": "2",
                "company_id": self.env.company.id,
                "unit": "clock_hours",
                "respond": 1,
            }
        )
        case = self._new_case(category_id=child.id, priority="2")
        self.assertEqual(case.sla_policy_id, line)
        reason = (
            f"Category {self.category.name} (nearest above Door), priority High, any "
            f"segment, company {self.env.company.name}"
        )
        self.assertEqual(case.sla_policy_reason, reason)
        self.assertEqual(case.sla_clock_ids.policy_reason, reason)
        line.category_id = child
        case.invalidate_recordset(["sla_policy_reason"])
        self.assertIn("Category Door, priority High", case.sla_policy_reason)

    def test_reason_of_general_line_and_of_none(self):
        self.policy.active = False
        case = self._new_case(priority="3")
        self.assertEqual(
            case.sla_policy_reason,
            "Any category, priority Critical, any segment, any company",
        )
        self.policies.search([]).active = False
        self.assertIn("No line", self._new_case().sla_policy_reason)

    def test_ended_promise_keeps_its_line(self):
        self._clock("respond")._stop(self._at("2026-03-13 11:00:00"))
        self.policies.create(
            {"priority": "3", "category_id": self.category.id, "resolve": 3}
        )
        self.case.priority = "3"
        self.assertIn("when this promise ended", self._clock("respond").policy_reason)
        self.assertIn("priority Critical", self._clock("resolve").policy_reason)
        self.assertNotIn("ended", self._clock("resolve").policy_reason)
