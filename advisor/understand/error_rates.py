"""Which of the errors that a run logs are the share of its answers that are wrong.

An error may be anything: a distance, a loss under another name, a number of mistakes. What is
called an error rate, or the error of the first choice, says what it is, in a classifier's run. What
is called an error and no more is a share of wrong answers only in a run that something else shows
to be a classifier's, and beside a loss on the same data, which it then is not itself. And none is
one where its values deny it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from advisor.roles import Kind, Task
from advisor.run import Floats, Series
from advisor.understand.context import is_plain
from advisor.understand.guess import Guess

PLAIN = "error"
"""What an error is that is no share of wrong answers, as far as a run tells."""
RATE = "error_rate"
_NAMED = frozenset({RATE, "top1_error"})
_PERCENT = 2.0
"""What an error in per cent is above at some time (chosen by eye)."""
_LATE = 0.2
"""The share of a run in which errors are held against losses."""
_WRONG = math.log(2)
"""The least that a wrong answer costs a cross-entropy: what is not chosen has half at most."""


def with_error_rates(
    guesses: tuple[Guess, ...], task: Task, series: Mapping[str, Series]
) -> tuple[Guess, ...]:
    """Call all shares of wrong answers ``error_rate`` or ``top1_error``, and nothing else so.

    Of a classifier whose values are all in [0, 1], or all in [0, 100] and in part above 2: between
    them is the error rate of words, which may be above 1. All series of one name must be in the
    same unit; and what never is above 1 may be in per cent, of a model that is nearly always right:
    that is told by a loss that is lower than a model's that is so often wrong.
    """
    errors = [g for g in guesses if _is_error(g)]
    if not errors:
        return guesses
    losses = [g for g in guesses if g.points and is_plain(g) and g.kind is Kind.LOSS]
    shares = {
        name
        for name in {g.canonical for g in errors}
        if task is Task.CLASSIFICATION
        and _are_shares([g for g in errors if g.canonical == name], losses, series)
    }
    return tuple(_named(g, shares) if _is_error(g) else g for g in guesses)


def _is_error(g: Guess) -> bool:
    """Tell whether a metric is an error of all answers: that of one class or head is not."""
    return g.points > 0 and g.kind is Kind.METRIC and g.quantity in _NAMED | {PLAIN}


def _named(g: Guess, shares: Collection[str]) -> Guess:
    if g.canonical not in shares:
        return replace(g, canonical=PLAIN)
    return replace(g, canonical=RATE) if g.canonical == PLAIN else g


def _are_shares(
    errors: Sequence[Guess], losses: Sequence[Guess], series: Mapping[str, Series]
) -> bool:
    """Tell whether all errors of one name can be shares of wrong answers, in one unit."""
    beside = {loss.split for loss in losses}
    if any(g.canonical == PLAIN and g.split not in beside for g in errors):
        return False
    values = [series[g.tag].finite().values for g in errors]
    if any(not len(each) or each.min() < 0.0 or each.max() > 100.0 for each in values):
        return False
    if min(each.max() for each in values) > _PERCENT:
        return True
    return max(each.max() for each in values) <= 1.0 and not any(
        _denies(series[loss.tag].finite().values, each)
        for g, each in zip(errors, values, strict=True)
        for loss in losses
        if loss.split is g.split
    )


def _denies(losses: Floats, errors: Floats) -> bool:
    """Tell whether a loss is lower than that of a model that is so often wrong."""
    if not len(losses) or losses.min() < 0.0:
        return False
    return _end(losses) < _WRONG * _end(errors)


def _end(values: Floats) -> float:
    return float(np.mean(values[-max(round(_LATE * len(values)), 1) :]))
