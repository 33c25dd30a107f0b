"""The rule ``choice-untested``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.rule import StudyExample, option
from advisor.sweep import Search
from advisor.sweep.names import leaf
from advisor_rules import sources, symptoms
from advisor_rules.comparing import SearchRule, cite
from advisor_rules.trials import tried

_CHOICES = ("optimizer", "lr_schedule", "activation", "dropout", "gradient_clip")
"""Settings that the sources say to settle by comparison: canonical names, or last parts."""


class ChoiceUntested(SearchRule):
    """The search has stalled, and some choices were never compared.

    ## What it checks
    Studies of at least ``configurations`` configurations whose logs say when each run started:
    whether the best run came in the first half, so that the later half brought nothing better,
    and whether optimizer, schedule, activation, dropout or clipping are recorded with one value
    in all runs.

    ## Why it matters
    Which of these works best differs from problem to problem, and no source says it for yours.
    A comparison of two runs settles it, where further values of the same settings bring nothing.

    ## What to do
    Compare one such choice at a time with the best run, at the same number of steps.

    ## When to ignore it
    The choice is given: a pre-trained model, a published recipe to reproduce.
    """

    name = "choice-untested"
    symptoms = (symptoms.SEARCH_STALLED,)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(6, "Optimizers differ in speed and final quality: compare."),
        sources.wandb(7, "Compare several learning-rate schedules."),
        sources.bullettech(7, "Measure whether another activation helps."),
    )
    basis: ClassVar[str] = "the order of the runs and their settings, as recorded"
    texts: ClassVar[dict[str, str]] = {
        "title": "Compare a choice that was never varied",
        "observed": "The later half of the runs brought nothing better",
        "evidence": "The best of {runs:count run|runs}, {best:name}, was the {place:step}. in "
        "time; {names:names} had one value in all of them.",
        "do": "Repeat {best:name} with another value of {first:name}, and nothing else changed.",
        "why": "What was varied so far no longer helps; these choices may, and nobody knows "
        "before a comparison.",
        "check": "The two scores differ by more than two seeds of one configuration do.",
        "unless": "these choices are given.",
    }

    configurations: int = option(
        10,
        "fewest different configurations",
        source="chosen by eye: fewer runs have not stalled",
        ge=4,
    )

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return a stalled search, one that still gains, and one that compared its choices."""
        config = [{"lr": 0.1 * 0.7**i, "optimizer": "sgd"} for i in range(12)]
        stalled = [(0.8 - 0.01 * abs(i - 3), c) for i, c in enumerate(config)]
        gaining = [(0.5 + 0.03 * i, c) for i, c in enumerate(config)]
        both = [(s, {**c, "optimizer": ("sgd", "adam")[i % 2]}) for i, (s, c) in enumerate(stalled)]
        return (
            StudyExample("the fourth of twelve was best", tried(*stalled), fires=True),
            StudyExample("still gaining", tried(*gaining), fires=False),
            StudyExample("both optimizers tried", tried(*both), fires=False),
        )

    def look(self, search: Search) -> Iterator[Finding]:
        """Look for choices with one value where the search has stalled."""
        if search.weak or not search.ordered or search.configurations < self.configurations:
            return
        place = search.ordered.index(search.best)
        names = [n for n in search.constant if n in _CHOICES or leaf(n) in _CHOICES]
        if not names or place >= len(search.ordered) // 2:
            return
        names.sort(key=lambda n: _CHOICES.index(n if n in _CHOICES else leaf(n)))
        paths = tuple(search.best.tuned[n].path for n in names if n in search.best.tuned)
        if not paths:
            return
        yield self.finding(
            confidence=0.5,
            evidence=[cite(search, "runs after the best one", len(search.ordered) - place - 1)],
            runs=len(search.trials),
            best=search.best.name,
            place=place + 1,
            names=paths,
            first=paths[0],
        )
