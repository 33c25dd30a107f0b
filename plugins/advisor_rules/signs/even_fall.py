"""A loss that falls far, but step by step: what is learned so is no way back from a bad start."""

from __future__ import annotations

import numpy as np

from advisor.curve import Curve
from advisor_rules.signs.measure import PARTS, fiftieths

_AT_ONCE = 3.0
"""How many times lower a loss is after one row, or a fiftieth of the steps, that fell at once
(chosen by eye). Measured on small trainings of 65 data sets and models: of 80 regressions and
unknown tasks that began thirty times above their end, one fell evenly by this, and all had a
fault."""
_RISES = 1.1
"""The rise from one to the next that batches may make on the way (chosen by eye)."""


def fell_evenly(loss: Curve, times: float) -> bool:
    """Tell whether a positive loss fell step by step until it was ``times`` lower, and never rose.

    In means over a fiftieth of the run each where there are more rows.
    """
    rows = loss.values
    if len(rows) > PARTS:
        rows = np.concatenate((rows[:1], fiftieths(rows)))
    falls = rows[:-1] / rows[1:]
    falls = falls[np.minimum.accumulate(rows[:-1]) > rows[0] / times]
    return bool(falls.max() < _AT_ONCE and falls.min() > 1.0 / _RISES)
