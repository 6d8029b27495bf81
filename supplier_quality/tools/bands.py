"""Grades of a score between 0 and 100."""

from bisect import bisect_right
from math import isfinite

LOWEST = 0
HIGHEST = 100


class Bands:
    """Half-open bands that cover 0-100 without gap or overlap.

    A band reaches from its lower limit (included) to the lower limit of the next
    (excluded); the top band includes 100. Never changes after it was made.
    """

    __slots__ = ("_labels", "_lowers")

    def __init__(self, bands):
        """Check and sort the bands.

        :param bands: ``[(lower, label), …]`` in any order
        :raise ValueError: no band, none that starts at 0, a limit outside 0-100, or
            a limit or label that is there twice
        """
        pairs = sorted(bands, key=lambda band: band[0])
        self._lowers = [lower for lower, _label in pairs]
        self._labels = [label for _lower, label in pairs]
        if not pairs or self._lowers[0] != LOWEST:
            raise ValueError(f"The lowest band must start at {LOWEST}.")
        if not self._lowers[-1] <= HIGHEST:
            raise ValueError(f"A band can't start above {HIGHEST}: {self._lowers[-1]}.")
        for values in (self._lowers, self._labels):
            if len(set(values)) < len(values):
                raise ValueError(f"Limits and labels must differ: {values}.")

    def grade(self, score, previous=None, margin=0):
        """Return the label of a score, None for no score ("not rated").

        Against flapping, a previous grade is kept until the score has left its band
        by the margin. The scores 0 and 100 always get the lowest and the top band,
        so that no band can become unreachable.

        :param float score: 0-100, or None when there was no data
        :param previous: label of the last period; one that no longer exists counts
            as none
        :param float margin: points, >= 0
        :raise ValueError: a score outside 0-100 or a negative margin
        """
        if not margin >= 0:
            raise ValueError(f"The margin must be >= 0, not {margin}.")
        if score is None:
            return None
        if not isfinite(score) or not LOWEST <= score <= HIGHEST:
            raise ValueError(f"The score must be {LOWEST}-{HIGHEST}, not {score}.")
        if self._keeps(score, previous, margin):
            return previous
        return self._labels[bisect_right(self._lowers, score) - 1]

    def _keeps(self, score, previous, margin):
        """Whether the score is in the previous band or within its margin."""
        if previous not in self._labels or score in (LOWEST, HIGHEST):
            return False
        index = self._labels.index(previous)
        uppers = [*self._lowers[1:], HIGHEST]
        return self._lowers[index] - margin <= score < uppers[index] + margin
