"""How high the first row of a log stands whose rows are averages, or single steps far apart."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.roles import Task
from advisor.rule import NotApplicable
from advisor.run import Axis
from advisor.view import RunView
from advisor_rules.signs.chance import answers_of, start_of
from advisor_rules.signs.measure import ratio
from advisor_rules.signs.neighbours import alike, held_still, may_be_batches, scatter_of
from advisor_rules.signs.start_height import FAR, GUESSES, above_any_guess, began_far
from advisor_rules.signs.unrecorded import unrecorded_start_of

_ENDED, _TWELVE = 2.0, math.log(12)
"""A first row of averages in multiples of validation at its end, and of all later rows, if it is
more than guessing among twelve answers costs. Measured on small trainings of 49 data sets and
models: no healthy or harmless one is so; at three quarters of the multiple three others."""
_AVERAGED, _NATS = 1.5, 1.5
"""The same as ``GUESSES`` for a first row of averages, which hold nothing of single batches, and
how many nats it must be above guessing: few classes cost little."""
_FEWEST = 5
"""The fewest rows of averages of which the first is told from the others (chosen by eye)."""
_ROWS = 10
"""The fewest beside which it can stand out where it may be a single step: of fewer, as of a log
that was thinned out, the next one is beyond a tenth of the run, and any loss has fallen far by
then."""
_BY_CHANCE, _LOWEST = 3.0, 4.0
"""Standard deviations of single rows by which none is low by chance, as rows may hold the loss of
one batch each; and those by which a fifth of rows in no order are not above the lowest of them by
chance: a normal distribution has a fifth above 0.84, and one in a thousand below -3.1."""
FIRST_ROW_TEXTS = {
    "observed.averages": "The first loss is {times:number} times all others",
    "observed.again": "The loss rose above its first row",
    "observed.guessing": "The first loss is {times:number} times that of guessing",
    "observed.end": "The first loss is {times:number} times the last ones",
    "evidence.averages": "{series:name} is {first:number} in its first row and "
    "{peak:number} at most in any later one.",
    "evidence.again": "{series:name} is {first:number} in its first row, and {limit:number} or "
    "more in {high:step} of the {rows:step} later ones.",
    "evidence.guessing": "{series:name} is {first:number} in its first row; guessing costs "
    "{peak:number}, or less.",
    "evidence.end": "{series:name} is {first:number} in its first row, and ended at "
    "a level of {peak:number}.",
    "do.averages": "Log the loss of every step from 0 on: if it rises at once, train with a "
    "tenth of the learning rate.",
}
"""What a rule that lowers the rate says of a high first row, and of later ones above the first."""


class Risen(NamedTuple):
    """Later rows that are far above the first one."""

    share: float
    """Their share of all later rows; 0 if it cannot be said, as of a loss that may be negative."""
    limit: float
    """What they reach, in the unit of the loss."""


def above_first(loss: Curve, val: Curve | None, times: float) -> Risen:
    """Look for later rows that are ``times`` the first one and more.

    And more than the scatter of rows makes one, as the first may be low by chance; but where
    validation scatters along, no batches make that scatter. Where it held still, nothing rose.
    """
    first = float(loss.values[0])
    if len(loss) < _FEWEST or loss.values.min() <= 0 or held_still(val, times):
        return Risen(0.0, first)
    rows, least = np.log(loss.values), math.log(times)
    if may_be_batches(loss, val):
        least = max(least, _by_chance(loss))
    above = rows[1:] - rows[0] >= least
    limit = float(loss.values[1:][above].min()) if above.any() else first
    return Risen(float(above.mean()), limit)


def _by_chance(loss: Curve) -> float:
    """Return by how much logarithms of later rows are above the first one by chance.

    Where rows came in no order, by their scatter about their mean, else about their course.
    """
    if alike(loss.values):
        return _BY_CHANCE * scatter_of(loss)
    return _LOWEST * float(np.log(loss.values[1:]).std())


class HighRow(NamedTuple):
    """A first row of averages that holds steps of a far higher loss than any later row."""

    first: float
    against: float
    """What it is held against: what guessing costs at most, the highest later value, or the end."""
    how: str
    """Which of them: ``guessing``, ``averages`` or ``end``."""

    @property
    def times(self) -> float:
        """The first row in multiples of what it is held against."""
        return ratio(self.first, self.against)


def high_first_row(run: RunView, loss: Curve, above: float) -> HighRow | None:
    """Return the first row of averages if it is far too high.

    For a mean cross-entropy that is: ``GUESSES`` times that of guessing, or less if that is many
    nats. For any loss: ``above`` times as high as every later row, if no model that guesses could
    have it, or ``_ENDED`` times where validation shows how low it ended; or ``FAR``, and as many
    times where it ended. The rule must declare ``val/loss``, ``val/metric`` and
    ``train/metric``.
    """
    if len(loss) < _FEWEST or loss.values.min() <= 0:
        return None
    guess = _guessing(run, loss)
    if guess is not None or (len(loss) < _ROWS and not _averages(loss)):
        return guess
    first, times = float(loss.values[0]), began_far(run, loss)
    if times >= FAR:
        return HighRow(first, first / times, "end")
    found = HighRow(first, float(loss.values[1:].max()), "averages")
    guesses = run.task is not Task.REGRESSION and first <= math.log(2)
    least = min(above, _ENDED) if _ended_far_below(run, loss) else above
    return None if guesses or found.times < least else found


def _averages(loss: Curve) -> bool:
    """Tell whether the first row stands for steps before it: that of an epoch, or of a later step.

    What was logged every so many steps, from the first on, are single steps.
    """
    return loss.axis is Axis.EPOCH or (loss.axis is Axis.STEP and int(loss.steps[0]) > 1)


def _ended_far_below(run: RunView, loss: Curve) -> bool:
    """Tell whether validation at the end of a high first row was far lower than its average.

    Not of a regression, nor of a task that is not known: targets in their own unit begin anywhere,
    and much may be learned in the steps of one row.
    """
    val, first = run.get("val/loss"), float(loss.values[0])
    if run.task in (Task.REGRESSION, Task.UNKNOWN) or val is None or not len(val):
        return False
    if first < _TWELVE:
        return False
    same = val.axis is loss.axis and val.steps[0] == loss.steps[0]
    return bool(same and first / _ENDED >= val.values[0])


def _guessing(run: RunView, loss: Curve) -> HighRow | None:
    if not above_any_guess(float(loss.values[0])):
        return None
    started = unrecorded_start_of if answers_of(run) is None else start_of
    try:
        start = started(run, loss, averages=True)
    except NotApplicable:
        return None
    apart = start.first - start.guess.loss
    high = start.times >= GUESSES or (start.times >= _AVERAGED and apart >= _NATS)
    return HighRow(start.first, start.guess.loss, "guessing") if high else None
