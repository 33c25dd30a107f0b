"""What the end of a curve must be like to be one of a run that still improves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.roles import Kind, Split
from advisor.run import Axis
from advisor.view import RunView
from advisor_rules.given.recorded import ended_by_patience
from advisor_rules.signs.end_rate import EndRate
from advisor_rules.signs.idle_rate import idled
from advisor_rules.signs.late_gain import (
    each_better,
    late_gain,
    late_since_guessing,
    learned,
    since_best,
    spent_gain,
)
from advisor_rules.signs.learning_time import over_learning_time
from advisor_rules.signs.measure import relative
from advisor_rules.signs.nearly_all_right import nearly_all_right

SLOPED = 6
"""Fewer points than this have no slope with an error; each must be better than the one before."""
_LATELY = 0.3
"""The largest share of so few validations after the best one that they do not show it is past:
chosen on 308 short logs at a high rate, of which 22 are of runs that were done."""
_WAITED = 0.5
"""More of all progress than this in the last third of the spent rate waited for the rate to fall: a
straight line makes a third (chosen by eye)."""
_RESTED = 0.05
"""The largest share of the validations after the best one where the rate is gone, and shakes none.
Measured on small trainings of 33 data sets and models: of 16 logs beyond it ten gain."""
_SCATTERED = 0.08
"""The largest scatter of single validations, as a share of all progress, that a gain of twice
``worth`` need not be compared with. Measured on small trainings of 49 data sets and models: of ten
logs beyond it none is known to gain from more steps."""

_BY_STEP = 100
"""Fewer training losses than this may be one an epoch (chosen by eye)."""


class Improving(NamedTuple):
    """What an end must be like: numbers, described as options of ``still-improving``."""

    worth: float
    clear: float
    few: int
    few_share: float
    spent_share: float
    falling_share: float
    scatter: float
    recent: float
    t: float
    progress: float
    late: float

    def shown_by(self, run: RunView, curve: Curve, end: EndRate) -> bool:
        """Tell whether a curve shows it."""
        if not is_validation(curve) and len(curve) >= SLOPED:
            return self._may_go_on(run, curve, end) and self._training_falls(curve)
        share, least = self.share(run, curve, end)
        if share < least or not _got_better(curve):
            return False
        if self._has_few(curve, end):
            lately = since_best(curve) <= _LATELY
            return each_better(curve) or (lately and self._training_moves(run))
        if len(curve) < SLOPED:
            known = end is EndRate.HIGH or (end is EndRate.UNKNOWN and not _thinned(curve))
            return known and each_better(curve)
        recent = since_best(curve) <= self.recent or ended_by_patience(run.settings, curve)
        return recent and self._surely_falls(run, curve, share, end)

    def share(self, run: RunView, curve: Curve, end: EndRate) -> tuple[float, float]:
        """Return the share of all progress that the last third made, and the least that counts."""
        if end is EndRate.GONE:
            return spent_gain(run, curve), self.spent_share
        late = late_since_guessing(run, curve)
        if end in (EndRate.FALLING, EndRate.LOW):
            return late, self.falling_share
        return late, self.few_share if self._has_few(curve, end) else self.worth

    def rests(self, run: RunView, end: EndRate) -> bool:
        """Tell whether one of loss and metric came to rest, whatever the other one did.

        That is: the validation loss hardly fell in the end, or nearly every answer was right. Where
        nobody knows the rate, which may have fallen, the loss must show it as any series must.
        """
        return self._loss_rests(run, end) or nearly_all_right(run, self.few, self.few_share)

    def _loss_rests(self, run: RunView, end: EndRate) -> bool:
        loss = run.get("val/loss")
        if loss is None or len(loss) < 2:
            return False
        if end is EndRate.UNKNOWN and len(loss) >= SLOPED:
            return not self.shown_by(run, loss, end)
        share, least = self.share(run, loss, end)
        return share < least / 2

    def _has_few(self, curve: Curve, end: EndRate) -> bool:
        """Tell whether validations at a high rate are too few to show that a loss is done."""
        loss = is_validation(curve) and curve.role.kind is Kind.LOSS
        return loss and end is EndRate.HIGH and len(curve) <= self.few

    def _training_moves(self, run: RunView) -> bool:
        """Tell whether nothing shows that the training loss came to rest."""
        train = run.get("train/loss")
        return train is None or len(train) < 3 or late_gain(run, train) >= self.few_share

    def _surely_falls(self, run: RunView, curve: Curve, share: float, end: EndRate) -> bool:
        """Tell whether a curve fell by more than its noise, over the time that matters."""
        trend, whole = curve.trend, learned(run, curve)
        if end is EndRate.GONE:
            calm = trend.noise <= self.scatter * whole and share <= _WAITED
            if not calm or since_best(curve) > _RESTED or idled(run, curve):
                return False
            return over_learning_time(run, curve).slope(0.5).t <= -self.t
        little = trend.noise <= _SCATTERED * whole
        clear = share * whole >= self.clear * trend.noise
        return (clear or (little and share >= 2 * self.worth)) and trend.slope(0.5).t <= -self.t

    def _may_go_on(self, run: RunView, curve: Curve, end: EndRate) -> bool:
        """Tell whether more training may gain where no validation says so.

        From epoch to epoch a training loss falls as long as the data can be learned by heart: it
        must fall as much as at a rate on its way down, unless the rate is known to be high.
        """
        if end is EndRate.GONE:
            return False
        by_step = curve.axis is Axis.STEP and len(curve) >= _BY_STEP
        if by_step or end is EndRate.HIGH or curve.role.kind is not Kind.LOSS:
            return True
        return late_gain(run, curve) >= self.falling_share

    def _training_falls(self, curve: Curve) -> bool:
        """Tell whether the last half of a training loss got better, to its end."""
        trend = curve.trend
        if trend.best.at < 0.85:
            return False
        half, third = trend.slope(0.5), trend.slope(0.67)
        large = relative(curve, -half.change, trend.tail()) >= self.progress
        return large and half.t <= -self.t and third.change <= self.late * half.change


def _got_better(curve: Curve) -> bool:
    """Tell whether a curve ended better than it was half-way; true of too few values to say."""
    trend = curve.trend
    return len(curve) < SLOPED or trend.tail().value < trend.level(0.45, 0.55).value


def _thinned(curve: Curve) -> bool:
    """Tell whether most of the values between the first and the last one were not logged.

    The first one is as far from the start as each value from the one before, unless it was taken
    before any training. Few of many may lie anywhere in a schedule.
    """
    first = int(curve.steps[0])
    untrained = first == 0 and curve.axis is Axis.STEP
    return not untrained and int(np.diff(curve.steps).max()) >= 2 * (first + 1)


def is_validation(curve: Curve) -> bool:
    """Tell whether a curve is of validation data."""
    return curve.role.split is Split.VALIDATION
