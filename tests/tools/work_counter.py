"""Work counted instead of timed: the same on a busy machine as on a quiet one."""

import sys


def count_calls(function):
    """Return how many calls of Python and C functions ``function()`` makes."""
    calls = 0

    def note(_frame, event, _what):
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(before)
    return calls
