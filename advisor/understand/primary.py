"""Choosing the series that stands for each role.

Every choice is an order over the candidates that depends on names, numbers of points and, for
learning rates, on equal values, never on the order of the log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from advisor.roles import Kind, Split
from advisor.run import Series
from advisor.understand.context import is_plain, words
from advisor.understand.guess import Guess
from advisor.vocabulary.role_catalogue import AUXILIARY, PARTS, PREFERENCE, TOTALS

EPOCH_FORM = 10
"""Points from which the per-epoch form of a training loss is preferred to the per-step form.

Rules that compare training with validation want the same granularity; ten points are the
fewest that a trend with its noise can be read from (chosen, not measured). The other form stays
reachable among all series of the role, marked as ``twin``.
"""

Order = Callable[[Guess], tuple[Any, ...]]
Role = tuple[Split, Kind]
Candidates = dict[Role, list[Guess]]

_NEVER_GIVEN = 10**9


def choose(
    guesses: Iterable[Guess], series: Mapping[str, Series], favourite: str | None = None
) -> frozenset[str]:
    """Return the tags of the primary series, at most one for each role.

    ``favourite`` is the metric that the objective or the config names; it stands for its role.
    """
    candidates: Candidates = {}
    for g in guesses:
        if _eligible(g):
            candidates.setdefault((g.split, g.kind), []).append(g)
    chosen: dict[Role, Guess] = {}
    for role in sorted(candidates, key=_precedence):
        order = _order(role, candidates, chosen, series)
        chosen[role] = min(candidates[role], key=lambda g: (_first(g, favourite), order(g)))
    return frozenset(g.tag for g in chosen.values())


def _eligible(g: Guess) -> bool:
    if not g.points or g.kind in (Kind.OTHER, Kind.PROBE):
        return False
    if g.kind is Kind.METRIC:
        return g.direction is not None
    return g.kind is not Kind.GRADIENT_NORM or not (g.layer or g.canonical.endswith("_squared"))


def _precedence(role: Role) -> int:
    """Put the training loss and the validation metric first; others are chosen to go with them."""
    return 0 if role in ((Split.TRAIN, Kind.LOSS), (Split.VALIDATION, Kind.METRIC)) else 1


def _first(g: Guess, favourite: str | None) -> tuple[int, bool, bool]:
    """Put first what the settings name, then the objective, then curves before summaries."""
    return (_NEVER_GIVEN if g.given is None else g.given, g.tag != favourite, g.points < 2)


def _order(
    role: Role, candidates: Candidates, chosen: Mapping[Role, Guess], series: Mapping[str, Series]
) -> Order:
    split, kind = role
    if kind is Kind.LEARNING_RATE:
        return _rate_order(candidates[role], series)
    if role == (Split.TRAIN, Kind.LOSS):
        beside = candidates.get((Split.VALIDATION, Kind.LOSS), [])
        return _loss_order({g.quantity for g in beside})
    if kind is Kind.LOSS:
        return _sibling_order(chosen.get((Split.TRAIN, Kind.LOSS)), _loss_order(set()))
    if kind is Kind.METRIC and split is not Split.VALIDATION:
        order = _metric_order(candidates[role])
        return _sibling_order(chosen.get((Split.VALIDATION, Kind.METRIC)), order)
    return _metric_order(candidates[role]) if kind is Kind.METRIC else _plain_order


def _loss_order(beside: set[str]) -> Order:
    """Put the plain total first, else the likeliest part, preferably one that ``beside`` has."""

    def order(g: Guess) -> tuple[Any, ...]:
        auxiliary = bool(AUXILIARY & set(words(g)))
        part = min((PARTS.index(w) for w in words(g) if w in PARTS), default=len(PARTS))
        whole = TOTALS.index(g.canonical) if is_plain(g) else len(TOTALS)
        return (whole, auxiliary, g.quantity not in beside, part, *_plain_order(g))

    return order


def _sibling_order(sibling: Guess | None, order: Order) -> Order:
    """Put first what bears the name of the sibling on other data."""
    quantity = sibling.quantity if sibling else None
    return lambda g: (g.quantity != quantity, order(g))


def _metric_order(metrics: Iterable[Guess]) -> Order:
    """Put the metric that papers rank by first; the score of one class or head comes later."""
    among = one_of_many(metrics)

    def order(g: Guess) -> tuple[Any, ...]:
        known = g.canonical in PREFERENCE
        place = PREFERENCE.index(g.canonical) if known else len(PREFERENCE)
        return (g.canonical in among, place, *_plain_order(g))

    return order


def one_of_many(metrics: Iterable[Guess]) -> frozenset[str]:
    """Return the quantities that are logged for several classes or heads, but not overall.

    The overall series is the one whose name holds no word that the others lack: ``bbox/AP``
    among ``bbox/AP50`` and ``bbox/APs``.
    """
    extras: dict[str, set[frozenset[str]]] = {}
    for g in metrics:
        extras.setdefault(g.canonical, set()).add(frozenset(g.extra))
    return frozenset(
        quantity
        for quantity, named in extras.items()
        if frozenset.intersection(*named) not in named
    )


def _plain_order(g: Guess) -> tuple[Any, ...]:
    """Prefer the plain name, the better twin, a split in the name, the most points."""
    return (len(g.extra), _twin_rank(g), not g.named, -g.points, g.order)


def _twin_rank(g: Guess) -> int:
    """Rank the twins; a validation pass is one measurement, so its epoch form always leads."""
    if g.twin == "epoch":
        return 0 if g.points >= EPOCH_FORM or g.split is not Split.TRAIN else 2
    return 1


def _rate_order(rates: Iterable[Guess], series: Mapping[str, Series]) -> Order:
    """Of several parameter groups the rate that most of them share.

    YOLO's first group holds the biases, whose rate falls during a warm-up of its own.
    """
    values = {g.tag: series[g.tag].values.tobytes() for g in rates}
    shared = Counter(values.values())

    def order(g: Guess) -> tuple[Any, ...]:
        evaluated = g.named in (Split.VALIDATION, Split.TEST)
        names = tuple(word for word in g.extra if not word.isdigit())
        return (evaluated, len(names), -shared[values[g.tag]], -g.points, g.order)

    return order
