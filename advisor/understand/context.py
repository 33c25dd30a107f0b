"""What the tags of a run say about one another: splits that are not named, twins, parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache

from advisor.roles import Kind, Split
from advisor.understand.guess import Guess
from advisor.understand.words import Twin
from advisor.vocabulary.role_catalogue import AUXILIARY, ERRORS, HELD_OUT, TOTALS

Guesses = tuple[Guess, ...]


@lru_cache(maxsize=64)  # the runs of a study are alike
def in_context(guesses: Guesses) -> Guesses:
    """Settle what a tag alone cannot say. Series without points take no part in it."""
    steps: tuple[Callable[[Guesses], Guesses], ...] = (
        _totals,
        _errors_as_losses,
        _losses_without_split,
        _metrics_without_split,
        _test_as_validation,
        _returns,
        _twins,
        _parts,
        _layers,
    )
    for step in steps:
        guesses = step(guesses)
    return guesses


def _each(guesses: Guesses, change: Callable[[Guess], Guess]) -> Guesses:
    return tuple(g if g.given is not None else change(g) for g in guesses)


def _curves(guesses: Guesses, *kinds: Kind) -> list[Guess]:
    return [g for g in guesses if g.points and g.kind in kinds]


def _totals(guesses: Guesses) -> Guesses:
    """Take a total beside losses, none of which is the whole, for their sum."""
    losses: dict[Split, list[Guess]] = {}
    for g in _curves(guesses, Kind.LOSS):
        losses.setdefault(g.named, []).append(g)

    def change(g: Guess) -> Guess:
        parts = losses.get(g.named, ())
        if g.canonical != "total" or len(parts) < 2 or any(map(is_plain, parts)):
            return g
        how = "a total, beside its parts"
        return replace(g, kind=Kind.LOSS, split=g.named, canonical="loss", direction="min", how=how)

    return _each(guesses, change)


def _errors_as_losses(guesses: Guesses) -> Guesses:
    """In a run that logs no loss, an error such as the MSE is the loss."""
    if _curves(guesses, Kind.LOSS):
        return guesses
    logged = {g.canonical for g in _curves(guesses, Kind.METRIC)}
    chosen = next((error for error in ERRORS if error in logged), None)

    def change(g: Guess) -> Guess:
        if g.kind is not Kind.METRIC or g.canonical != chosen:
            return g
        return replace(g, kind=Kind.LOSS, how="an error, and no loss is logged")

    return _each(guesses, change)


def _losses_without_split(guesses: Guesses) -> Guesses:
    losses = _curves(guesses, Kind.LOSS)
    if any(g.named in (Split.VALIDATION, Split.TEST) for g in losses):
        how = "a loss without a split, beside one on other data"
    elif len(losses) == 1:
        how = "the only loss"
    else:
        how = "a loss without a split"

    def change(g: Guess) -> Guess:
        if g.kind is not Kind.LOSS or g.split:
            return g
        return replace(g, split=Split.TRAIN, how=how)

    return _each(guesses, change)


def _metrics_without_split(guesses: Guesses) -> Guesses:
    named = {(g.named, g.quantity) for g in _curves(guesses, Kind.METRIC)}
    curves = _curves(guesses, Kind.METRIC, Kind.LOSS)
    # fastai's and YOLO's habit: what names training data stands beside what needs no such name.
    habit = {Split.TRAIN, Split.VALIDATION} <= {g.named for g in curves}

    def change(g: Guess) -> Guess:
        if g.kind is not Kind.METRIC or g.split:
            return g
        split, how = _of_metric(g, named, habit)
        return replace(g, split=split, how=how)

    return _each(guesses, change)


def _of_metric(g: Guess, named: set[tuple[Split, str]], habit: bool) -> tuple[Split, str]:
    if (Split.VALIDATION, g.quantity) in named or (Split.TEST, g.quantity) in named:
        return Split.TRAIN, "no split, beside the same metric on other data"
    if (Split.TRAIN, g.quantity) in named:
        return Split.VALIDATION, "no split, beside the same metric on training data"
    if g.canonical in HELD_OUT:
        return Split.VALIDATION, "a metric that is computed on held-out data only"
    if habit:
        return Split.VALIDATION, "no split, where training data are named"
    return Split.TRAIN, "a metric without a split"


def _test_as_validation(guesses: Guesses) -> Guesses:
    """Where no validation data are logged, test data logged along the way serve as such."""
    judged = _curves(guesses, Kind.LOSS, Kind.METRIC)
    curves = [g for g in judged if g.split is Split.TEST and g.points > 1]
    if not curves or any(g.split is Split.VALIDATION for g in judged):
        return guesses

    def change(g: Guess) -> Guess:
        if g.split is not Split.TEST:
            return g
        return replace(g, split=Split.VALIDATION, how=TEST_STANDS_IN)

    return _each(guesses, change)


TEST_STANDS_IN = "test data, used as validation: no validation data are logged"


def _returns(guesses: Guesses) -> Guesses:
    """Where only an evaluation's return is logged, it is the return."""
    if any(not g.split for g in _curves(guesses, Kind.RETURN)):
        return guesses

    def change(g: Guess) -> Guess:
        if g.kind is not Kind.RETURN:
            return g
        return replace(g, split=Split.NONE, how="the only return")

    return _each(guesses, change)


def _twins(guesses: Guesses) -> Guesses:
    forms: dict[tuple[object, ...], set[Twin]] = {}
    for g in _curves(guesses, Kind.LOSS, Kind.METRIC):
        forms.setdefault(_twin_key(g), set()).add(g.form)
    return tuple(replace(g, twin=_twin(g, forms)) for g in guesses)


def _twin(g: Guess, forms: dict[tuple[object, ...], set[Twin]]) -> Twin:
    beside = forms.get(_twin_key(g), set())
    if len(beside) < 2:
        return ""
    # A plain tag is the other one of whatever form stands beside it.
    return g.form or ("step" if "epoch" in beside else "epoch")


def _twin_key(g: Guess) -> tuple[object, ...]:
    return g.kind, g.split, g.quantity


def _parts(guesses: Guesses) -> Guesses:
    """Flag the losses that are terms of a sum."""
    logged: dict[Split, set[str]] = {}
    for g in _curves(guesses, Kind.LOSS):
        logged.setdefault(g.split, set()).add(g.quantity)
    return tuple(
        replace(g, part=True) if g.kind is Kind.LOSS and _is_part(g, logged) else g for g in guesses
    )


def _is_part(g: Guess, logged: Mapping[Split, set[str]]) -> bool:
    """Another validation set is no part: its name does not come back among the training losses."""
    if is_plain(g) or len(logged.get(g.split, ())) < 2:
        return False
    trained = logged.get(Split.TRAIN, set())
    return g.split is Split.TRAIN or g.quantity in trained or bool(AUXILIARY & set(words(g)))


def is_plain(g: Guess) -> bool:
    """Tell whether a loss is the loss itself, not one of a kind or of a part of the model."""
    return g.canonical in TOTALS and not g.extra


def words(g: Guess) -> tuple[str, ...]:
    """Return what qualifies a loss, its kind included."""
    return (*g.extra, *g.canonical.split("_"))


def _layers(guesses: Guesses) -> Guesses:
    """Several norms that differ in what stands before the name belong to parts of the model."""
    norms = [g for g in _curves(guesses, Kind.GRADIENT_NORM) if not g.layer]
    if len({g.extra for g in norms}) < 2:
        return guesses
    return _each(guesses, _with_layer)


def _with_layer(g: Guess) -> Guess:
    if g.kind is not Kind.GRADIENT_NORM or g.layer:
        return g
    return replace(g, layer="/".join(g.extra))
