from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools.sla_fold import Event

EVENT_KINDS = [
    ("start", "Started"),
    ("pause", "Paused"),
    ("resume", "Resumed"),
    ("retarget", "New target"),
    ("calendar", "Working hours changed"),
    ("stop", "Stopped"),
    ("reopen", "Re-opened"),
    ("breach", "Deadline passed"),
    ("escalate", "Escalated"),
    ("passed", "Escalation passed over"),
    ("cancel", "Cancelled"),
]


COLUMNS = (
    *("clock_id", "kind", "occurred_at", "recorded_at", "since", "unit", "target"),
    *("policy_id", "hours_id", "reason_id", "level_id", "deadline", "actor_id", "note"),
)


class ComplaintSlaEvent(models.Model):
    """What happened to a clock and when. Events are appended, never changed. Who may
    read the clock may read its events: a note can tell a lot."""

    _name = "complaint.sla.event"
    _description = "SLA Event"
    _inherit = [
        "complaint.hold.mixin",
        "complaint.bulk.mixin",
        "complaint.part.mixin",
    ]
    _part_of = "clock_id"
    _hold_cases_sql = """
        SELECT complaint_held(clock.res_model, clock.res_id)
          FROM complaint_sla_clock AS clock WHERE clock.id = rec.clock_id
    """
    # The order of writing: it is the order in which events are folded.
    _order = "id"
    _rec_name = "kind"
    _log_access = False

    clock_id = fields.Many2one(
        "complaint.sla.clock", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(EVENT_KINDS, required=True)
    occurred_at = fields.Datetime("When", required=True)
    recorded_at = fields.Datetime("Written down at", required=True)
    since = fields.Datetime(
        "Counts from", help="From when the promise counts since this event."
    )
    unit = fields.Char()
    target = fields.Float(help="In the unit of the line.")
    policy_id = fields.Many2one("complaint.sla.policy", "Promise")
    hours_id = fields.Many2one("complaint.sla.hours", "Opening hours")
    reason_id = fields.Many2one("complaint.sla.pause.reason", "Reason of the pause")
    level_id = fields.Many2one("complaint.sla.escalation")
    deadline = fields.Datetime(help="Deadline that held from this event on.")
    actor_id = fields.Many2one(
        "res.users", "By", default=lambda self: self.env.uid, required=True
    )
    note = fields.Char("Reason")

    # Whatever happens, a level fires once.
    _level_once = models.UniqueIndex(
        "(clock_id, level_id) WHERE level_id IS NOT NULL",
        "This level was reached already.",
    )

    @api.model
    def _append(self, vals_list):
        """Write events down, in the order given. In plain SQL: events can't be written
        in any other way, nothing is computed from them, and a sweep writes thousands.

        :param vals_list: dicts with ``clock_id``, ``kind``, ``occurred_at`` and what
            else an event has
        """
        common = {"recorded_at": fields.Datetime.now(), "actor_id": self.env.uid}
        self._bulk_insert(
            COLUMNS,
            [
                {name: value for name, value in vals.items() if value} | common
                for vals in vals_list
            ],
        )

    @api.model
    def _read_events(self, clocks):
        """Return {clock id: [tools.sla_fold.Event]}, each in the order of writing."""
        self.env.cr.execute(
            SQL(
                """
                SELECT event.clock_id, event.kind, event.occurred_at, event.since,
                       event.unit, event.target, event.hours_id, event.reason_id,
                       event.note, event.actor_id, event.level_id
                  FROM complaint_sla_event event
                 WHERE event.clock_id = ANY(%s)
              ORDER BY event.id
                """,
                list(clocks._ids),
            )
        )
        found = {clock_id: [] for clock_id in clocks._ids}
        for row in self.env.cr.fetchall():
            found[row[0]].append(self._make_event(*row[1:]))
        return found

    def _make_event(
        self, kind, at, since, unit, target, hours_id, reason_id, note, actor_id, level
    ):
        version = self.env["complaint.sla.hours"]._get_version(hours_id)
        cell = (unit, target or 0, version and version.time) if unit else None
        label = ""
        if kind == "pause":
            reason = self.env["complaint.sla.pause.reason"].browse(reason_id)
            label = reason.name or note or ""
        return Event(
            kind,
            at,
            cell=cell,
            since=since,
            label=label,
            actor=actor_id,
            reason=reason_id,
            level=level,
        )

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("The events of a clock never change."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise AccessError(self.env._("The events of a clock are never deleted."))
