"""What would have become of a clock if other promises or other opening hours had held.

A replay takes the real start, stops and pauses of a clock and puts other cells of
the matrix in place of those that held. What the clock did by itself, a missed deadline
or an escalation, is left out and happens again where the other deadline is.
"""

from .sla_fold import CELL_KINDS, Event, Fold, apply

# What clocks do by themselves.
OWN_KINDS = ("breach", "escalate", "passed")


def replay(events, cells, standstills=()):
    """Return the :class:`~.sla_fold.Fold` of a clock in other cells.

    :param events: what really happened, in the order of writing
    :param cells: (unit, target, opening hours), one for each event of ``CELL_KINDS``
    :param standstills: [(start, end or None)] in which its host stood while this clock
        didn't, because it was late; under a longer promise it would have stood too
    """
    state, cells = Fold(), iter(cells)
    for event in _insert(events, standstills):
        if event.kind in CELL_KINDS:
            event = Event(event.kind, event.at, next(cells), event.since)
        if event.kind != "stop":  # which looks at the deadline itself
            _miss(state, event.at)
        apply(state, event)
    return state


def outcome(state, now):
    """Return what became of a promise: ``met``, ``missed``, ``open`` or ``cancelled``.

    A promise that is still open but late is missed, whether or not somebody noticed.
    """
    if state.state == "cancelled":
        return "cancelled"
    _miss(state, now)
    return {"met": "met", "missed": "missed"}.get(state.state, "open")


def _miss(state, at):
    """Let a deadline before ``at`` be missed."""
    if state.started_at and state.state == "running":
        deadline = state.deadline
        if deadline < at:
            apply(state, Event("breach", deadline))


def _insert(events, standstills):
    """Return the events that people caused, with the standstills where they belong."""
    found = [event for event in events if event.kind not in OWN_KINDS]
    for start, end in standstills:
        _put(found, Event("pause", start))
        if end:
            _put(found, Event("resume", end))
    return found


def _put(events, event):
    """Put an event before the first one that is later; never before the start."""
    place = next(
        (i for i, other in enumerate(events) if i and other.at > event.at), len(events)
    )
    events.insert(place, event)
