"""Which learning rates optimizers are usually given."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.view import RunView
from advisor_rules import schedule

_LIKE_ADAM = (1e-5, 1e-2)
USUAL: Mapping[str, tuple[float, float]] = {
    "sgd": (1e-3, 1.0),
    "adam": _LIKE_ADAM,
    "adamw": _LIKE_ADAM,
    "nadam": _LIKE_ADAM,
    "radam": _LIKE_ADAM,
    "adamax": _LIKE_ADAM,
    "rmsprop": _LIKE_ADAM,
    "lion": (1e-6, 1e-3),
    "adagrad": (1e-3, 1e-1),
    "adadelta": (1e-1, 1.0),
}
"""Rates that an optimizer is usually given: about ten times its default in PyTorch and Keras
on either side, and down to 1e-5 where fine-tuning is usual."""
_HIGHEST = max(high for _, high in USUAL.values())


def above_usual(run: RunView) -> bool:
    """Tell whether a rate, as logged or else recorded, is above what its optimizer usually has.

    Above what any optimizer has, where that is not recorded. The rule must declare ``lr``.
    """
    logged, optimizer = run.get("lr"), run.settings.choice("optimizer")
    rate = run.settings.number("learning_rate")
    if logged is not None and schedule.readable(logged):
        rate = schedule.peak(logged)
    high = USUAL[optimizer][1] if optimizer is not None and optimizer in USUAL else _HIGHEST
    return rate is not None and rate > high
