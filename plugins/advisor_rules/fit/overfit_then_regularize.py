"""The rule ``overfit-then-regularize``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import ClassVar, NamedTuple

from advisor.finding import Citation, Finding
from advisor.rule import Stage, StudyExample, option
from advisor.sweep import Factor, Search
from advisor_rules import sources, symptoms
from advisor_rules.comparing import SearchRule, cite, numbers, regularizes, set_to
from advisor_rules.signs.overfit_summary import end_level, overfitted
from advisor_rules.trials import losses


class _Pair(NamedTuple):
    """Two runs that differ in one regularizer only."""

    weak: float
    strong: float
    """Its two values."""
    training: float
    """How much higher the training loss ended with the stronger one, as a share."""
    worse: float
    """How much worse the score is with the stronger one, in the unit of the objective."""


class OverfitThenRegularize(SearchRule):
    """More regularization raised the training loss, and validation did not gain.

    ## What it checks
    Runs that differ in one regularizer only (dropout, weight decay, label smoothing): whether in
    all of at least ``pairs`` such pairs the training loss ended at least ``rise`` higher with the
    stronger one and the score was no better, and whether the runs with the weaker one did not
    overfit. Where several seeds were run, the mean loss of score must be beyond their noise.

    ## Why it matters
    Regularization gives up some training loss for validation loss. Where the model does not
    overfit yet there is nothing to gain: it only learns less.

    ## What to do
    Take a model that overfits first, larger or less regularized, and regularize that.

    ## When to ignore it
    The runs were short, and longer ones overfit.
    """

    name = "overfit-then-regularize"
    stage = Stage.FIT
    symptoms = (symptoms.REGULARIZED_TOO_SOON,)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(
            1, "First a model large enough to overfit, then regularization that trades training "
            "loss for validation loss."
        ),
    )  # fmt: skip
    basis: ClassVar[str] = "pairs of runs that differ in nothing else; higher with known seed noise"
    texts: ClassVar[dict[str, str]] = {
        "title": "Lower {path:name} until the model overfits",
        "observed": "Regularization costs more than it brings",
        "evidence": "In {count:count pair|pairs} of runs that differ in {path:name} only, the "
        "larger value ended with {training:percent} more training loss, and the score was never "
        "better.",
        "do": "Go back to {path:name} = {weak:rate} or less, enlarge the model until it overfits, "
        "and regularize then.",
        "why": "Regularization pays where a model overfits; before that it only slows learning.",
        "check": "With a larger model, the best {path:name} is above {weak:rate}.",
        "unless": "longer runs overfit.",
    }

    pairs: int = option(2, "fewest pairs", source="chosen by eye: one pair may be chance", ge=1)
    rise: float = option(
        0.05,
        "rise of the training loss that counts",
        source="chosen by eye: less is often noise of the last steps",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return regularization that only costs, that helps, and that tames overfitting."""
        drops = (0.0, 0.2, 0.4)
        costs = [(0.5 + 0.5 * d, 0.8 + 0.5 * d, {"dropout": d}) for d in drops]
        helps = [(0.5 + 0.5 * d, 0.8 - 0.5 * d, {"dropout": d}) for d in drops]
        return (
            StudyExample("both losses rise", losses(costs), fires=True),
            StudyExample("validation gains", losses(helps), fires=False),
            StudyExample("the runs overfit", losses(costs, turn=0.3), fires=False),
            StudyExample("a single pair", losses(costs[:2]), fires=False),
        )

    def look(self, search: Search) -> Iterator[Finding]:
        """Look at the regularizers by name; the first finding stands for all."""
        for factor in numbers(search) if not search.weak else ():
            pairs = _pairs(search, factor) if regularizes(factor.name) else []
            if len(pairs) >= self.pairs and self._only_costs(search, pairs):
                yield self._found(search, factor, pairs)
                return

    def _only_costs(self, search: Search, pairs: list[_Pair]) -> bool:
        costs = all(pair.training >= self.rise and pair.worse >= 0 for pair in pairs)
        mean = sum(pair.worse for pair in pairs) / len(pairs)
        return costs and search.clear(mean, len(pairs), len(pairs)) is not False

    def _found(self, search: Search, factor: Factor, pairs: list[_Pair]) -> Finding:
        training = min(pair.training for pair in pairs)
        weak, strong = min(p.weak for p in pairs), max(p.strong for p in pairs)
        return self.finding(
            confidence=0.6 if search.noise else 0.4,
            evidence=[cite(search, "rise of the training loss", training, self.rise)],
            changes=[set_to(factor, strong, weak, "down")],
            path=factor.path,
            count=len(pairs),
            training=training,
            weak=weak,
        )


def _pairs(search: Search, factor: Factor) -> list[_Pair]:
    """Return the pairs of runs that differ in a regularizer only, unless the weaker overfits."""
    found = []
    for rows in search.slices(factor):
        levels = sorted((factor.numbers[factor.index[row]], int(row)) for row in rows)
        for (weak, one), (strong, other) in combinations(levels, 2):
            pair = _pair(search, (weak, one), (strong, other)) if strong > weak else None
            if pair is not None:
                found.append(pair)
    return found


def _pair(search: Search, weak: tuple[float, int], strong: tuple[float, int]) -> _Pair | None:
    first, second = search.trials[weak[1]], search.trials[strong[1]]
    before, after = end_level(first.run, "train/loss"), end_level(second.run, "train/loss")
    if before is None or after is None or before <= 0 or overfitted(first.run):
        return None
    return _Pair(weak[0], strong[0], after / before - 1.0, second.cost - first.cost)
