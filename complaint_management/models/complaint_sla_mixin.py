from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.sla_fold import Fold, in_hours
from .complaint_sla_policy import OPEN_STATES


class ComplaintSlaMixin(models.AbstractModel):
    """Promises with deadlines on the host.

    The host answers ``_sla_kinds``, ``_sla_get_start``, ``_sla_get_key`` and
    ``_sla_get_alert_user``; ``_sla_key_fields`` names the fields that move it to
    another cell of the matrix, ``_sla_key_sources`` those from which they follow.
    """

    _name = "complaint.sla.mixin"
    _description = "Promises with Deadlines"
    _inherit = ["complaint.sla.shown.mixin", "complaint.sla.tell.mixin"]
    _complaint_host_of = ("complaint.sla.clock",)
    _sla_key_fields = ()
    _sla_key_sources = ()

    sla_clock_ids = fields.One2many(
        "complaint.sla.clock",
        "res_id",
        "Clocks",
        readonly=True,
        copy=False,
    )
    sla_policy_id = fields.Many2one(
        "complaint.sla.policy",
        "Promise",
        compute="_compute_sla_policy_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    sla_deadline = fields.Datetime(
        "Next deadline", compute="_compute_sla", store=True, index="btree_not_null"
    )
    sla_status = fields.Selection(
        [
            ("none", "No promise"),
            ("running", "In time"),
            ("paused", "Paused"),
            ("late", "Late"),
            ("met", "Kept"),
            ("missed", "Missed"),
        ],
        "SLA",
        compute="_compute_sla",
        store=True,
    )

    @api.depends(lambda self: self._sla_key_fields)
    def _compute_sla_policy_id(self):
        keys = {record: record._sla_get_key() for record in self}
        found = self.env["complaint.sla.policy"]._match_all(keys.values())
        for record, key in keys.items():
            record.sla_policy_id = found[key]

    @api.depends(
        "sla_clock_ids.state", "sla_clock_ids.deadline", "sla_clock_ids.stopped_at"
    )
    def _compute_sla(self):
        for host in self:
            pending, all_states, deadlines = set(), set(), []
            for clock in host.sla_clock_ids:
                state = clock.state
                if state == "cancelled":
                    continue
                all_states.add(state)
                if not clock.stopped_at:
                    pending.add(state)
                    deadlines.append(clock.deadline)
            host.sla_deadline = min(deadlines, default=False)
            host.sla_status = host._get_sla_status(pending, all_states)

    def _get_sla_status(self, pending, all_states):
        """Return the status of a host.

        :param set pending: states of its clocks that aren't answered
        :param set all_states: states of its clocks, cancelled ones left out
        """
        for state, status in (
            ("missed", "late"),
            ("paused", "paused"),
            ("running", "running"),
        ):
            if state in pending:
                return status
        if "missed" in all_states:
            return "missed"
        return "met" if all_states else "none"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._sla_start()
        return records

    def write(self, vals):
        if not vals.keys() & {*self._sla_key_fields, *self._sla_key_sources}:
            return super().write(vals)
        before = {record.id: record._sla_get_place() for record in self}
        result = super().write(vals)
        for record in self:
            policy, calendar = record._sla_get_place()
            if policy != before[record.id][0]:
                record._sla_retarget()
            if calendar != before[record.id][1]:
                record._sla_take_calendar()
        return result

    def _sla_get_place(self):
        """Return the line of the matrix and the working hours that hold now."""
        # sudo: the matrix is configuration, working hours are no secret
        record = self.sudo()
        return record.sla_policy_id, record._sla_get_calendar(record.sla_policy_id)

    # -- what the host answers ---------------------------------------------------
    def _sla_kinds(self):
        """Return the kinds of promise that this host makes."""
        return ("respond", "resolve")

    def _sla_get_start(self):
        """Return the moment (naive UTC) from which the promises count."""
        return self.create_date

    def _sla_get_key(self):
        """Return (company, category, priority, segment) that finds the policy."""
        raise NotImplementedError

    def _sla_get_cell(self, policy, kind):
        """Return (unit, target) of what is promised for a kind; target 0: nothing is.
        A host whose promises don't come from the matrix answers by itself."""
        return (policy.unit, policy._get_target(kind)) if policy else (False, 0)

    def _sla_get_calendar(self, policy):
        """Return the working hours in which business time counts."""
        if policy.calendar_id:
            return policy.calendar_id
        memo, company = self.env.context.get("sla_memo", {}), self.company_id
        if company not in memo:
            # A company has a hundred fields; one is wanted.
            lean = company.with_context(prefetch_fields=False)
            memo[company] = lean.resource_calendar_id.with_env(self.env)
        return memo[company]

    def _sla_get_pause(self):
        """Return (reason, since when) if the host lets its promises stand now."""
        return self.env["complaint.sla.pause.reason"], False

    def _sla_get_alert_user(self):
        """Return the user who is told about a missed promise."""
        return self.env["res.users"]

    # -- engine ------------------------------------------------------------------
    def _sla_start(self):
        """Start the clocks of new records in one go."""
        # sudo: the matrix is configuration, the clocks are written by the engine only
        # Cases of a batch were often received together: what is promised to one is
        # what is promised to the next.
        self = self.sudo().with_context(sla_memo={})
        vals_list = [
            vals
            for record in self
            for vals in record._sla_prepare_clocks(
                record.sla_policy_id, record._sla_kinds()
            )
        ]
        if vals_list:
            self.env["complaint.sla.clock"]._start(vals_list)
            self._sla_note_started(vals_list)

    def _sla_note_started(self, vals_list):
        """Store what :meth:`_compute_sla` finds for clocks that have just started,
        without reading them.

        :param vals_list: values of the clocks
        """
        first = {}
        for vals in vals_list:
            known = first.get(vals["res_id"], vals["deadline"])
            first[vals["res_id"]] = min(known, vals["deadline"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s host
                   SET sla_deadline = started.deadline, sla_status = 'running'
                  FROM unnest(%(ids)s, %(deadlines)s::timestamp[])
                       AS started (id, deadline)
                 WHERE host.id = started.id
                """,
                table=SQL.identifier(self._table),
                ids=list(first),
                deadlines=list(first.values()),
            )
        )
        for name in ("sla_deadline", "sla_status"):
            self.env.remove_to_compute(self._fields[name], self)
        names = ["sla_deadline", "sla_status", "sla_clock_ids"]
        self.invalidate_recordset(names, flush=False)

    def _sla_prepare_clocks(self, policy, kinds):
        """Return the values of the clocks that ``policy`` promises."""
        self.ensure_one()
        calendar = self._sla_get_calendar(policy)
        return [
            self._sla_prepare_clock(
                kind, self._sla_prepare_target(policy, kind, calendar)
            )
            for kind in kinds
            if self._sla_get_cell(policy, kind)[1]
        ]

    def _sla_prepare_clock(self, kind, target):
        """Return the values of a clock.

        :param dict target: see :meth:`_sla_count_target`
        """
        return {
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self.company_id.id,
            "kind": kind,
            **target,
        }

    def _sla_prepare_target(self, policy, kind, calendar, start=None):
        """Return what is promised for ``kind``, and when the clock has to be seen."""
        start = start or self._sla_get_start()
        memo = self.env.context.get("sla_memo", {})
        cell = self._sla_get_cell(policy, kind)
        key = (policy, kind, cell, calendar, start, self.company_id)
        if key not in memo:
            memo[key] = self._sla_count_target(policy, kind, calendar, start, cell)
        return memo[key]

    def _sla_count_target(self, policy, kind, calendar, start, cell):
        """Return the values of a clock that follow from its cell: (unit, target)."""
        unit, target, version = self.env["complaint.sla.policy"]._make_countable(
            *cell, start, calendar._get_hours_version
        )
        state = Fold(unit, target, version and version.time, start)
        next_at = self.env["complaint.sla.clock"]._find_next_moment(
            state, policy.id, kind, self.company_id.id
        )
        return {
            "policy_id": policy.id,
            "calendar_id": calendar.id,
            "unit": unit,
            "target": target,
            "started_at": start,
            "deadline": state.deadline,
            "promised_hours": in_hours(state.total),
            "next_at": next_at,
            "version": version,
        }

    def _sla_retarget(self):
        """Move open clocks to the cell that holds now; time used stays used."""
        self.ensure_one()
        # sudo: see _sla_start
        self = self.sudo()
        policy, now = self.sla_policy_id, fields.Datetime.now()
        open_clocks = self.sla_clock_ids.filtered(lambda c: c.state in OPEN_STATES)
        promised = open_clocks.filtered(lambda c: self._sla_get_cell(policy, c.kind)[1])
        (open_clocks - promised)._cancel(now, self.env._("No promise any more"))
        promised._set_cell("retarget", policy, now)
        held = self.sla_clock_ids.filtered(lambda c: c.state != "cancelled")
        self._sla_start_again(set(self._sla_kinds()) - set(held.mapped("kind")))

    def _sla_take_calendar(self):
        """Count open clocks in the working hours that hold now."""
        # sudo: see _sla_start
        open_clocks = self.sudo().sla_clock_ids.filtered(
            lambda c: c.state in OPEN_STATES and c.unit != "clock_hours"
        )
        hosts = open_clocks._get_hosts()
        moved = open_clocks.filtered(
            lambda c: c.calendar_id != hosts[c]._sla_get_calendar(c.policy_id)
        )
        for policy, ours in moved.grouped("policy_id").items():
            ours._set_cell("calendar", policy, fields.Datetime.now())

    def _sla_start_again(self, kinds):
        """Start clocks of kinds that have none, with the time since the receipt and the
        pauses since then."""
        before = self.sla_clock_ids.sorted("id")
        self._sla_add_clocks(
            self._sla_prepare_clocks(self.sla_policy_id, sorted(kinds))
        )
        fresh = self.sla_clock_ids - before
        for clock in fresh.filtered(lambda c: c.kind != "acknowledge"):
            clock._take_pauses(before._find_pauses_for(clock))
        reason, since = self._sla_get_pause()
        if reason:
            fresh.filtered(lambda c: c.kind != "acknowledge")._pause(since, reason)

    def _sla_add_clocks(self, vals_list):
        """Start more clocks on a host that has some."""
        if not vals_list:
            return
        self.sla_clock_ids._start(vals_list)
        self.invalidate_recordset(["sla_clock_ids"])
        self.modified(["sla_clock_ids"])

    def _sla_stop(self, kind, at=None, note=None):
        """The promise ``kind`` is answered at ``at`` (naive UTC, default now)."""
        # sudo: see _sla_start
        clocks = self.sudo().sla_clock_ids.filtered(lambda c: c.kind == kind)
        clocks._stop(at or fields.Datetime.now(), note)

    def _sla_reopen(self, at=None, kinds=("resolve",)):
        """The promises count on, with the time used before: of each kind the last
        clock. So do those that lapsed with the host and are promised now."""
        ended = self.env["complaint.sla.clock"]
        # sudo: see _sla_start
        for host in self.sudo():
            for kind, clocks in host.sla_clock_ids.sorted("id").grouped("kind").items():
                last = clocks[-1]
                wanted = kind in kinds or last.state == "cancelled"
                if wanted and host._sla_get_cell(host.sla_policy_id, kind)[1]:
                    ended |= last
        ended._reopen(at or fields.Datetime.now())

    def _sla_cancel(self, note=None):
        # sudo: see _sla_start
        self.sudo().sla_clock_ids._cancel(fields.Datetime.now(), note)

    def _sla_pause(self, reason, at=None, note=None):
        """Stand still: all clocks but the acknowledgement, which the customer gets
        whatever we wait for.

        :param reason: complaint.sla.pause.reason
        """
        # sudo: see _sla_start
        clocks = self.sudo().sla_clock_ids.filtered(lambda c: c.kind != "acknowledge")
        clocks._pause(at or fields.Datetime.now(), reason, note)

    def _sla_resume(self, at=None, note=None):
        """Run again."""
        # sudo: see _sla_start
        self.sudo().sla_clock_ids._resume(at or fields.Datetime.now(), note)

    def _sla_restart(self, start):
        """The promises count from another moment, for example because it became known
        when the complaint was really received."""
        self.ensure_one()
        # sudo: see _sla_start
        clocks = self.sudo().sla_clock_ids.filtered(
            lambda c: (
                c.kind in self._sla_kinds()
                and c.state != "cancelled"
                and self._sla_get_cell(c.policy_id, c.kind)[1]
            )
        )
        for clock in clocks:
            clock._set_cell("retarget", clock.policy_id, fields.Datetime.now(), start)
