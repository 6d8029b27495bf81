"""Counts events per key in the memory of one process, with a bound on that memory."""

import threading
import time
from collections import OrderedDict


class MemoryThrottle:
    """Allows ``limit`` events per key in a window of ``seconds``.

    For pages where a GET may not write: the count is per process and forgets the
    oldest keys first.
    """

    def __init__(self, limit, seconds, max_keys=10_000, clock=time.monotonic):
        self.limit, self.seconds, self.max_keys = limit, seconds, max_keys
        self._clock = clock
        self._lock = threading.Lock()
        self._windows = OrderedDict()

    def hit(self, key):
        """Count one event of ``key``; return False when there were too many."""
        with self._lock:
            start, count = self._current(key)
            self._windows[key] = (start, count + 1)
            self._windows.move_to_end(key)
            while len(self._windows) > self.max_keys:
                self._windows.popitem(last=False)
            return count + 1 <= self.limit

    def is_open(self, key):
        """Tell, without counting, whether another event of ``key`` is allowed."""
        with self._lock:
            return self._current(key)[1] < self.limit

    def clear(self):
        with self._lock:
            self._windows.clear()

    def _current(self, key):
        now = self._clock()
        start, count = self._windows.get(key, (now, 0))
        return (start, count) if now - start < self.seconds else (now, 0)
