"""Which learning rates optimizers are usually given, and which one a run had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from advisor.rule import NotApplicable
from advisor.view import RunView
from advisor_rules.signs import schedule

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
_SAME = 3.0
"""A logged peak so many times off the recorded rate belongs to another rate (chosen by eye)."""
_NEARLY = 1.0 - 1e-6
"""What decimals may take from a rate that is exactly at a bound."""
LONGEST_MOMENTUM = 0.99
_MOMENTUM = (0.5, LONGEST_MOMENTUM)
"""The momentum that lengthens steps as usual; any other is a matter of its own
(``momentum-range``)."""


class Rate(NamedTuple):
    """The learning rate that a run had."""

    value: float
    path: str
    """The setting, or the series, that says so."""
    optimizer: str
    """Empty where it is not recorded, or one of which no range is known."""

    @property
    def usual(self) -> tuple[float, float] | None:
        """What the optimizer is usually given; ``None`` where that is not known."""
        return USUAL.get(self.optimizer)


def rate_of(run: RunView) -> Rate | None:
    """Return the recorded rate, else the peak of the logged one; ``None`` where neither is known.

    Raises ``NotApplicable`` where the two differ. The rule must declare ``lr``.
    """
    logged, recorded = run.get("lr"), run.settings.number("learning_rate")
    optimizer = run.settings.choice("optimizer") or ""
    if recorded is not None and recorded > 0:
        if logged_apart(run) is not None:
            raise NotApplicable("the logged learning rate is not the recorded one")
        path = run.settings.path("learning_rate") or "learning_rate"
        return Rate(recorded, path, optimizer)
    peak = logged_peak(run)
    return None if logged is None or peak is None else Rate(peak, logged.tag, optimizer)


def logged_peak(run: RunView) -> float | None:
    """Return the highest rate of the log; ``None`` where no schedule can be read.

    To six digits, which a ``float32`` holds: 0.1 comes back from an event file as 0.10000000149.
    The rule must declare ``lr``.
    """
    logged = run.get("lr")
    if logged is None or not schedule.readable(logged):
        return None
    return float(f"{schedule.peak(logged):.6g}")


def was_set(run: RunView) -> bool:
    """Tell whether the highest rate of the log is one that somebody set, as far as it shows.

    It was held, or has two digits at most: any other may be one that a schedule passed on its way
    down, before the first row was logged. The rule must declare ``lr``.
    """
    logged, peak = run.get("lr"), logged_peak(run)
    if logged is None or peak is None:
        return False
    held = int((logged.values >= _NEARLY * schedule.peak(logged)).sum()) > 1
    return held or peak == float(f"{peak:.2g}")


def logged_apart(run: RunView) -> float | None:
    """Return the highest logged rate where it is far off the recorded one.

    ``None`` where it is near, or one of the two is not known. The rule must declare ``lr``.
    """
    peak, recorded = logged_peak(run), run.settings.number("learning_rate")
    if peak is None or recorded is None or recorded <= 0:
        return None
    return None if recorded / _SAME <= peak <= recorded * _SAME else peak


def momentum_of(run: RunView, optimizer: str) -> float | None:
    """Return the recorded momentum of SGD, if it is a usual one.

    It makes steps 1 / (1 - momentum) times as long where gradients agree.
    """
    momentum = run.settings.number("momentum") if optimizer == "sgd" else None
    low, high = _MOMENTUM
    return momentum if momentum is not None and low <= momentum <= high else None


def is_usual(run: RunView) -> bool:
    """Tell whether a rate, as logged or else recorded, is no higher than its optimizer usually has.

    Not where the optimizer is not recorded. The rule must declare ``lr``.
    """
    optimizer, rate = run.settings.choice("optimizer"), logged_peak(run)
    if rate is None:
        rate = run.settings.number("learning_rate")
    usual = None if optimizer is None else USUAL.get(optimizer)
    return rate is not None and usual is not None and rate <= usual[1]


def is_high(run: RunView) -> bool:
    """Tell whether a rate, as recorded or else logged, is at the upper end of usual ones, or above.

    Of Adam where the optimizer is not recorded; momentum lowers the end of SGD. The rule must
    declare ``lr``.
    """
    optimizer, rate = run.settings.choice("optimizer"), run.settings.number("learning_rate")
    if rate is None:
        rate = logged_peak(run)
    known = run.settings.get("optimizer") is not None
    usual = USUAL.get(optimizer or "") if known else _LIKE_ADAM
    if rate is None or usual is None:
        return False
    return rate >= usual[1] * (1.0 - (momentum_of(run, optimizer or "") or 0.0)) * _NEARLY
