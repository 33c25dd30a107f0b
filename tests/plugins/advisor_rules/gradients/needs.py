"""Curves of runs that learn, and of one that learns nothing, for the rules that ask about it."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.run import Floats
from advisor_rules.examples import falling, noise

STUCK: Mapping[str, Floats] = {
    "train/loss": 2.3026 + noise(200, 0.01, 440),
    "val/accuracy": 0.1 + noise(200, 0.003, 441),
}
"""A loss at ln 10 and an accuracy of one in ten."""
LEARNS: Mapping[str, Floats] = {
    "train/loss": falling(200, seed=442),
    "val/accuracy": 0.9 - 0.8 * falling(200, seed=443, start=1, floor=0, size=0.01),
}
