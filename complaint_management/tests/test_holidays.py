from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestHolidays(ComplaintCommon):
    def _fill(self, **values):
        form = Form(self.env["complaint.holiday.fill"].with_user(self.manager))
        form.calendar_ids.clear()
        form.calendar_ids.add(self.calendar)
        form.country_id = self.env.ref("base.tr")
        for name, value in {"year_from": 2026, "year_to": 2026, **values}.items():
            form[name] = value
        return form

    def _leaves(self):
        return self.env["resource.calendar.leaves"].search(
            [("calendar_id", "=", self.calendar.id)]
        )

    def test_fill_twice_adds_once(self):
        self.calendar.tz = "Europe/Istanbul"
        self._fill().save().action_fill()
        found = self._leaves()
        republic = found.filtered(
            lambda leave: leave.date_from == self._at("2026-10-28 10:00:00")
        )
        self.assertEqual(republic.date_to, self._at("2026-10-28 21:00:00"))
        self._fill().save().action_fill()
        self.assertEqual(self._leaves(), found)

    def test_half_days_and_lines_taken_out_are_left_out(self):
        form = self._fill(with_half_days=False)
        count = len(form.line_ids)
        form.line_ids.remove(0)
        form.save().action_fill()
        self.assertEqual(len(self._leaves()), count - 1)

    def test_years_the_wrong_way_are_refused(self):
        with self.assertRaises(UserError):
            self._fill(year_to=2020).save()

    def test_ready_working_hours_count(self):
        for code, day in (("az", 0), ("tr", 0), ("ir", 5)):
            calendar = self.env.ref(f"complaint_management.resource_calendar_{code}")
            week = calendar._get_business_time()
            self.assertEqual(len(calendar.attendance_ids), 10)
            self.assertTrue(week)
            self.assertIn(str(day), calendar.attendance_ids.mapped("dayofweek"))
