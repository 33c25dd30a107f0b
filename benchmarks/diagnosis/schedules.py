"""Learning-rate schedules: the share of the peak rate at a point (0..1) of the training."""

from __future__ import annotations

import math
from collections.abc import Callable

from benchmarks.diagnosis.setup import Setup


def factor(setup: Setup, at: float) -> float:
    """Return the share of the peak rate at ``at`` (0 first step, 1 last), warm-up included."""
    if at < setup.warmup:
        return max(at / setup.warmup, 1e-3)
    rest = (at - setup.warmup) / max(1.0 - setup.warmup, 1e-9)
    return SCHEDULES[setup.schedule](min(rest, 1.0))


def _cosine(at: float) -> float:
    return 0.5 * (1.0 + math.cos(math.pi * at))


def _onecycle(at: float) -> float:
    return at / 0.3 + 0.04 if at < 0.3 else _cosine((at - 0.3) / 0.7)


def _early(at: float) -> float:
    """Return a cosine that ends at a tenth of the training, and a thousandth of the peak after."""
    return max(1e-3, _cosine(min(at / 0.1, 1.0)))


def _earlier(at: float) -> float:
    """Return the rate of a step schedule whose first step comes at a quarter, of a fiftieth."""
    return 1.0 if at < 0.25 else 0.02


def _late(at: float) -> float:
    """Return the rate of a step schedule whose only step comes after 19 in 20 of the training."""
    return 1.0 if at < 0.95 else 0.1


SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": lambda _: 1.0,
    "cosine": _cosine,
    "linear": lambda at: 1.0 - at,
    "steps": lambda at: 0.2 ** math.floor(4 * min(at, 0.999) - 1) if at >= 0.5 else 1.0,
    "exponential": lambda at: 0.01**at,
    "onecycle": _onecycle,
    "restarts": lambda at: _cosine((3 * at) % 1.0 if at < 1.0 else 1.0),
    "inverse-root": lambda at: 1.0 / math.sqrt(1.0 + 24.0 * at),
    "early": _early,
    "steps-early": _earlier,
    "steps-late": _late,
}
