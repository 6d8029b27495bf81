from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import fields, models


class ComplaintSlaReplayDay(models.TransientModel):
    """A day that would have been closed."""

    _name = "complaint.sla.replay.day"
    _description = "Closed Day of a Replay"
    _order = "date"
    _transient_max_hours = 24

    replay_id = fields.Many2one(
        "complaint.sla.replay", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True)
    name = fields.Char(required=True)

    def _get_leaves(self, tz):
        """Return [(start, end, name)] of these days, naive UTC.

        :param str tz: IANA name of the time zone in which they begin and end
        """
        zone = ZoneInfo(tz)

        def midnight(day):
            local = datetime.combine(day, time(), tzinfo=zone)
            return local.astimezone(timezone.utc).replace(tzinfo=None)

        return [
            (midnight(day.date), midnight(day.date + timedelta(days=1)), day.name)
            for day in self
        ]
