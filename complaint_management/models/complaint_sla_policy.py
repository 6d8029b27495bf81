from odoo import api, models

from ..tools.sla_fold import promise
from .complaint_sla_line_mixin import TARGET_FIELDS

CLOCK_KINDS = [
    ("acknowledge", "Acknowledge"),
    ("respond", "First response"),
    ("resolve", "Resolution"),
    ("update", "Keep informed"),
    ("discipline", "8D discipline"),
]
# States of a clock that still counts, or will again.
OPEN_STATES = ("running", "paused")


class ComplaintSlaPolicy(models.Model):
    """One cell of the promise matrix: category × priority × segment × company."""

    _name = "complaint.sla.policy"
    _description = "SLA Policy"
    _inherit = [
        "complaint.sla.line.mixin",
        "complaint.sla.matrix.mixin",
        "complaint.journal.mixin",
    ]
    _journal_fields = (
        *("category_id", "priority", "segment_id", "unit", *TARGET_FIELDS.values()),
        *("calendar_id", "company_id", "active"),
    )

    @api.model
    def _match_all(self, keys):
        """Find the policy of many hosts at once, see :meth:`_match_keys`."""
        policies = self.search_fetch([], self._get_match_fields())
        return policies._match_keys(keys)

    @api.model
    def _get_deadline(self, start, target, unit, calendar):
        """Return the moment (naive UTC) at which a promise without pauses ends.

        :param datetime start: naive UTC
        :param float target: hours or days, see ``unit``
        :param calendar: resource.calendar in whose hours business time counts
        """
        hours = None if unit == "clock_hours" else calendar._get_business_time()
        return promise(start, target, unit, hours)
