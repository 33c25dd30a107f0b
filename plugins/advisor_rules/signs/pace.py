"""When a model learned what it learned: late, or nearly all of it at once.

Steps that are long enough for a model make some difference in its first epochs. Where they make
none, something holds the model back: it is too small, its units saturate, or the steps are short.
And a model that has more to learn goes on learning after the first epochs; one that is kept small,
by its size or by regularization, does not.
"""

from __future__ import annotations

import numpy as np

from advisor.curve import Curve
from advisor_rules.signs.measure import END, ratio

_STOOD = 0.03
"""The widest range of the first validations, as a share of the first one (chosen by eye)."""
_FEWEST, _SHARE = 2, 0.1
"""So many validations at the least, and such a share of all, are a while (chosen by eye)."""
_FELL = 0.2
"""The least that is learned afterwards, as a share of the first validation (chosen by eye).

With these four 13 more logs of small trainings of 49 data sets and models are seen to underfit, of
7 of these, and two wrong ones, both rounded. With 0.05 instead of 0.03, a twentieth instead of a
tenth of all, or 0.1 instead of 0.2 there are 16 to 18, and 3 or 4 wrong ones.
"""
_SOON, _NEARLY_ALL = 0.1, 0.9
"""The share of a run in which nearly all may be learned, and how much that is (chosen by eye).

Measured likewise: 12 more logs, of 9 data sets and models, and a wrong one. Down to 0.85 there are
7 more and one wrong, down to 0.8 another 3 and 8 wrong.
"""


def began_late(val: Curve) -> bool:
    """Tell whether a validation loss fell, and had stood at its first level for a while."""
    return val.once(_began_late)


def _began_late(val: Curve) -> bool:
    values = val.values
    if len(values) < _FEWEST or values.min() <= 0:
        return False
    width = np.maximum.accumulate(values) - np.minimum.accumulate(values)
    stood = int(np.count_nonzero(width <= _STOOD * values[0]))
    fell = float(values[0]) - val.trend.tail().value
    return stood >= max(_FEWEST, _SHARE * len(values)) and fell >= _FELL * float(values[0])


def learned_at_once(train: Curve, val: Curve) -> bool:
    """Tell whether validation came nearly as far in the first tenth as in the whole run.

    Counted from where the training loss began, which knows nothing yet.
    """
    start, trend = train.trend.start, val.trend
    soon = start - float(np.interp(_SOON, trend.at, trend.values))
    return ratio(soon, start - trend.tail(END).value) >= _NEARLY_ALL
