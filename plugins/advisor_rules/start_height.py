"""How high a loss stood in its first steps, against where it began and where it went."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor_rules.measure import ratio
from advisor_rules.swings import calmed

LEAST = 20
"""The fewest points of a loss logged by step in which a few high ones are no chance."""
_FEWEST = 5
"""The fewest rows of averages of which the first can stand out (chosen by eye)."""
_EARLY = 0.1
"""The share of the points that are the first ones."""


class Thrown(NamedTuple):
    """A loss that rose above its first value in its first steps."""

    step: int
    """Where it was highest."""
    peak: float
    times: float
    """The peak in multiples of the first value, or of all later ones where these are higher."""


def thrown(loss: Curve) -> Thrown | None:
    """Return how far a loss, one row a step, rose at once over its first value.

    Held against the highest level of its later half as well: a noisy loss is as high there, and
    one that rises for good is another matter. The values are medians of three, so that no
    single batch counts. ``None`` if it cannot be said, as of a loss that may be negative.
    """
    if len(loss) < LEAST or loss.values.min() <= 0:
        return None
    calm = calmed(loss.values)
    top = int(np.argmax(calm[: max(int(_EARLY * len(calm)), 3)]))
    usual = max(float(loss.values[0]), float(calm[len(calm) // 2 :].max()))
    return Thrown(int(loss.steps[top]), float(calm[top]), float(calm[top]) / usual)


def first_above_all(loss: Curve) -> float:
    """Return the first value in multiples of the highest after it; 0 if it cannot be said.

    For rows that are averages: a first one that towers holds steps of a loss that fell at once.
    """
    if len(loss) < _FEWEST or loss.values.min() <= 0:
        return 0.0
    return ratio(float(loss.values[0]), float(loss.values[1:].max()))
