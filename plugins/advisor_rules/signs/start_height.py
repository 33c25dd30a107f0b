"""How high a loss stood in its first steps, against where it began and where it went."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import median
from advisor.roles import Task
from advisor.rule import NotApplicable
from advisor.run import Floats
from advisor.view import RunView
from advisor_rules.signs.chance import refuse_other_losses
from advisor_rules.signs.even_fall import fell_evenly
from advisor_rules.signs.measure import PARTS, fiftieths, ratio
from advisor_rules.signs.swings import calmed, wanders
from advisor_rules.signs.unrecorded import LARGEST

GUESSES = 2.0
"""The first loss in multiples of guessing from which it began too high: see ``initial-loss``."""
FAR = 30.0
"""The same for a loss of unknown unit, and in multiples of where it ended. Of standardized targets
the best constant has a squared error of 1, and guessing among 262,144 answers costs 12.5 nats."""
_MANY, _TWENTY = math.log(100), math.log(20)
"""What guessing among a hundred answers costs, and among twenty: no model learns to be far better
in a few steps. Measured on the losses by step of classifiers of 40 data sets and models: of those
that fall so from above the latter, the same 5 had nothing the matter with them as of those from
above the former."""
_FIFTH, _THIRD, _HALF, _SOON = 5.0, 3.0, 2.0, 20
"""How many times lower such a loss is after so many steps, and in every later fiftieth (chosen by
eye: models with large vocabularies take hundreds, and a sum over a batch may be halved). Of a mean
cross-entropy, a third in every later row, and half in every later fiftieth. Measured on small
trainings of 57 data sets and models: of 8 that only this finds, 7 began out of scale."""
LEAST = 20
"""The fewest points of a loss logged by step in which a few high ones are no chance."""
_IN_A_ROW = 5
"""The values in a row that make a level of a loss in its first steps (chosen by eye)."""
_VISIBLE = 0.05
"""The smallest first fall, as a share of the first value (chosen by eye)."""
_FIRST, _ALONE = 4, 5.0
"""The first values, before and after three updates, of which a single one counts, and how far above
the first and all of the later half it must be. Measured on the losses by step of small trainings:
all of 30 that are so are of steps that were too long; from 3 on, 4 of 10 were not."""
_EARLY = 0.1
"""The share of the points that are the first ones."""
_BATCHES = 3.0
"""The least rise in standard deviations of what single batches make of the logarithm of the loss:
that of a normal distribution is seldom as much by chance."""
_SEVENTH, _SURELY, _LONE = 1.15, 5.0, 7.5
"""A small rise, in multiples of the first value, that is far beyond that: of a median of three, and
of a single one of the first updates, which scatters half as much again. Measured on small trainings
of 65 data sets and models: of 10 that only this finds steps were too long in all."""
_BACK, _NOTHING = 0.25, 0.8
"""The share of its first value below which a loss ends that found its way back from a small rise;
and above which it ends where nothing was learned, so that a single high value tells (by eye)."""
_WHILE, _FAR_BELOW = 0.05, 1 / 3
"""The share of the rows that a loss may spend above its start, and the share of its start below
which it ends, of a run that only stumbled: what it lost is a twentieth of its time. Measured on
small trainings of 48 data sets and models: of 58 such logs, steps were too long in 20."""


def above_any_guess(loss: float) -> bool:
    """Tell whether a loss is far above that of guessing among two, than which none costs less."""
    return loss >= GUESSES * math.log(2)


class Thrown(NamedTuple):
    """A loss that rose above its first value in its first steps."""

    step: int
    """Where it was highest."""
    peak: float
    times: float
    """The peak in multiples of the first value, or of all later ones where these are higher."""
    surely: bool = False
    """Whether a small rise is far beyond what single batches make of the loss."""


def thrown(loss: Curve, least: float) -> Thrown | None:
    """Return how far a loss rose at once to ``least`` times its first value.

    Of one row a step, or of averages. Held against the highest level of its later half as well: a
    noisy loss is as high there, and one that rises for good is another matter. The values are
    medians of three, so that no single batch counts; but of the first updates one value is enough
    that is far higher than all later ones: the next updates often bring back what the very first
    one threw up. A smaller rise is held against the median of the later half. ``None`` if it cannot
    be said, as of a loss that may be negative, or if single batches differ by as much.
    """
    if len(loss) < LEAST or loss.values.min() <= 0:
        return None
    soon = max(int(_EARLY * len(loss)), 3)
    lasting, single = _highest(loss, calmed(loss.values), soon), _highest(loss, loss.values, _FIRST)
    found = single if single.times >= max(_ALONE, lasting.times) else lasting
    scatter = _scatter(loss.values[soon:])
    far = found.times >= least and math.log(found.times) >= _BATCHES * scatter
    return found if far else _small(loss, soon, scatter)


def _small(loss: Curve, soon: int, scatter: float) -> Thrown | None:
    """Return a rise that may be small, but is far beyond what single batches make of the loss.

    Averages over past steps wander farther than they scatter: of these it cannot be said.
    """
    if wanders(loss):
        return None
    end, first = loss.trend.tail(0.05).value, float(loss.values[0])
    usual = max(first, median(loss.values[len(loss) // 2 :]))
    level, lone = calmed(loss.values)[:soon], loss.values[:_FIRST]
    found = []
    for values, far, least in ((level, _SURELY, _BACK), (lone, _LONE, _NOTHING)):
        top = int(np.argmax(values))
        times = float(values[top]) / usual
        beyond = times >= _SEVENTH and math.log(times) >= far * scatter
        if beyond and end >= least * first:
            found.append(Thrown(int(loss.steps[top]), float(values[top]), times, surely=True))
    return max(found, key=lambda one: one.times, default=None)


def back_soon(loss: Curve, start: float) -> bool:
    """Tell whether a loss was above ``start``, in its unit, for a short while, and ended far below.

    The start is the loss of a model that knows nothing: the first one, or that of guessing. One of
    ``FAR`` and more is no such level: a long fall from there says little.
    """
    high = float(np.mean(loss.values > start))
    below = loss.trend.tail(0.05).value <= _FAR_BELOW * start
    return start < FAR and high < _WHILE and below


def _scatter(values: Floats) -> float:
    """Return by how much the logarithms of positive values scatter, as a standard deviation.

    From one to the next, so that their course counts little, and in the first half: what is learned
    later scatters otherwise.
    """
    steps = np.diff(np.log(values[: max(len(values) // 2, 2)]))
    return float(np.sqrt(np.mean(steps**2) / 2))


def _highest(loss: Curve, values: Floats, soon: int) -> Thrown:
    top = int(np.argmax(values[:soon]))
    usual = max(float(loss.values[0]), float(values[len(values) // 2 :].max()))
    return Thrown(int(loss.steps[top]), float(values[top]), float(values[top]) / usual)


class Forgotten(NamedTuple):
    """A loss that fell in its first steps, and never came as low again."""

    step: int
    """The last of the lowest values in a row."""
    low: float
    """The highest of them."""
    later: float
    """The lowest level after that, once a fifth of the run was over."""
    share: float
    """Of the first fall, what was lost for good."""


def forgotten(loss: Curve) -> Forgotten | None:
    """Return the fall of the first tenth of a loss that was lost for good.

    Of one row a step, or of averages. Held against medians of three points, all values of five in a
    row must have been lower: no easy batches are. ``None`` if there was no such fall, or it cannot
    be said.
    """
    if len(loss) < 2 * LEAST or loss.values.min() <= 0:
        return None
    head = loss.values[: max(int(_EARLY * len(loss)), _IN_A_ROW) + 1]
    highest = np.lib.stride_tricks.sliding_window_view(head, _IN_A_ROW).max(axis=1)
    at, first = int(np.argmin(highest)), float(head[0])
    low = float(highest[at])
    if first - low < _VISIBLE * first:
        return None
    later = float(calmed(loss.values)[len(loss) // 5 :].min())
    step = int(loss.steps[at + _IN_A_ROW - 1])
    return Forgotten(step, low, later, (later - low) / (first - low))


def fell_at_once(loss: Curve) -> float:
    """Return the first value, one row a step, in multiples of all after the first fiftieth.

    Of means over a fiftieth of the run each. 0 if it cannot be said, as of a loss that may be
    negative.
    """
    if len(loss) < 2 * PARTS or loss.values.min() <= 0:
        return 0.0
    return ratio(float(loss.values[0]), float(fiftieths(loss.values)[1:].max()))


def fell_in_steps(run: RunView, loss: Curve) -> float:
    """Return what ``fell_at_once`` does, for a high loss that fell far in a few steps.

    Else 0. High is what no guessing costs, as rows that are no single updates may be far apart; of
    a regression, many times the variance of standardized targets. These must fall to a fifth. Of a
    loss that is known to be a mean cross-entropy, high is what guessing among twenty costs, and all
    that comes after a few steps must be a third of it at most.
    """
    first, times = float(loss.values[0]), fell_at_once(loss)
    if times >= _HALF and _is_cross_entropy(run, loss):
        after = calmed(loss.values)[loss.steps > loss.steps[0] + _SOON]
        if first >= max(_TWENTY, _THIRD * float(after.max())):
            return times
    least = _MANY if run.task is Task.REGRESSION else math.log(LARGEST)
    soon = loss.values[(loss.steps > loss.steps[0]) & (loss.steps <= loss.steps[0] + _SOON)]
    if first < least or not len(soon) or float(soon.min()) > first / _FIFTH:
        return 0.0
    return times if times >= _FIFTH else 0.0


def _is_cross_entropy(run: RunView, loss: Curve) -> bool:
    try:
        refuse_other_losses(run, loss)
    except NotApplicable:
        return False
    return True


def began_far(run: RunView, loss: Curve) -> float:
    """Return the first value in multiples of the end; 0 where it is less than ``FAR``.

    Nor of a loss whose unit is not known and that fell evenly: targets in their own unit begin
    anywhere, and all that fall may have been learned.
    """
    if loss.values.min() <= 0 or loss.values[0] < FAR:
        return 0.0
    if run.task in (Task.REGRESSION, Task.UNKNOWN) and fell_evenly(loss, FAR):
        return 0.0
    return ratio(float(loss.values[0]), loss.trend.tail(0.05).value)
