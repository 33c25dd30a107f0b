"""The rule ``seed-ensemble``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.roles import Task
from advisor.rule import NotApplicable, Stage, StudyExample, option
from advisor.sweep import Search, Trial
from advisor_rules import sources, symptoms
from advisor_rules.comparing import SearchRule, cite
from advisor_rules.trials import tried

_TASKS = (Task.CLASSIFICATION, Task.REGRESSION)
"""What predictions can be averaged of without further thought."""


class SeedEnsemble(SearchRule):
    """Several seeds of a good configuration were trained: their predictions can be averaged.

    ## What it checks
    Classification and regression: whether a configuration was trained with at least ``seeds``
    recorded seeds, and whether its mean score is no worse than the best run beyond the noise
    between seeds.

    ## Why it matters
    Models that differ in their seed make different mistakes. The mean of their predictions makes
    fewer than each of them, often by a few per cent, at no further training.

    ## What to do
    Average the predictions (probabilities, not labels) of these runs on the validation data.

    ## When to ignore it
    Predicting several times is too slow, or only one model can be shipped.
    """

    name = "seed-ensemble"
    stage = Stage.AVERAGING
    symptoms = (symptoms.SEEDS_UNUSED,)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(6, "Average models that differ only in their seed."),
        sources.notes("Averaging the predictions of independent models gains about 2%."),
    )
    basis: ClassVar[str] = "the runs are there; what averaging them gains has to be measured"
    texts: ClassVar[dict[str, str]] = {
        "title": "Average the predictions of {count:count seed|seeds}",
        "observed": "Several seeds of a good configuration exist",
        "evidence": "{count:count run|runs} differ in their seed only ({names:names}); their mean "
        "score of {mean:number} is as good as the best run's {best:number}, within the noise "
        "between seeds.",
        "do": "Average the predicted probabilities or values of these runs on the validation data.",
        "why": "Models of different seeds make different mistakes, which average out.",
        "check": "The averaged predictions score higher than the best of the runs alone.",
        "unless": "predicting {count:step} times is too slow.",
    }

    seeds: int = option(
        3, "fewest seeds of one configuration", source="chosen by eye: two average out little", ge=2
    )

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return seeds of the best configuration, of a worse one, and a single seed."""
        labels = {"num_classes": 10}
        best = [(0.80 + 0.01 * i, {"lr": 0.1, "seed": i, **labels}) for i in range(3)]
        worse = [(0.50 + 0.01 * i, {"lr": 0.1, "seed": i, **labels}) for i in range(3)]
        other = [(s, {"lr": r, "seed": 0, **labels}) for s, r in ((0.7, 0.01), (0.75, 1.0))]
        single = [(0.7, {"lr": 10.0**-i, "seed": 0, **labels}) for i in range(4)]
        return (
            StudyExample("three seeds of the best", tried(*best, *other), fires=True),
            StudyExample("three seeds of a worse one", tried(*worse, *other), fires=False),
            StudyExample("one seed", tried(*single), fires=False),
        )

    def look(self, search: Search) -> Iterator[Finding]:
        """Look for the best configuration with several seeds."""
        if search.best.run.understanding.task not in _TASKS:
            raise NotApplicable("predictions of this task are not averaged as they are")
        groups = [g for g in search.seeds if len(g) >= self.seeds]
        if not groups:
            raise NotApplicable("no configuration was trained with several recorded seeds")
        if search.weak:
            return
        group = min(groups, key=lambda g: (_mean(g), g[0].name))
        behind = _mean(group) - search.best.cost
        if search.clear(behind, len(group)) is not False:
            return
        sign = -1.0 if search.direction == "max" else 1.0
        yield self.finding(
            confidence=0.6,
            evidence=[cite(search, "mean score of the seeds", sign * _mean(group))],
            count=len(group),
            names=tuple(sorted(trial.name for trial in group)),
            mean=sign * _mean(group),
            best=sign * search.best.cost,
        )


def _mean(group: tuple[Trial, ...]) -> float:
    return math.fsum(trial.cost for trial in group) / len(group)
