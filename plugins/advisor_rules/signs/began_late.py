"""Whether a model learned late what it learned.

Steps that are long enough for a model make some difference in its first epochs. Where they make
none, something holds the model back: it is too small, its units saturate, or the steps are short.
"""

from __future__ import annotations

import numpy as np

from advisor.curve import Curve

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
