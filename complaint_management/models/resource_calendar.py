from datetime import time

from odoo import models, tools
from odoo.fields import Domain

from .complaint_sla_hours import HoursVersion


def _to_time(hour):
    """Return a float hour as a time; 24:00 is the end of the day, so 00:00."""
    minutes = round(hour * 60)
    return time(minutes // 60 % 24, minutes % 60)


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "complaint.cached.mixin"]

    def _get_business_time(self):
        """Return the compiled business time of this calendar, with global leaves.

        :raise ValueError: no fixed weekly hours (flexible or two-week calendar)
        """
        return self._get_hours_version().time

    def _get_hours_version(self):
        """Return the :class:`HoursVersion` of this calendar as it is now.

        :raise ValueError: see :meth:`_get_business_time`; or there is no calendar
        """
        if not self:
            raise ValueError(self.env._("There are no working hours."))
        self.ensure_one()
        return self._compile_hours(self.id)

    @tools.ormcache("calendar_id")
    def _compile_hours(self, calendar_id):
        # sudo: opening hours and public holidays are no secret, deadlines need them
        calendar = self.sudo().browse(calendar_id)
        if calendar.flexible_hours or calendar.two_weeks_calendar:
            raise ValueError(
                self.env._(
                    "The working hours “%s” are flexible or alternate by week, so no "
                    "deadline can be counted in them. Use fixed weekly hours.",
                    calendar.name,
                )
            )
        week = {}
        for line in calendar.attendance_ids:
            if not line.display_type and line.day_period != "lunch":
                hours = (_to_time(line.hour_from), _to_time(line.hour_to))
                week.setdefault(int(line.dayofweek), []).append(hours)
        leaves = [
            (leave.date_from, leave.date_to, leave.name)
            for leave in calendar._get_business_time_leaves()
        ]
        return HoursVersion.make(calendar.name, week, calendar.tz or "UTC", leaves)

    def _get_business_time_leaves(self):
        """Return the leaves that close the whole calendar: not those that count as
        work, such as a training."""
        domain = Domain("resource_id", "=", False) & Domain("time_type", "=", "leave")
        if self.company_id:
            domain &= Domain("calendar_id", "in", (self.id, False))
            domain &= Domain("company_id", "in", (self.company_id.id, False))
        else:
            domain &= Domain("calendar_id", "=", self.id)
        return self.env["resource.calendar.leaves"].search(domain)
