"""Curves of runs that overfit, underfit, and fit well, for the rules that ask about it."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.run import Floats
from advisor_rules.examples import falling, noise, turning

_TRAIN = falling(100, seed=421, floor=0.1)
_LOW = falling(60, seed=422, floor=1.7, rate=12)

OVER: Mapping[str, Floats] = {"train/loss": _TRAIN, "val/loss": turning(100, seed=423)}
"""Validation turns at 30% and rises."""
GOOD: Mapping[str, Floats] = {"train/loss": _TRAIN, "val/loss": _TRAIN + 0.05}
"""Validation follows training down."""
UNDER: Mapping[str, Floats] = {
    "train/loss": _LOW,
    "val/loss": _LOW + noise(60, 0.01, 424),
    "val/accuracy": 0.1 + 0.3 * falling(60, seed=425, start=0, floor=1, rate=12, size=0.01),
}
"""Both level off at an accuracy of 40%."""
EVERY = (GOOD, OVER, UNDER)
