"""Studies made by hand, for the tests of what is said across runs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from advisor.model import Value
from advisor.run import Run
from advisor.testing import make_run

YEAR_2024 = 1.704e9
"""Seconds since 1970."""
POINTS = 40


def tried(
    name: str,
    score: float,
    config: Mapping[str, Value] | None = None,
    *,
    at: int | None = None,
    points: int = POINTS,
    **more: Value,
) -> Run:
    """Make a run whose validation accuracy rises to ``score``; the ``at``-th hour it started.

    A double underscore in a setting's name stands for a dot.
    """
    x = np.linspace(0.0, 1.0, points)
    return make_run(
        name=name,
        val_accuracy=score * (1.0 - 0.5 * np.exp(-8 * x)),
        train_loss=0.2 + 2.0 * np.exp(-5 * x),
        config={**(config or {}), **{p.replace("__", "."): value for p, value in more.items()}},
        started=None if at is None else YEAR_2024 + 3600.0 * at,
    )


def along(name: str, scores: dict[float, float], **config: Value) -> list[Run]:
    """Make one run for each value of a hyperparameter, an hour apart."""
    return [
        tried(f"{name}-{place}", score, {**config, name: value}, at=place)
        for place, (value, score) in enumerate(scores.items())
    ]
