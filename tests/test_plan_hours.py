"""Deadlines equal those of core where core defines them: 2,000 random working hours
with breaks, leaves and zones whose clocks change."""

import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from odoo.tests import TransactionCase

pytestmark = pytest.mark.slow

CALENDARS = 2_000
BATCH = 250
ZONES = [
    *("Asia/Baku", "Europe/Istanbul", "Asia/Tehran", "Europe/Berlin", "UTC"),
    *("America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo"),
]
# Days around which clocks change in one zone or another, and ordinary ones.
MOMENTS = [
    datetime(2021, 3, 20),
    datetime(2021, 9, 20),
    datetime(2023, 12, 29),
    datetime(2024, 2, 27),
    datetime(2024, 3, 29),
    datetime(2024, 4, 4),
    datetime(2024, 6, 12),
    datetime(2024, 10, 25),
]


class TestPlanHours(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dice = random.Random(2026)

    def _make_day(self, day):
        """Return lines of a day: up to three spans apart from each other, and now and
        then a lunch line, which is no working time."""
        edges = sorted(self.dice.sample(range(4 * 4, 20 * 4), 6))
        spans = list(zip(edges[::2], edges[1::2], strict=True))
        chosen = sorted(self.dice.sample(spans, self.dice.randint(1, 3)))
        lines = [("morning", *span) for span in chosen]
        if len(chosen) > 1 and self.dice.random() < 0.5:
            lines.append(("lunch", chosen[0][1], chosen[1][0]))
        return [
            (
                0,
                0,
                {
                    "name": period,
                    "dayofweek": str(day),
                    "day_period": period,
                    "hour_from": low / 4,
                    "hour_to": high / 4,
                },
            )
            for period, low, high in lines
        ]

    def _make_calendar(self, number):
        days = self.dice.sample(range(7), self.dice.randint(1, 6))
        return {
            "name": f"Random {number}",
            "tz": self.dice.choice(ZONES),
            "attendance_ids": [line for day in days for line in self._make_day(day)],
        }

    def _make_leaves(self, calendar, moment):
        """Return leaves near a moment; some of them count as work."""
        found = []
        for number in range(self.dice.randint(0, 4)):
            begin = moment + timedelta(minutes=self.dice.randint(-2880, 14_400))
            found.append(
                {
                    "name": f"Leave {number}",
                    "calendar_id": calendar.id,
                    "date_from": begin,
                    "date_to": begin + timedelta(minutes=self.dice.randint(1, 4320)),
                    "time_type": self.dice.choice(["leave", "leave", "other"]),
                }
            )
        return found

    def test_deadlines_equal_those_of_core(self):
        compared = {"all": 0, "leave": 0, "lunch": 0, "clock change": 0}
        for first in range(0, CALENDARS, BATCH):
            numbers = range(first, min(first + BATCH, CALENDARS))
            calendars = self.env["resource.calendar"].create(
                [self._make_calendar(number) for number in numbers]
            )
            moments = [self.dice.choice(MOMENTS) for __ in calendars]
            self.env["resource.calendar.leaves"].create(
                [
                    leave
                    for calendar, moment in zip(calendars, moments, strict=True)
                    for leave in self._make_leaves(calendar, moment)
                ]
            )
            for calendar, moment in zip(calendars, moments, strict=True):
                self._compare(calendar, moment, compared)
            self.env.invalidate_all()
        self.assertEqual(compared["all"], CALENDARS)
        for what in ("leave", "lunch", "clock change"):
            self.assertGreater(compared[what], CALENDARS / 20, what)

    def _compare(self, calendar, moment, compared):
        start = moment + timedelta(minutes=self.dice.randint(0, 6 * 1440))
        hours = self.dice.randint(1, 160) / 4
        answer = calendar.plan_hours(hours, start.replace(tzinfo=timezone.utc), True)
        self.assertTrue(answer, "core defines no deadline")
        wanted = answer.astimezone(timezone.utc).replace(tzinfo=None)
        found = calendar._get_business_time().add(start, timedelta(hours=hours))
        case = (calendar.tz, start, hours, calendar.attendance_ids.mapped("hour_from"))
        self.assertEqual(found, wanted, case)
        compared["all"] += 1
        periods = calendar.attendance_ids.mapped("day_period")
        compared["lunch"] += "lunch" in periods
        leaves = calendar._get_business_time_leaves()
        compared["leave"] += any(
            leave.date_from < found and leave.date_to > start for leave in leaves
        )
        offsets = {self._offset(calendar.tz, instant) for instant in (start, found)}
        compared["clock change"] += len(offsets) > 1

    def _offset(self, tz, instant):
        return instant.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(tz)).utcoffset()
