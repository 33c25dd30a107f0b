"""Rates over trainings: copies of one training count as one in each."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from benchmarks.diagnosis.cases import Case

FEWEST = 20
"""Trainings below which a rate is given as counts only."""
Z = 1.96
"""Normal quantile of a two-sided 95 % interval."""

Rate = dict[str, Any]
"""``part`` and ``of`` count trainings (parts may be fractions); ``interval`` from ``FEWEST`` on."""


def wilson(part: float, whole: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share; ``part`` may be fractional."""
    if not whole:
        return 0.0, 1.0
    share, z2 = part / whole, Z * Z
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    half = Z * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    return max(0.0, middle - half), min(1.0, middle + half)


def rate(values: Mapping[str, float]) -> Rate:
    """Return the sum over trainings, their number, and the interval where there are enough."""
    part, whole = sum(values.values()), len(values)
    found: Rate = {"part": round(part, 2), "of": whole}
    if whole >= FEWEST:
        found["interval"] = [round(bound, 4) for bound in wilson(part, whole)]
    return found


def ever(cases: Iterable[Case], test: Callable[[Case], object]) -> Rate:
    """Return the rate of trainings that pass the test in any of their logs."""
    values: dict[str, float] = {}
    for case in cases:
        values[case.training] = max(values.get(case.training, 0.0), float(bool(test(case))))
    return rate(values)


def share(cases: Iterable[Case], test: Callable[[Case], object]) -> Rate:
    """Return the rate of trainings, each counted by the share of its logs that pass the test."""
    return shares((case.training, bool(test(case))) for case in cases)


def shares(found: Iterable[tuple[str, bool]]) -> Rate:
    """Return the rate of trainings, each counted by the share that is true of it."""
    values: dict[str, list[bool]] = defaultdict(list)
    for training, passed in found:
        values[training].append(passed)
    return rate({training: sum(passed) / len(passed) for training, passed in values.items()})
