from collections import defaultdict, namedtuple

from odoo import models
from odoo.tools import SQL

from ..tools.sla_fold import CELL_KINDS, Event
from ..tools.sla_replay import outcome, replay

# Promises of which a case has one each; the others may come again and again.
SINGLE_KINDS = ("acknowledge", "respond", "resolve")
KEY_NAMES = ("category_id", "priority")
# Plain values: reading a field of a record a million times takes a minute.
Facts = namedtuple("Facts", "case company_id category_id priority segment_id")
Clock = namedtuple(
    "Clock", "id res_id kind state deadline stopped_at breached_at calendar_id"
)
Step = namedtuple(
    "Step", "kind at since unit target version reason_id recorded_at policy_id"
)
Line = namedtuple("Line", "priority calendar_id")
Past = namedtuple("Past", "keys standstills")
NOTHING = Past([], [])


class ComplaintSlaReplayMixin(models.AbstractModel):
    """How a replay counts: the real events of each clock, in the cells that drafts of
    the matrix and other working hours give. It reads; the only thing that it writes are
    rows of its own."""

    _name = "complaint.sla.replay.mixin"
    _description = "Replay of Promises"

    # -- what really happened ----------------------------------------------------
    def _read_clocks(self, cases):
        """Return {case id: [Clock]} of the promises that count, the last one of a kind
        of which there is one each."""
        self.env["complaint.sla.clock"].flush_model()
        # In plain SQL: there are tens of thousands. Their cases were found with the
        # rights of the user, and who may read a case may read its clocks.
        self.env.cr.execute(
            SQL(
                """
                SELECT id, res_id, kind, state, deadline, stopped_at, breached_at,
                       calendar_id
                  FROM complaint_sla_clock
                 WHERE res_model = %s AND res_id = ANY(%s)
              ORDER BY id
                """,
                cases._name,
                cases.ids,
            )
        )
        found = defaultdict(dict)
        for clock in map(Clock._make, self.env.cr.fetchall()):
            key = clock.kind if clock.kind in SINGLE_KINDS else clock.id
            found[clock.res_id][key] = clock
        return {
            case_id: [clock for clock in by_kind.values() if clock.state != "cancelled"]
            for case_id, by_kind in found.items()
        }

    def _read_steps(self, clock_ids):
        """Return {clock id: [Step]}, each in the order of writing."""
        self.env["complaint.sla.event"].flush_model()
        # In plain SQL: see _read_clocks.
        self.env.cr.execute(
            SQL(
                """
                SELECT clock_id, kind, occurred_at, since, unit, target, hours_id,
                       reason_id, recorded_at, policy_id
                  FROM complaint_sla_event
                 WHERE clock_id = ANY(%s)
                   AND kind NOT IN ('breach', 'escalate', 'passed')
              ORDER BY id
                """,
                clock_ids,
            )
        )
        version_of = self.env["complaint.sla.hours"]._get_version
        found = defaultdict(list)
        for (
            clock_id,
            kind,
            at,
            since,
            unit,
            target,
            hours_id,
            *rest,
        ) in self.env.cr.fetchall():
            version = version_of(hours_id) if hours_id else None
            found[clock_id].append(
                Step(kind, at, since, unit, target or 0, version, *rest)
            )
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
        policies = self.env["complaint.sla.policy"].with_context(**every)
        categories = self.env["complaint.category"].with_context(**every)
        memo = {
            "policies": {
                policy.id: Line(policy.priority, policy.calendar_id.id)
                for policy in policies.search_fetch([], ["priority", "calendar_id"])
            },
            "categories": {
                category.id: category
                for category in categories.search_fetch([], ["parent_path"])
            },
            "drafts": {},
            "hours": {},
        }
        return self.with_context(replay_memo=memo)

    # -- counting ----------------------------------------------------------------
    def _count_cases(self, cases, now):
        """Return the values of the rows of some cases."""
        clocks, past = self._read_clocks(cases), self._read_past(cases)
        steps = self._read_steps([c.id for held in clocks.values() for c in held])
        rows = []
        for case in cases:
            facts = Facts(
                case,
                case.company_id.id,
                case.category_id.id,
                case.priority,
                case.segment_id.id,
            )
            held, before = clocks.get(case.id, ()), past.get(case.id, NOTHING)
            rows += [
                self._count_clock(facts, clock, steps[clock.id], before, now)
                for clock in held
            ]
            rows += self._count_missing(facts, {c.kind for c in held}, before, now)
        return rows

    def _count_clock(self, facts, clock, steps, past, now):
        """Return the row of a clock in the cells that the drafts give."""
        real = [step for step in steps if step.kind in CELL_KINDS]
        cells = [self._find_cell(facts, clock, step, past) for step in real]
        before = _get_outcome(clock, now)
        if not cells[-1]:
            return _prepare_row(clock, before, "none", None)
        # A promise that didn't hold for a while had no deadline meanwhile.
        cells = [cell or cells[-1] for cell in cells]
        if [_identify(*cell) for cell in cells] == [
            _identify(*step[3:6]) for step in real
        ]:
            return _prepare_row(clock, before, before, clock.deadline)
        state = replay(
            [_make_event(step) for step in steps],
            [_compile(cell) for cell in cells],
            _find_missing_standstills(clock, past, now),
        )
        return _prepare_row(clock, before, outcome(state, now), state.deadline)

    def _find_cell(self, facts, clock, step, past):
        """Return (unit, target, version) that the drafts give at one event, or None."""
        memo = self.env.context["replay_memo"]
        policy = memo["policies"].get(step.policy_id, Line(False, False))
        draft = self._find_draft(facts, *self._find_key(facts, policy, step, past))
        unit, target = facts.case._sla_get_cell(draft, clock.kind)
        if not target:
            return None
        calendar_id = clock.calendar_id
        if (draft.calendar_id.id or False) != policy.calendar_id:
            calendar_id = facts.case._sla_get_calendar(draft).id
        kept = step.version if calendar_id == clock.calendar_id else None
        if unit == step.unit and target == step.target:
            version = unit != "clock_hours" and self._find_hours(calendar_id, kept)
            if _identify(unit, target, version) == _identify(*step[3:6]):
                return step[3:6]
        return draft._make_countable(
            unit,
            target,
            step.since or step.at,
            lambda: self._get_replay_version(calendar_id, kept),
        )

    def _find_hours(self, calendar_id, kept):
        """Return the opening hours that count, None when they can't be used."""
        try:
            return self._get_replay_version(calendar_id, kept)
        except ValueError:
            return None

    def _find_key(self, facts, policy, step, past):
        """Return (category id, priority) that a case had at an event. What the line of
        that time says about itself is sure; for the rest there is the journal."""
        category_id, priority = facts.category_id, facts.priority
        for until, before in past.keys:
            if until <= step.recorded_at:
                break
            category_id = before.get("category_id", category_id)
            priority = before.get("priority", priority)
        return category_id, policy.priority or priority

    def _find_draft(self, facts, category_id, priority):
        """Return the draft line that counts for a case, remembered for the next one."""
        memo = self.env.context["replay_memo"]
        key = (facts.company_id, category_id, priority, facts.segment_id)
        if key not in memo["drafts"]:
            nothing = self.env["complaint.category"]
            memo["drafts"][key] = self.line_ids._match(
                facts.case.company_id,
                memo["categories"].get(category_id, nothing),
                priority,
                facts.case.segment_id,
            )
        return memo["drafts"][key]

    def _count_missing(self, facts, kinds, past, now):
        """Return rows of promises that the drafts make and nobody made."""
        missing = [kind for kind in SINGLE_KINDS if kind not in kinds]
        if not missing or facts.case.phase == "cancelled":
            return []
        draft = self._find_draft(facts, facts.category_id, facts.priority)
        return [
            self._count_new_promise(facts.case, draft, kind, past, now)
            for kind in missing
            if facts.case._sla_get_cell(draft, kind)[1]
        ]

    def _count_new_promise(self, case, draft, kind, past, now):
        """Return the row of a promise that nobody made, from the dates of the case."""
        start, stop = case._sla_get_start(), _get_answered_at(case, kind)
        calendar_id = case._sla_get_calendar(draft).id
        cell = draft._make_countable(
            *case._sla_get_cell(draft, kind),
            start,
            lambda: self._get_replay_version(calendar_id, None),
        )
        events = [Event("start", start, since=start, cell=_compile(cell))]
        if stop:
            events.append(Event("stop", max(stop, start)))
        standstills = () if kind == "acknowledge" else past.standstills
        standstills = [s for s in standstills if not stop or s[0] < stop]
        state = replay(events, [_compile(cell)], standstills)
        clock = Clock(None, case.id, kind, None, None, stop or None, None, None)
        return _prepare_row(clock, "none", outcome(state, now), state.deadline)


def _prepare_row(clock, before, after, deadline):
    """Return what a row says that its case doesn't, see ``_store`` of the rows."""
    return {
        "case_id": clock.res_id,
        "kind": clock.kind,
        "outcome_before": before,
        "outcome_after": after,
        "deadline_before": clock.deadline,
        "deadline_after": deadline,
        "stopped_at": clock.stopped_at,
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


def _find_missing_standstills(clock, past, now):
    """Return the standstills of the case in which a late clock didn't stand: it would
    have under a longer promise."""
    if clock.kind == "acknowledge" or not clock.breached_at:
        return ()
    since, until = clock.breached_at, clock.stopped_at or now
    return [span for span in past.standstills if since <= span[0] < until]


def _note_standstill(spans, at, reason_id):
    """Begin or end a standstill; another reason in between is the same standstill."""
    is_standing = bool(spans) and spans[-1][1] is None
    if reason_id and not is_standing:
        spans.append((at, None))
    elif not reason_id and is_standing:
        spans[-1] = (spans[-1][0], at)


def _make_event(step):
    return Event(step.kind, step.at, since=step.since, reason=step.reason_id)


def _identify(unit, target, version):
    return unit, target, version.digest if version else None


def _compile(cell):
    unit, target, version = cell
    return unit, target, version.time if version else None
