"""Judging changes together, a few pairs at a time: which are settled, and which need more seeds.

The looks are fixed in advance (Pocock 1977, Biometrika 64: the same level at each). At each, the
changes are corrected for each other by Holm's procedure, and what a rejected one leaves goes to
the others, at later looks too (Ye et al. 2013, Statistics in Medicine 32).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from advisor.verification import Ruling
from advisor_probe.statistics import LEVEL, Interval, gain
from advisor_probe.verifying.reached import Pairs, projected

LOOKS = (4, 8)
"""Pairs at which is looked."""
LOOK_LEVEL = 0.0294
"""Two-sided error of one look, so that two of equal size keep 0.05 together (Pocock's table 1;
by ``benchmarks.probe.coverage`` it holds with t and so few pairs, too)."""
_PER_LOOK = (1 - LEVEL) / LOOK_LEVEL


Ahead = Literal["better", "worse"]


class Judged(NamedTuple):
    """What the looks at one change came to until now."""

    ruling: Ruling = "undecided"
    interval: Interval | None = None
    """The 95% interval of the gain, of this change and these pairs for themselves."""
    detectable: float | None = None
    """The smallest effect that would have been told from none, corrected for what else is looked
    at."""
    ahead: Ahead | None = None
    """What holds for these steps, though it may not last and the ruling is open."""
    pairs: Pairs | None = None
    """What was judged."""

    @property
    def falling(self) -> float:
        """By what share the loss of what is behind still fell in the second half."""
        if self.pairs is None or self.ahead is None:
            return 0.0
        return (self.pairs.before if self.ahead == "better" else self.pairs.after).falling


class Looks:
    """The looks at ``count`` changes, each of which is judged until it is settled."""

    def __init__(self, count: int, margin: float, longer: float = 1.0) -> None:
        """``longer``: how many times these steps a ruling has to hold for."""
        self._unrejected, self._margin, self._longer = count, margin, longer

    def look(self, losses: Mapping[int, Pairs]) -> dict[int, Judged]:
        """Judge the changes that are not settled yet, by all of their pairs.

        A change that is ruled ``undecided`` may be looked at again with more pairs.
        """
        judged: dict[int, Judged] = {}
        while left := {place: pairs for place, pairs in losses.items() if place not in judged}:
            comparisons = _PER_LOOK * self._unrejected
            now = {
                place: judge(pairs, comparisons, self._margin, self._longer)
                for place, pairs in left.items()
            }
            rejected = {n: j for n, j in now.items() if j.ruling in ("better", "worse")}
            self._unrejected -= len(rejected)
            judged |= rejected or now
        return judged


def judge(pairs: Pairs, comparisons: float, margin: float, longer: float = 1.0) -> Judged:
    """Rule by one interval: what lies within the margin is no difference, even beyond chance.

    What is ahead must stay ahead for ``longer`` times the steps of the trainings.
    """
    shown = gain(pairs.before.best, pairs.after.best)
    measured = gain(pairs.before.best, pairs.after.best, comparisons)
    if shown is None or measured is None:
        return Judged()
    judged = Judged("undecided", shown, measured.detectable, pairs=pairs)
    if -margin <= measured.low and measured.high <= margin:
        return judged._replace(ruling="no-difference")
    ahead = _ahead(measured)
    if ahead is None:
        return judged
    later = _later(pairs, ahead, comparisons, longer)
    return judged._replace(ruling=ahead if ahead == _ahead(later) else "undecided", ahead=ahead)


def _ahead(measured: Interval | None) -> Ahead | None:
    if measured is None or measured.low <= 0 <= measured.high:
        return None
    return "better" if measured.low > 0 else "worse"


def _later(pairs: Pairs, ahead: Ahead, comparisons: float, longer: float) -> Interval | None:
    """Return the gain if the one ahead stays where it is and the other goes on as it did."""
    before, after = pairs
    if ahead == "better":
        return gain(projected(before, longer), after.best, comparisons)
    return gain(before.best, projected(after, longer), comparisons)
