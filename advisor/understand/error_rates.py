"""Which of the errors that a run logs are the share of its answers that are wrong.

An error may be anything: a distance, a loss under another name, a number of mistakes. What is
called an error rate, or the error of the first choice, says what it is, in a classifier's run. What
is called an error and no more is a share of wrong answers only in a run that something else shows
to be a classifier's, and beside a loss on the same data, which it then is not itself. One in per
cent, by its name, shows a classifier beside such a loss, unless that is lower than what so many
wrong answers cost. And none is one where its values deny it, or those of an accuracy on the same
data.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from advisor.roles import Kind, Task
from advisor.run import Floats, Series
from advisor.understand.context import words
from advisor.understand.guess import Guess
from advisor.understand.words import words_of

PLAIN = "error"
"""What an error is that is no share of wrong answers, as far as a run tells."""
RATE = "error_rate"
NAMED = frozenset({RATE, "top1_error"})
"""What is 1 less the share of right answers, once a run does not deny it."""
_RIGHT = frozenset({"accuracy", "top1_accuracy"})
"""What is 1 less an error rate."""
_MEASURED = frozenset({"mean", "avg", "average", "total", "sum"})
"""Words beside an error that is rather measured than counted, as the mean error of ages is."""
_REBUILT = frozenset({"reconstruction", "kl", "elbo"})
"""Words of losses beside which an error may be that of what is rebuilt."""
_PERCENT = 2.0
"""What an error in per cent is above at some time (chosen by eye)."""
_UNIT = frozenset({"pct", "perc", "percent", "percentage"})
"""Words after an error that is in per cent. Before it they tell a distance, relative to what is
predicted: a percentage error."""
_ERROR = frozenset({"err", "error", "errors"})
_ROUNDING = 1e-6
"""How far beyond 0 and 1 rounding takes shares: 1 less a mean of accuracies in single precision."""
_APART = 0.05
"""How far an accuracy and an error rate may add up to something else than 1 (chosen by eye: both
are rounded, and one may be a mean over the last batches)."""
_TOLERATED = 1.5
"""The largest share that may still be one of 1, and none in per cent (chosen by eye)."""
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
    same unit, and add up to 1 with an accuracy on the same data. What never is above 1 may be in
    per cent, of a model that is nearly always right: that is told by a loss that is lower than a
    model's that is so often wrong. And several whole numbers may be numbers of mistakes.
    """
    classified = task is Task.CLASSIFICATION
    errors = {n: [g for g in guesses if g.canonical == n and _is_error(g)] for n in (PLAIN, *NAMED)}
    shares = {
        name
        for name, same in errors.items()
        if classified and same and _Errors(same, guesses, series).are_shares()
    }
    percent = rates_in_percent(guesses, series) if classified else frozenset[str]()
    return tuple(_understood(g, shares, percent) for g in guesses)


def rates_in_percent(guesses: Sequence[Guess], series: Mapping[str, Series]) -> frozenset[str]:
    """Return the tags of errors in per cent, by their names, that may be of a classifier.

    As ``val_err_pct``. Their values are in [0, 100], and in part above 1.5, up to which only the
    name could tell the unit. They agree with the losses on the same data, of which there must be
    one, and with an accuracy on them, if there is one.
    """
    named = [g for g in guesses if _in_percent(g)]
    return frozenset(g.tag for g in named if _Errors([g], guesses, series).is_percent())


def whole_of(shares: Floats) -> float:
    """Return what all answers are: 1, or 100 where shares of them are in per cent."""
    return 100.0 if shares.max() > _TOLERATED else 1.0


def _is_error(g: Guess) -> bool:
    """Tell whether a metric is an error of all answers: that of one class or head is not."""
    if not g.points or g.kind is not Kind.METRIC or g.quantity not in NAMED | {PLAIN}:
        return False
    return g.canonical != PLAIN or _MEASURED.isdisjoint(words_of(g.tag))


def _in_percent(g: Guess) -> bool:
    """Tell whether a name says that an error of all answers is in per cent: ``top1_err_pct``."""
    if not g.extra or not _UNIT.issuperset(g.extra) or not _is_error(replace(g, extra=())):
        return False
    said = words_of(g.tag)
    unit = next(i for i, word in enumerate(said) if word in _UNIT)
    return _ERROR.isdisjoint(said[unit:])


def _understood(g: Guess, shares: Collection[str], percent: Collection[str]) -> Guess:
    if g.tag in percent:
        return replace(g, canonical=RATE if g.canonical == PLAIN else g.canonical, extra=())
    if not _is_error(g):
        return g
    if g.canonical not in shares:
        return replace(g, canonical=PLAIN)
    return replace(g, canonical=RATE) if g.canonical == PLAIN else g


class _Errors:
    """All errors of one name, with what is logged on the same data."""

    def __init__(
        self, errors: Sequence[Guess], guesses: Sequence[Guess], series: Mapping[str, Series]
    ) -> None:
        logged = [g for g in guesses if g.points]
        self._plain = errors[0].canonical == PLAIN
        self._errors = errors
        self._losses = [g for g in logged if g.kind is Kind.LOSS]
        self._rights = [g for g in logged if g.kind is Kind.METRIC and g.quantity in _RIGHT]
        every = (*self._errors, *self._losses, *self._rights)
        self._finite = {g.tag: series[g.tag].finite() for g in every}

    def are_shares(self) -> bool:
        """Tell whether they can be shares of wrong answers, in one unit."""
        values = [self._finite[g.tag].values for g in self._errors]
        if (self._plain and not self._beside_loss()) or not all(map(len, values)):
            return False
        if min(each.min() for each in values) < -_ROUNDING:
            return False
        highest = [each.max() for each in values]
        if min(highest) > _PERCENT:
            counted = self._plain and _are_counts(values)
            return max(highest) <= 100.0 and not counted and self._agree(100.0)
        return max(highest) <= 1.0 + _ROUNDING and self._agree(1.0) and not self._denied(1.0)

    def is_percent(self) -> bool:
        """Tell whether they can be shares of wrong answers in per cent."""
        values = np.concatenate([self._finite[g.tag].values for g in self._errors])
        if not len(values) or values.min() < -_ROUNDING:
            return False
        inside = _TOLERATED < values.max() <= 100.0
        return inside and self._beside_loss() and self._agree(100.0) and not self._denied(100.0)

    def _beside_loss(self) -> bool:
        """Tell whether there is a loss on the same data, and none of what is rebuilt."""
        beside = {loss.split for loss in self._losses if not loss.part}
        rebuilt = any(_REBUILT.intersection(words(loss)) for loss in self._losses)
        return not rebuilt and any(g.split in beside for g in self._errors)

    def _agree(self, whole: float) -> bool:
        """Tell whether an accuracy on the same data, if there is one, is what they leave of 1."""
        for g in self._errors:
            wrong = self._finite[g.tag]
            same = (r for r in self._rights if r.split is g.split and r.twin == g.twin)
            rights = [self._finite[r.tag] for r in same]
            apart = [a for right in rights if (a := _apart(wrong, whole, right)) is not None]
            if apart and min(apart) > _APART:
                return False
        return True

    def _denied(self, whole: float) -> bool:
        """Tell whether a loss on the same data is lower than that of models so often wrong."""
        return any(
            _denies(self._finite[loss.tag].values, self._finite[g.tag].values / whole)
            for g in self._errors
            for loss in self._losses
            if loss.split is g.split and not loss.part
        )


def _are_counts(values: Sequence[Floats]) -> bool:
    """Tell whether errors take several values, all of them whole: they are mistakes, not a rate."""
    different = np.unique(np.concatenate(values))
    return len(different) > 1 and bool(np.all(different == np.round(different)))


def _apart(wrong: Series, whole: float, right: Series) -> float | None:
    """Return how far shares typically are from adding up to 1; ``None`` if never logged at once."""
    _, rows, others = np.intersect1d(wrong.steps, right.steps, return_indices=True)
    if not len(rows):
        return None
    sums = wrong.values[rows] / whole + right.values[others] / whole_of(right.values)
    return float(np.median(np.abs(sums - 1.0)))


def _denies(losses: Floats, errors: Floats) -> bool:
    """Tell whether a loss is lower than that of a model that is so often wrong.

    An error that is always 1 is none in per cent: it is computed wrongly, or of no answers at all.
    """
    if not len(losses) or losses.min() < 0.0 or errors.min() >= 1.0:
        return False
    return _end(losses) < _WRONG * _end(errors)


def _end(values: Floats) -> float:
    return float(np.mean(values[-max(round(_LATE * len(values)), 1) :]))
