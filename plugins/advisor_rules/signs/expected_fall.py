"""How far a loss would have fallen, had its rate not been taken away."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.curve.trend import Trend
from advisor_rules.signs.measure import ratio

_GRADUAL = 2.0
"""Where a rate takes more than this multiple of the time in which it halves until it is gone, the
loss has had time to come to rest on the way: 1.8 for a cosine, 2 for a line, 5.6 for an exponential
decay."""


class Fall(NamedTuple):
    """How far a loss would have fallen, in the unit of the loss."""

    all: float
    """From where the rate was last high to the end of the run."""
    late: float
    """Of that, after the rate had vanished."""


class Stop(NamedTuple):
    """A training loss that stopped falling as the rate vanished."""

    step: int
    """The step of the loss there."""
    rest: float
    """Share of the run after that."""
    expected: float
    """The fall that the loss had left then, at the pace at which it slowed down before."""
    actual: float
    """The fall that came."""
    missing: float
    """How far the end is above where the loss would have got at its own pace."""


def expected_fall(
    trend: Trend, slowed: float, gone: float, *, t: float, steady: float
) -> Fall | None:
    """Return how far a loss would have fallen, had it gone on slowing down as before.

    Two neighbouring stretches before ``slowed`` (a share of the run, as ``gone``) give two falls;
    their ratio is how much the loss slows down from one to the next. ``None`` if one of them is
    within ``t`` standard errors, or the ratio is below ``steady``: it did not fall steadily; nor
    where the rate went down slowly.
    """
    if gone > _GRADUAL * slowed:
        return None
    start = max(slowed - 0.4, 0.2 * slowed)
    middle = (start + slowed) / 2
    early, late = trend.slope(start, middle), trend.slope(middle, slowed)
    if max(early.t, late.t) > -t:
        return None
    pace = min(ratio(-late.change, -early.change), 1.0)
    if pace < steady:
        return None
    ahead = np.arange(1.0, (1.0 - slowed) / (slowed - middle) + 1e-9)
    falls = -late.change * pace**ahead
    after = ahead * (slowed - middle) > gone - slowed
    return Fall(float(falls.sum()), float(falls[after].sum()))
