import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.business_time import BusinessTime, NoBusinessTime
from .complaint_sla_policy import CLOCK_KINDS

_logger = logging.getLogger(__name__)

OPEN_STATES = ("running", "paused")
SWEEP_BATCH = 500
# Longer than the interval of the scheduled action.
SWEEP_HORIZON = timedelta(hours=1)


class ComplaintSlaClock(models.Model):
    """One running promise on any host.

    ``missed`` stays missed, also when the answer comes later; ``stopped_at`` tells
    when it came.
    """

    _name = "complaint.sla.clock"
    _description = "SLA Clock"
    _inherit = ["complaint.host.mixin"]
    _order = "deadline, id"
    _rec_name = "kind"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(CLOCK_KINDS, required=True, readonly=True)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "Kept"),
            ("missed", "Missed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="running",
        readonly=True,
    )
    policy_id = fields.Many2one(
        "complaint.sla.policy", index="btree_not_null", readonly=True
    )
    calendar_id = fields.Many2one("resource.calendar", "Working hours", readonly=True)
    unit = fields.Char(readonly=True)
    target = fields.Float(readonly=True, help="In the unit of the policy.")
    started_at = fields.Datetime("Counts from", required=True, readonly=True)
    deadline = fields.Datetime(required=True, readonly=True)
    stopped_at = fields.Datetime("Stopped at", readonly=True)
    breached_at = fields.Datetime("Breached at", readonly=True)
    event_ids = fields.One2many("complaint.sla.event", "clock_id", "Ledger")

    _host_idx = models.Index("(res_model, res_id)")
    # The sweep reads what is due, whatever the number of open clocks.
    _due_idx = models.Index("(deadline) WHERE state = 'running'")

    @api.model
    def _start(self, vals_list):
        """Start clocks and their ledgers.

        In plain SQL: a case has three of them, and making those was a third of the
        time of taking in cases. ``_sla_prepare_clocks`` is where to change them.
        """
        moment, uid = self.env.cr.now(), self.env.uid
        common = {
            "state": "running",
            "create_uid": uid,
            "create_date": moment,
            "write_uid": uid,
            "write_date": moment,
        }
        rows = [
            tuple(value or None for value in (vals | common).values())
            for vals in vals_list
        ]
        columns = [*vals_list[0], *common]
        self.env.cr.execute(
            SQL(
                """
                WITH clock AS (
                    INSERT INTO complaint_sla_clock (%(columns)s) VALUES %(rows)s
                    RETURNING id, deadline
                )
                INSERT INTO complaint_sla_event
                            (clock_id, kind, occurred_at, deadline, actor_id)
                SELECT id, 'start', %(now)s, deadline, %(actor)s FROM clock
                """,
                columns=SQL(", ").join(SQL.identifier(name) for name in columns),
                rows=SQL(", ").join(SQL("%s", row) for row in rows),
                now=fields.Datetime.now(),
                actor=uid,
            )
        )
        self._wake_sweep(min(vals["deadline"] for vals in vals_list))

    def _add_events(self, kind, at, note=None):
        """Append the same event to every clock of self.

        In plain SQL: events can't be written in any other way, nothing is computed
        from them, and a case starts with as many events as clocks.
        """
        if not self:
            return
        self.flush_recordset(["deadline"])
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO complaint_sla_event
                            (clock_id, kind, occurred_at, deadline, actor_id, note)
                SELECT id, %s, %s, deadline, %s, %s
                  FROM complaint_sla_clock
                 WHERE id = ANY(%s)
                 ORDER BY id
                """,
                kind,
                at,
                self.env.uid,
                note or None,
                self.ids,
            )
        )
        self.invalidate_recordset(["event_ids"], flush=False)

    def _stop(self, at, note=None):
        """The promise is answered at ``at`` (naive UTC): kept or missed."""
        pending = self.filtered(lambda clock: not clock.stopped_at)
        in_time = pending.filtered(
            lambda clock: clock.state in OPEN_STATES and at <= clock.deadline
        )
        in_time.write({"state": "met", "stopped_at": at})
        late = pending - in_time
        late.write({"state": "missed", "stopped_at": at})
        late.filtered(lambda clock: not clock.breached_at)._mark_breached()
        pending._add_events("stop", at, note)

    def _cancel(self, at, note=None):
        """The promise lapses, for example because the case is cancelled."""
        pending = self.filtered(lambda clock: clock.state in OPEN_STATES)
        pending.write({"state": "cancelled", "stopped_at": at})
        pending._add_events("cancel", at, note)

    def _reopen(self, at):
        """Count on after a stop or a cancellation: what was left of the time then is
        left now. What was missed stays missed."""
        stopped = self.filtered("stopped_at")
        for clock in stopped:
            vals = {"stopped_at": False}
            if clock.stopped_at <= clock.deadline and not clock.breached_at:
                vals |= {
                    "state": "running",
                    "deadline": clock._get_reopened_deadline(at),
                }
            clock.write(vals)
        stopped._add_events("reopen", at)
        stopped._trigger_sweep()

    def _get_reopened_deadline(self, at):
        """Return ``at`` plus what was left when this clock stopped, in its own time."""
        time = BusinessTime.always()
        if self.unit != "clock_hours" and self.calendar_id:
            time = self.calendar_id._get_business_time()
        try:
            return time.add(at, time.between(self.stopped_at, self.deadline))
        except NoBusinessTime:
            return at + (self.deadline - self.stopped_at)

    def _mark_breached(self):
        for clock in self:
            clock.breached_at = clock.deadline
        self._add_events("breach", fields.Datetime.now())

    @api.model
    def _get_due_domain(self):
        """Return the domain of the clocks whose deadline has passed unseen."""
        return [
            ("state", "=", "running"),
            ("deadline", "<", fields.Datetime.now()),
        ]

    @api.model
    def _cron_sweep(self):
        """Mark breaches and alert the owners; each breach once.

        What is due is locked row by row and read again, so that two workers share
        the work and a run that was cut off goes on where it stopped.
        """
        cron = self.env["ir.cron"]
        while True:
            due = self.search(self._get_due_domain(), limit=SWEEP_BATCH)
            if not due:
                break
            locked = due.try_lock_for_update().filtered_domain(self._get_due_domain())
            locked._breach_each()
            remaining = self.search_count(
                self._get_due_domain(), limit=10 * SWEEP_BATCH
            )
            if not cron._commit_progress(len(locked), remaining=remaining):
                break
            if not locked:
                break
        self._trigger_next_sweep()

    def _breach_each(self):
        """Breach a batch at once; when that fails, one by one, so that a bad record
        doesn't stop the rest."""
        try:
            with self.env.cr.savepoint():
                self._breach()
        except Exception:
            if len(self) <= 1:
                _logger.exception("Clock %s could not be marked as missed", self.ids)
                # It stays due; push it out of the way of this run.
                self.write({"state": "missed"})
                return
            for clock in self:
                clock._breach_each()

    def _breach(self):
        self.write({"state": "missed"})
        self._mark_breached()
        for res_model, clocks in self.grouped("res_model").items():
            hosts = (
                self.env[res_model]
                .browse(sorted(set(clocks.mapped("res_id"))))
                .exists()
            )
            hosts._sla_alert(clocks)

    @api.model
    def _trigger_next_sweep(self):
        """Wake the sweep at the next deadline; the interval is only the net."""
        following = self.search([("state", "=", "running")], limit=1, order="deadline")
        following._trigger_sweep()

    def _trigger_sweep(self):
        """Wake the sweep at the first deadline of self."""
        if self:
            self._wake_sweep(min(self.mapped("deadline")))

    @api.model
    def _wake_sweep(self, deadline):
        """Wake the sweep at a deadline when that is soon. Later ones are found by a
        regular run, which wakes the next one in its turn; a trigger for each new clock
        would only fill the table of triggers."""
        if deadline < fields.Datetime.now() + SWEEP_HORIZON:
            self.env["ir.cron"]._wake_complaint_job("sla_sweep", deadline)
