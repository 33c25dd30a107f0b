"""Runs of made searches, for the examples of rules across runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from advisor.model import Value
from advisor.run import Run
from advisor.study import Study
from advisor.testing.runs import make_run, make_study

BEGAN = 1.7e9
"""When the first run of an example started, in seconds since 1970."""
HOUR = 3600.0
_X = np.linspace(0.0, 1.0, 60)


def accuracy(score: float, index: int, config: Mapping[str, Any]) -> Run:
    """Return the ``index``-th run in time, whose validation accuracy rises to ``score``."""
    return make_run(
        name=f"run-{index + 1:02}",
        val_accuracy=score * (1.0 - 0.6 * np.exp(-8.0 * _X)),
        train_loss=0.2 + 2.0 * np.exp(-5.0 * _X),
        config=config,
        started=BEGAN + HOUR * index,
    )


def tried(*trials: tuple[float, Mapping[str, Any]]) -> Study:
    """Make a study of accuracies with the settings that reached them, in order of time."""
    return make_study(*(accuracy(score, i, config) for i, (score, config) in enumerate(trials)))


def along(name: str, scores: Mapping[Any, float], **others: Value) -> Study:
    """Make a study of one hyperparameter: the score at each of its values."""
    return tried(*((score, {**others, name: value}) for value, score in scores.items()))


def grid(first: str, second: str, scores: Mapping[Any, float]) -> Study:
    """Make a study of two hyperparameters: the score at each pair of values."""
    return tried(*((score, {first: a, second: b}) for (a, b), score in scores.items()))


def losses(trials: Sequence[tuple[float, float, Mapping[str, Any]]], *, turn: float = 1.0) -> Study:
    """Make a study from the final training loss, the best validation loss and the settings.

    From ``turn`` (a share of the run) on, the validation loss rises by a half of its fall.
    """
    runs = []
    for index, (train, val, config) in enumerate(trials):
        rise = np.clip((_X - turn) / max(1.0 - turn, 1e-9), 0.0, None)
        runs.append(
            make_run(
                name=f"run-{index + 1:02}",
                train_loss=train + (2.3 - train) * np.exp(-6.0 * _X),
                val_loss=val + (2.3 - val) * (np.exp(-8.0 * _X) + 0.5 * rise),
                config=config,
                started=BEGAN + HOUR * index,
            )
        )
    return make_study(*runs)
