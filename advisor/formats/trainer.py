"""What the Trainer of Hugging Face does to a training loss before it logs it, wherever to.

It logs to its own state, and through callbacks to TensorBoard, W&B, MLflow and others; there its
arguments are among the settings. What the logger then holds is no loss of one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from advisor.notes import Note, NoteKind, note
from advisor.run import ConfigValue, Floats, Series

LOSSES = ("loss", "train/loss")
"""The training loss, in the state and MLflow, and in TensorBoard and W&B
(``integration_utils.rewrite_logs``)."""
_ROUNDED = 4
"""Decimals to which the Trainer of transformers before 5 rounds a loss
(``transformers/trainer.py``, ``_maybe_log_save_evaluate``)."""
_ENOUGH = 5
"""Losses that end after four decimals by chance less than once in 10^15."""
_FINE = 16.0
"""Below this a ``float32``, as event files hold, has a hundred values from one fourth decimal to
the next."""
FILTER = "logging_nan_inf_filter"
"""An argument of the Trainer's alone, by which its runs are known."""


def loss_notes(
    series: Mapping[str, Series], settings: Mapping[str, Any], window: int | None = None
) -> Iterator[Note]:
    """Note what the Trainer does to a training loss: average, filter and round it.

    ``settings`` are the run's own, by name; the filter is on unless they say that it is off.
    ``window`` is how many steps a loss is the mean of, if the steps of the series do not tell.
    """
    for loss in (series[tag] for tag in LOSSES if tag in series):
        finite = loss.finite().values
        steps = window or _window(loss)
        if steps > 1:
            yield note(NoteKind.AVERAGED, loss.tag, window=steps)
        if len(finite) == len(loss) and settings.get(FILTER) is not False:
            why = "the Trainer's logging_nan_inf_filter puts an average in their place"
            yield note(NoteKind.FILTERED, loss.tag, why=why)
        if len(finite) >= _ENOUGH and _ends_early(finite):
            yield note(NoteKind.ROUNDED, loss.tag, digits=_ROUNDED)


def callback_notes(
    series: Mapping[str, Series], config: Mapping[str, ConfigValue]
) -> Iterator[Note]:
    """Note the same in another logger's run, if its settings show that the Trainer wrote it."""
    if FILTER in config:
        settings = {name: each.value for name, each in config.items()}
        yield from loss_notes(series, settings, _told(settings))


def _told(settings: Mapping[str, Any]) -> int | None:
    """Return ``logging_steps``, if it is a number of steps. W&B's own steps count its rows."""
    steps = settings.get("logging_steps")
    fixed = settings.get("logging_strategy", "steps") == "steps"
    return steps if fixed and type(steps) is int and steps > 0 else None


def _window(loss: Series) -> int:
    """Return the steps that a logged loss is the mean of: those since the one before."""
    gaps = np.diff(loss.effective().steps)
    return int(np.median(gaps)) if len(gaps) else 1


def _ends_early(values: Floats) -> bool:
    with np.errstate(over="ignore"):  # a number that large has no decimals
        rounded = np.round(values, _ROUNDED)
    if np.abs(values).max() < _FINE and (values.astype(np.float32) == values).all():
        rounded = rounded.astype(np.float32)
    return bool((rounded == values).all() and (values != np.round(values)).any())
