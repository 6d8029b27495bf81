from collections import defaultdict, namedtuple
from functools import partial

from odoo import fields, models
from odoo.tools import SQL

from ..tools.sla_fold import CELL_KINDS, Event
from ..tools.sla_replay import outcome, replay

# Promises of which a case has one each; the others may come again and again.
SINGLE_KINDS = ("acknowledge", "respond", "resolve")
KEY_NAMES = ("category_id", "priority")
Step = namedtuple("Step", "event recorded_at policy_id")
Past = namedtuple("Past", "keys standstills")


class ComplaintSlaReplayMixin(models.AbstractModel):
    """How a replay counts: the real events of each clock, in the cells that drafts of
    the matrix and other working hours give. It reads; the only thing that it writes are
    rows of its own."""

    _name = "complaint.sla.replay.mixin"
    _description = "Replay of Promises"

    # -- what really happened ----------------------------------------------------
    def _read_clocks(self, cases):
        """Return {case id: [clock]} of the promises that count, the last one of a kind
        of which there is one each."""
        clocks = self.env["complaint.sla.clock"].search_fetch(
            [("res_model", "=", cases._name), ("res_id", "in", cases.ids)],
            [
                *("res_id", "kind", "state", "deadline"),
                *("stopped_at", "breached_at", "calendar_id"),
            ],
            order="id",
        )
        found = defaultdict(dict)
        for clock in clocks:
            key = clock.kind if clock.kind in SINGLE_KINDS else clock.id
            found[clock.res_id][key] = clock
        return {
            case_id: [clock for clock in by_kind.values() if clock.state != "cancelled"]
            for case_id, by_kind in found.items()
        }

    def _read_steps(self, clocks):
        """Return {clock id: [Step]}, each in the order of writing."""
        self.env["complaint.sla.event"].flush_model()
        # In plain SQL: three events a clock, and tens of thousands of clocks. The ids
        # are of clocks that the user was allowed to read.
        self.env.cr.execute(
            SQL(
                """
                SELECT clock_id, kind, occurred_at, since, unit, target, hours_id,
                       reason_id, recorded_at, policy_id
                  FROM complaint_sla_event
                 WHERE clock_id = ANY(%s)
              ORDER BY id
                """,
                clocks.ids,
            )
        )
        version_of = self.env["complaint.sla.hours"]._get_version
        found = defaultdict(list)
        for row in self.env.cr.fetchall():
            clock_id, kind, at, since, unit, target, hours_id, reason, *rest = row
            cell = (unit, target or 0, version_of(hours_id)) if unit else None
            event = Event(kind, at, cell=cell, since=since, reason=reason)
            found[clock_id].append(Step(event, *rest))
        return found

    def _read_past(self, cases):
        """Return {case id: Past} of the cases whose place in the matrix changed or
        which stood still, from their journal.

        ``keys`` are [(until, {field: value})], the latest first: before ``until`` the
        field had the value. ``standstills`` are [(start, end or None)].
        """
        watched = [*KEY_NAMES, "pause_reason_id"]
        # In plain SQL, for the condition on JSON. Only the times and values of the
        # place in the matrix are used, of cases that the user may read.
        self.env.cr.execute(
            SQL(
                """
                SELECT res_id, logged_at, before, after
                  FROM complaint_journal_entry
                 WHERE res_model = %s AND res_id = ANY(%s) AND event = 'changed'
                   AND after ?| %s
              ORDER BY chain_sequence
                """,
                cases._name,
                cases.ids,
                watched,
            )
        )
        found = defaultdict(lambda: Past([], []))
        for case_id, at, before, after in self.env.cr.fetchall():
            past = found[case_id]
            values = {name: before[name] for name in KEY_NAMES if name in before}
            if values:
                past.keys.insert(0, (at, values))
            if "pause_reason_id" in after:
                _note_standstill(past.standstills, at, after["pause_reason_id"])
        return found

    def _with_replay_memo(self):
        """Return self with what is found once for all cases of a run."""
        every = {"active_test": False}
        # Read at once what the cases point to.
        self.env["complaint.sla.policy"].with_context(**every).search_fetch([])
        categories = self.env["complaint.category"].with_context(**every)
        memo = {"categories": categories.search_fetch([], ["parent_path"])}
        return self.with_context(replay_memo=memo)

    # -- counting ----------------------------------------------------------------
    def _count_cases(self, cases, now):
        """Return the values of the rows of some cases."""
        clocks = self._read_clocks(cases)
        every = self.env["complaint.sla.clock"].union(
            *[clock for of_case in clocks.values() for clock in of_case]
        )
        steps, past = self._read_steps(every), self._read_past(cases)
        nothing = Past([], [])
        rows = []
        for case in cases:
            has, before = clocks.get(case.id, ()), past.get(case.id, nothing)
            for clock in has:
                rows.append(
                    self._count_clock(case, clock, steps[clock.id], before, now)
                )
            rows += self._count_missing(case, {c.kind for c in has}, before, now)
        return [row for row in rows if row]

    def _count_clock(self, case, clock, steps, past, now):
        """Return the row of a clock in the cells that the drafts give, or None when
        nothing is promised before and after."""
        cells = [
            self._find_cell(case, clock, step, past)
            for step in steps
            if step.event.kind in CELL_KINDS
        ]
        before = _get_outcome(clock, now)
        if not cells[-1]:
            return self._prepare_row(case, clock.kind, clock, before, "none", False)
        # A promise that didn't hold for a while had no deadline meanwhile.
        cells = [cell or cells[-1] for cell in cells]
        real = [step.event.cell for step in steps if step.event.cell]
        if [_identify(cell) for cell in cells] == [_identify(cell) for cell in real]:
            deadline = clock.deadline
            return self._prepare_row(case, clock.kind, clock, before, before, deadline)
        state = replay(
            [step.event for step in steps],
            [_compile(cell) for cell in cells],
            _find_missing_standstills(clock, past),
        )
        after = outcome(state, now)
        return self._prepare_row(case, clock.kind, clock, before, after, state.deadline)

    def _find_cell(self, case, clock, step, past):
        """Return (unit, target, version) that the drafts give at one event, or None."""
        policy = self.env["complaint.sla.policy"].browse(step.policy_id)
        draft = self._find_draft(case, self._find_key(case, policy, step, past))
        found = case._sla_get_cell(draft, clock.kind)
        if not found[1]:
            return None
        calendar = clock.calendar_id
        if draft.calendar_id != policy.calendar_id:
            calendar = case._sla_get_calendar(draft)
        kept = step.event.cell[2] if calendar == clock.calendar_id else None
        start = step.event.since or step.event.at
        get_version = partial(self._get_replay_version, calendar, kept)
        return draft._make_countable(*found, start, get_version)

    def _find_key(self, case, policy, step, past):
        """Return (category id, priority) that a case had at an event. What the line of
        that time says about itself is sure; for the rest there is the journal."""
        values = {"category_id": case.category_id.id, "priority": case.priority}
        for until, before in past.keys:
            if until <= step.recorded_at:
                break
            values.update(before)
        if policy.priority:
            values["priority"] = policy.priority
        return values["category_id"] or False, values["priority"]

    def _find_draft(self, case, key):
        """Return the draft line that counts for a case, remembered for the next one."""
        memo = self.env.context["replay_memo"]
        category_id, priority = key
        where = (case.company_id.id, category_id, priority, case.segment_id.id)
        if where not in memo:
            category = memo["categories"].filtered(lambda rec: rec.id == category_id)
            memo[where] = self.line_ids._match(
                case.company_id, category, priority, case.segment_id
            )
        return memo[where]

    def _count_missing(self, case, kinds, past, now):
        """Return rows of promises that the drafts make and nobody made."""
        if case.phase == "cancelled":
            return []
        draft = self._find_draft(case, (case.category_id.id, case.priority))
        return [
            self._count_new_promise(case, draft, kind, past, now)
            for kind in SINGLE_KINDS
            if kind not in kinds and case._sla_get_cell(draft, kind)[1]
        ]

    def _count_new_promise(self, case, draft, kind, past, now):
        """Return the row of a promise that nobody made, from the dates of the case."""
        start, stop = case._sla_get_start(), _get_answered_at(case, kind)
        calendar = case._sla_get_calendar(draft)
        get_version = partial(self._get_replay_version, calendar, None)
        cell = _compile(
            draft._make_countable(*case._sla_get_cell(draft, kind), start, get_version)
        )
        events = [Event("start", start, since=start, cell=cell)]
        if stop:
            events.append(Event("stop", max(stop, start)))
        standstills = () if kind == "acknowledge" else past.standstills
        standstills = [s for s in standstills if not stop or s[0] < stop]
        state = replay(events, [cell], standstills)
        clock = self.env["complaint.sla.clock"]
        row = self._prepare_row(
            case, kind, clock, "none", outcome(state, now), state.deadline
        )
        return {**row, "stopped_at": stop or None}

    def _prepare_row(self, case, kind, clock, before, after, deadline):
        """Return the values of a row, all of them plain."""
        return {
            "case_id": case.id,
            "company_id": case.company_id.id,
            "team_id": case.team_id.id or None,
            "category_id": case.category_id.id or None,
            "segment_id": case.segment_id.id or None,
            "priority": case.priority or None,
            "kind": kind,
            "received_at": case.received_at,
            "outcome_before": before,
            "outcome_after": after,
            "deadline_before": clock.deadline or None,
            "deadline_after": deadline or None,
            "stopped_at": clock.stopped_at or None,
            "change": _compare(before, after),
            "missed_before": int(before == "missed"),
            "missed_after": int(after == "missed"),
            "met_before": int(before == "met"),
            "met_after": int(after == "met"),
        }


def _get_outcome(clock, now):
    """Return what became of a clock; late is missed, whether or not it was noticed."""
    if clock.state == "running" and clock.deadline < now:
        return "missed"
    return clock.state if clock.state in ("met", "missed") else "open"


def _get_answered_at(case, kind):
    """Return when a case did what was promised, or False. Solving answers all."""
    names = {
        "acknowledge": ("acknowledged_at", "responded_at", "resolved_at"),
        "respond": ("responded_at", "resolved_at"),
        "resolve": ("resolved_at",),
    }[kind]
    return next((case[name] for name in names if case[name]), False)


def _find_missing_standstills(clock, past):
    """Return the standstills of the case in which a late clock didn't stand: it would
    have under a longer promise."""
    if clock.kind == "acknowledge" or not clock.breached_at:
        return ()
    since, until = clock.breached_at, clock.stopped_at or fields.Datetime.now()
    return [span for span in past.standstills if since <= span[0] < until]


def _note_standstill(spans, at, reason_id):
    """Begin or end a standstill; another reason in between is the same standstill."""
    is_standing = bool(spans) and spans[-1][1] is None
    if reason_id and not is_standing:
        spans.append((at, None))
    elif not reason_id and is_standing:
        spans[-1] = (spans[-1][0], at)


def _identify(cell):
    unit, target, version = cell
    return unit, target, version.digest if version else None


def _compile(cell):
    unit, target, version = cell
    return unit, target, version and version.time


def _compare(before, after):
    if before == after:
        return "same"
    if after == "missed":
        return "worse"
    return "better" if before == "missed" else "other"
