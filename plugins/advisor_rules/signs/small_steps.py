"""A validation loss that gets better every time: only small steps leave it so.

Steps that are long against the noise of single batches throw the weights about, and validation
goes up and down with them; it settles when the rate falls. So what it does while the rate is high
tells of the steps, whatever the task, the model or the unit of the loss.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from advisor.curve import Curve
from advisor.run import Axis, Floats
from advisor.view import RunView
from advisor_rules.signs.learning_time import known_rate_at, last_high, over_learning_time
from advisor_rules.signs.measure import ratio
from advisor_rules.signs.nearly_all_right import learned_all
from advisor_rules.signs.right_answers import right_at_end
from advisor_rules.signs.straight_fall import late_share

FEWEST, _MORE = 8, 12
"""The fewest validations at a high rate that show that a loss is not shaken, and of a whole run of
which it is not known how its rate went; and what shows more than few do (chosen by eye)."""
_FIRST, _PARTED, _HALF = 0.25, 3.0, 0.15
"""The most of all that was learned before the first validation, or in multiples of an even part for
each validation, where that is more; and the least of the rate spent on half of it, for a slow fall:
a good rate learns most at once. Measured on 1,980 healthy and harmless small trainings of 25 data
sets and models, of which 11 fall so, and all the better each time."""
_BEGUN = 0.15
"""A first step beyond this share of the last one: what was learned first is not in the log (chosen
by eye: a loss that falls with the root of the steps looks slow from there on)."""
_LATE = 0.02
"""The least share of the fall that the last third of the rate spent made: some is to be gained yet.
An exponential decay makes so much where it is five time constants long."""
_AT_LAST = 0.95
"""Share of the run from which its best value is its end: one that was past its best learned enough
(chosen by eye)."""
_BETTER, _OF_FEW = 0.85, 0.92
"""The least share of all validations, at whatever rate, that were new bests, and that of fewer than
twelve at a high rate: what was shaken later was never calm. Measured on small trainings of 33 data
sets and models: of 204 logs that fall so, 25 are of runs that are none too slow, of the 182 among
them that are calm to the end, ten."""
_EVEN, _PARTS = 2.5, 6
"""How much more one sixth of the validations at a high rate may have gained than another, for a
fall that is as good as a line. Measured on the same, of which seven fall so."""
_UNFINISHED, _MOST = 0.8, 0.5
"""The largest accuracy (of 1) at the end of a run whose validations all were new bests, at a rate
that nobody knows, which shows short steps whatever the shape of the fall; where none is logged, or
validations are few, the largest share that was learned by the first twelfth (chosen by eye).
Measured on small trainings of 65 data sets and models, of which neither rate nor settings were
shown: of 180 trainings that fall neither evenly nor slowly up to that accuracy a quarter are not
too slow, and above it every other one; of 54 where none is logged, five; of 12 of eight to eleven
validations that began so slowly, one."""
_TOLD_APART = 0.5
"""The least share of them that a log which rounds tells apart: two that are the same to its last
digit are no worse than each other (chosen by eye)."""
_MANY = 10_000
"""More steps than this are not short ones for being calm: at a tenth of the rate that is Adam's
default, 0.001, they add up to 1 (see ``total_rate``). Of large data each of a few validations is
the best so far in good health. Those ten trainings have 1,300 at most."""


def unshaken(run: RunView, val: Curve) -> Floats | None:
    """Return the values of a validation loss until the rate was last high, if none got worse.

    Of the first half where it is not known how the rate went: few schedules lower it that soon.
    ``None`` for too few values. The rule must declare ``lr``.
    """
    rate = known_rate_at(run, val)
    last = len(val) // 2 if rate is None else last_high(rate)
    values: Floats = val.values[: (last or 0) + (rate is not None)]
    if len(val.non_finite) or len(val if rate is None else values) < FEWEST:
        return None
    told_apart = len(np.unique(values)) > _TOLD_APART * len(values)
    return values if told_apart and bool(np.all(np.diff(values) <= 0)) else None


def small_steps(run: RunView, curves: Sequence[Curve]) -> int | None:
    """Return how many validations in a row were new bests, of a loss that fell as by small steps.

    That is evenly, or slowly from the first on, and until the end of the run; or all of them were,
    at an unknown rate, of a model that has more to learn. ``curves`` are the validation and the
    training loss. Not where all of the training data were right for half of the run: steps without
    noise, such as those of whole data sets, make every validation the best as well. The rule must
    declare ``lr``, ``val/metric`` and ``train/metric``.
    """
    if len(curves) < 2:
        return None
    val, train = curves
    values = unshaken(run, val)
    if values is None or val.trend.best.at < _AT_LAST or learned_all(run):
        return None
    if new_bests(val) < (_BETTER if len(values) >= _MORE else _OF_FEW):
        return None
    if _evenly(values) or _slowly(run, val, train):
        return len(values)
    return len(val) if _throughout(run, val, train) else None


def new_bests(val: Curve) -> float:
    """Return the share of the validations after the first one that were as good as any before."""
    return float(np.mean(val.values[1:] <= np.minimum.accumulate(val.values)[:-1]))


def _evenly(values: Floats) -> bool:
    """Tell whether all parts of some values gained about as much."""
    at = np.linspace(0, len(values) - 1, _PARTS + 1)
    gains = -np.diff(np.interp(at, np.arange(len(values)), values))
    return bool(gains.max() <= _EVEN * gains.min())


def _slowly(run: RunView, val: Curve, train: Curve) -> bool:
    """Tell whether little was learned at first, and some of it at last."""
    late = float(train.steps[0]) > _BEGUN * float(train.steps[-1])
    if late or _at_once(val, train) > max(_FIRST, _PARTED / len(val)):
        return False
    spent = over_learning_time(run, val)
    middle = (max(train.trend.start, float(val.values[0])) + float(val.values.min())) / 2
    behind = np.flatnonzero(spent.smooth <= middle)
    if len(behind) and spent.at[behind[0]] < _HALF:
        return False
    # Over plain steps, a schedule that nobody logged leaves nothing to its end.
    if known_rate_at(run, val) is None:
        return True
    return min(late_share(spent), late_share(over_learning_time(run, train))) >= _LATE


def _at_once(val: Curve, train: Curve, row: int = 0) -> float:
    """Return the share of all that was learned before the first validation, or another one."""
    start = max(train.trend.start, float(val.values[0]))
    return ratio(start - float(val.values[row]), start - float(val.values.min()))


def _first_part(val: Curve, train: Curve) -> int:
    """Return the last row of the first twelfth of the validations: the first of less than 24.

    Not counting one before the first step of training.
    """
    rows, beside = train.steps[:2], train.axis is val.axis and val.steps[0] <= train.steps[0]
    before = int(beside and np.any((rows > val.steps[0]) & (rows < val.steps[1])))
    return before + max((len(val) - before) // _MORE - 1, 0)


def _throughout(run: RunView, val: Curve, train: Curve) -> bool:
    """Tell whether all validations were new bests, at an unknown rate, and much is wrong yet.

    Or nobody knows that, and most was learned after their first twelfth. Not of many steps: hardly
    any rate is so low that they are all short. Nor of few validations, unless most was learned so.
    """
    accuracy = right_at_end(run)
    soon = _at_once(val, train, _first_part(val, train)) > _MOST
    wrong = not soon if accuracy is None else accuracy <= _UNFINISHED
    if not wrong or known_rate_at(run, val) is not None:
        return False
    many = val.axis is Axis.STEP and int(val.steps[-1]) > _MANY
    return (len(val) >= _MORE or not soon) and not many and new_bests(val) == 1.0
