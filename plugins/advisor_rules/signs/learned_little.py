"""Whether a run learned so little, or lost it so early, that its rate is a suspect."""

from __future__ import annotations

from advisor.curve import Curve
from advisor_rules.signs.measure import fell, relative, turn

_LITTLE = 0.5
"""A loss that fell by less of where it ended learned little. Measured on small trainings of 33 data
sets and models: of 120 logs at an unusually high rate that fell so little, six trainings had
nothing the matter with them."""
_TENTH, _GOOD = 9.0, 0.9
"""By how many times where it ended a training loss fell, or the accuracy (of 1) at the end, that
left little to learn. Measured on small trainings of 73 data sets and models at exactly ten times
the highest usual rate: of 32 that learned less 18 were harmed, of 24 others eight, and hardly."""
_END = 3
"""The fewest validations that have an end (chosen by eye)."""
_FEWEST, _FIFTH, _SURELY, _WORSE = 8, 0.2, 3.0, 0.03
"""The fewest validations that show how soon they turned, the share of a run that is soon, and the
rise in standard errors and as a share of the best level that is one (chosen by eye)."""


def fell_little(loss: Curve) -> bool:
    """Tell whether a training loss that is finite fell by less than a third."""
    return bool(len(loss)) and not len(loss.non_finite) and fell(loss) < _LITTLE


def learned_most(loss: Curve, accuracy: float | None) -> bool:
    """Tell whether a training loss fell to a tenth, or nearly all answers were right at the end."""
    return (accuracy or 0.0) >= _GOOD or (not len(loss.non_finite) and fell(loss) >= _TENTH)


def ended_high(loss: Curve, val: Curve | None) -> bool:
    """Tell whether validation ended less than a third below the first training losses."""
    if val is None or len(val) < _END or not len(loss) or len(loss.non_finite):
        return False
    end = val.trend.tail()
    return end.value > 0 and relative(val, loss.trend.start - end.value, end) < _LITTLE


def turned_early(val: Curve | None) -> bool:
    """Tell whether the validation loss was best in the first fifth, and got worse since."""
    if val is None or len(val) < _FEWEST:
        return False
    turned = turn(val)
    return turned.best.at <= _FIFTH and turned.t >= _SURELY and turned.relative >= _WORSE
