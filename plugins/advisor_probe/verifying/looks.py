"""Judging changes together, a few pairs at a time: which are settled, and which need more seeds.

The looks are fixed in advance (Pocock 1977, Biometrika 64: the same level at each). At each, the
changes are corrected for each other by Holm's procedure, and what a rejected one leaves goes to
the others, at later looks too (Ye et al. 2013, Statistics in Medicine 32).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from advisor.run import Floats
from advisor.verification import Ruling
from advisor_probe.statistics import LEVEL, Interval, gain

LOOKS = (4, 8)
"""Pairs at which is looked."""
LOOK_LEVEL = 0.0294
"""Two-sided error of one look, so that two of equal size keep 0.05 together (Pocock's table 1;
by ``benchmarks.probe.coverage`` it holds with t and so few pairs, too)."""
_PER_LOOK = (1 - LEVEL) / LOOK_LEVEL


class Pairs(NamedTuple):
    """Held-out losses by seed, ``float64[seeds]`` each, in the same order of seeds."""

    before: Floats
    after: Floats


class Judged(NamedTuple):
    """What the looks at one change came to until now."""

    ruling: Ruling
    interval: Interval | None


class Looks:
    """The looks at ``count`` changes, each of which is judged until it is settled."""

    def __init__(self, count: int, margin: float) -> None:
        self._unrejected, self._margin = count, margin

    def look(self, losses: Mapping[int, Pairs]) -> dict[int, Judged]:
        """Judge the changes that are not settled yet, by all of their pairs.

        A change that is ruled ``undecided`` may be looked at again with more pairs.
        """
        judged: dict[int, Judged] = {}
        while left := {place: pairs for place, pairs in losses.items() if place not in judged}:
            comparisons = _PER_LOOK * self._unrejected
            now = {n: judge(pairs, comparisons, self._margin) for n, pairs in left.items()}
            rejected = {n: j for n, j in now.items() if j.ruling in ("better", "worse")}
            self._unrejected -= len(rejected)
            judged |= rejected or now
        return judged


def judge(pairs: Pairs, comparisons: float, margin: float) -> Judged:
    """Rule by one interval: what lies within the margin is no difference, even beyond chance."""
    measured = gain(pairs.before, pairs.after, comparisons)
    if measured is None:
        return Judged("undecided", None)
    if -margin <= measured.low and measured.high <= margin:
        return Judged("no-difference", measured)
    if measured.low > 0:
        return Judged("better", measured)
    return Judged("worse" if measured.high < 0 else "undecided", measured)
