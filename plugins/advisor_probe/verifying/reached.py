"""What trainings reached: the lowest held-out loss, that of the weights one would keep."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from advisor.run import Floats

MOST = 1e6
"""What a loss counts as that is no number, trained or not."""
_STEEPEST = 4.0
"""How many times as much one doubling of the steps is taken to bring as the one before, at most: 2
where each step brings as much. On what it was developed on, 3 to 1,000 give the same rulings;
without a bound the last digits of a plateau are taken for a beginning."""
_LOWEST = 1e-300
"""What is taken for the smallest number above zero, so that logarithms stay finite."""


class Reached(NamedTuple):
    """Held-out losses of trainings, ``float64[seeds]`` each."""

    best: Floats
    """The lowest at any checkpoint; that of the untrained model counts as one."""
    half: Floats
    """The lowest until half of the steps."""
    quarter: Floats
    """The lowest until a quarter of them."""
    end: Floats
    """After the last step."""

    @property
    def falling(self) -> float:
        """By what share the lowest loss fell in the second half of the steps, on average."""
        half, best = float(self.half.mean()), float(self.best.mean())
        return (half - best) / abs(half) if half else 0.0


class Pairs(NamedTuple):
    """Trainings as it is and with a change, in the same order of seeds."""

    before: Reached
    after: Reached


def checkpoints(steps: int) -> tuple[int, ...]:
    """Return the steps at which losses are taken: from a sixteenth on, two to each doubling.

    The loss of a training levels off: what happens takes as many times longer as it comes later.
    """
    return tuple(sorted({math.ceil(steps / 2 ** (half / 2)) for half in range(9)}))


def reached(curves: Sequence[Sequence[float]], steps: int) -> Reached:
    """Return what trainings reached; of each the loss before training and at the checkpoints."""
    losses = np.array(curves)
    losses = np.where(np.isfinite(losses), losses, MOST)
    lowest = np.minimum.accumulate(losses, axis=1)
    half, quarter = (1 + checkpoints(steps).index(math.ceil(steps / n)) for n in (2, 4))
    return Reached(lowest[:, -1], lowest[:, half], lowest[:, quarter], losses[:, -1])


def projected(side: Reached, longer: float) -> Floats:
    """Return how low trainings may get in ``longer`` times the steps.

    A power law, as learning curves are, takes the same share of the loss with each doubling of
    the steps (Kaplan et al. 2020, arXiv:2001.08361, section 5). Where the last doubling took more
    than the one before, for a training has only begun to learn, each further one takes as many
    times more again. Of losses that may be negative the amounts count, not the shares.
    """
    shares = min(side.best.min(), side.half.min(), side.quarter.min()) > 0
    quarter, half, best = (
        np.log(losses) if shares else losses for losses in (side.quarter, side.half, side.best)
    )
    later = best - _doublings(quarter - half, half - best, longer) * (half - best)
    return np.maximum(np.exp(later), _LOWEST) if shares else later


def _doublings(former: Floats, last: Floats, longer: float) -> float:
    """Return how many times as much as in the last doubling may be taken."""
    count = math.log2(longer)
    growth = min(float(last.mean()) / max(float(former.mean()), _LOWEST), _STEEPEST)
    if growth <= 1:
        return count
    pace = math.log(growth)
    return growth * math.expm1(count * pace) / math.expm1(pace)
