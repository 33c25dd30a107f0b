"""Runs made by hand, for tests and for the examples that rules ship."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from advisor.judging.summarize import summarize
from advisor.model import Value
from advisor.notes import Note
from advisor.run import Axis, ConfigValue, Run, Series
from advisor.study import Study
from advisor.understand import understand
from advisor.view import Judged

_SPLITS = ("train", "val", "test")


def make_run(
    *,
    name: str = "run",
    series: Mapping[str, npt.ArrayLike] | None = None,
    steps: Mapping[str, npt.ArrayLike] | None = None,
    config: Mapping[str, Value] | None = None,
    notes: tuple[Note, ...] = (),
    axis: Axis = Axis.STEP,
    started: float | None = None,
    **values: npt.ArrayLike,
) -> Run:
    """Make a run from plain numbers.

    ``train_loss=`` becomes the tag ``train/loss``, ``val_accuracy=`` becomes ``val/accuracy``,
    ``lr=`` stays ``lr``; ``series`` takes tags as they are. Steps count from 0 by 1 unless
    ``steps`` gives them by tag. ``started``, in seconds since 1970, gives every value a wall
    time, one second a step.
    """
    logged = dict(series or {}) | {_tag(keyword): array for keyword, array in values.items()}
    given = steps or {}
    return Run(
        name=name,
        series={
            tag: _series(tag, array, given.get(tag), axis, started) for tag, array in logged.items()
        },
        config={
            path: ConfigValue(value=value, origin="made by hand")
            for path, value in (config or {}).items()
        },
        source="made by hand",
        notes=notes,
    )


def _tag(keyword: str) -> str:
    split, _, quantity = keyword.partition("_")
    return f"{split}/{quantity}" if split in _SPLITS and quantity else keyword


def make_study(*runs: Run) -> Study:
    """Make a study of runs, which are understood and summarized as any log is."""
    judged = (Judged(run, understand(run)) for run in runs)
    return Study(runs=tuple(summarize(one, ()) for one in judged))


def _series(
    tag: str,
    values: npt.ArrayLike,
    steps: npt.ArrayLike | None,
    axis: Axis,
    started: float | None,
) -> Series:
    array = np.array(values, dtype=np.float64)
    counted = np.arange(len(array)) if steps is None else np.array(steps)
    times = None if started is None else started + counted.astype(np.float64)
    return Series(tag, counted.astype(np.int64), array, wall_times=times, axis=axis)
