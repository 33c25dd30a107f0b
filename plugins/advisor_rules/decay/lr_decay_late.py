"""The rule ``lr-decay-late``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.rule import NotApplicable, Stage, StudyExample, option
from advisor.sweep import Design, Search
from advisor.sweep.names import is_model
from advisor_rules import sources, symptoms
from advisor_rules.comparing import SearchRule, cite
from advisor_rules.trials import grid, tried


class LrDecayLate(SearchRule):
    """Schedules of the learning rate were compared before the rest was settled.

    ## What it checks
    Runs whose log says when they started, in that order: whether the schedule was changed, and
    after that the base rate, the batch size or the model at least ``changes`` times. Grids and
    random draws, which vary all of them on purpose, are left alone.

    ## Why it matters
    Which schedule is best depends on the base rate and on the length of the training. A
    comparison made before these are settled has to be made again.

    ## What to do
    Keep the rate constant until the rest is settled, and compare schedules last.

    ## When to ignore it
    The schedule belongs to the recipe, and was not up for comparison.
    """

    name = "lr-decay-late"
    stage = Stage.DECAY
    symptoms = (symptoms.DECAY_FIRST,)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(7, "Start with a constant rate, and add a schedule when the rest is tuned."),
        sources.bullettech(3, "The parameters of the decay come last."),
    )
    basis: ClassVar[str] = "the order of the runs and their settings, as recorded"
    texts: ClassVar[dict[str, str]] = {
        "title": "Compare schedules again now that the rest is settled",
        "observed": "The schedule was compared first",
        "evidence": "{path:name} was changed first; after that, {names:names} changed in "
        "{count:count step|steps} from run to run.",
        "do": "Repeat {best:name}, the best run, with each schedule, and nothing else changed.",
        "why": "Which schedule is best depends on the base rate and the model; it was chosen for "
        "other ones.",
        "check": "The schedules differ by more than two seeds of one of them do.",
        "unless": "the schedule was never up for comparison.",
    }

    changes: int = option(
        2, "fewest later changes of the rest", source="chosen by eye: one may be a check", ge=1
    )

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return schedules compared first, compared last, and varied in a grid."""
        plans = ("cosine", "step", "step", "step", "step")
        rates = (0.1, 0.1, 0.03, 0.01, 0.003)
        first = [
            (0.5 + 0.05 * i, {"lr": r, "scheduler": p})
            for i, (r, p) in enumerate(zip(rates, plans, strict=True))
        ]
        last = [
            (0.5 + 0.05 * i, {"lr": r, "scheduler": p})
            for i, (r, p) in enumerate(zip(rates[::-1], plans[::-1], strict=True))
        ]
        laid_out = {(r, p): 0.5 + r for r in (0.1, 0.01, 0.001) for p in ("cosine", "step")}
        return (
            StudyExample("the schedule first", tried(*first), fires=True),
            StudyExample("the schedule last", tried(*last), fires=False),
            StudyExample("a grid", grid("lr", "scheduler", laid_out), fires=False),
        )

    def look(self, search: Search) -> Iterator[Finding]:
        """Look at what changed after the schedule did."""
        schedule = search.factor("lr_schedule")
        laid_out = search.design in (Design.GRID, Design.RANDOM)
        if schedule is None:
            raise NotApplicable("the schedule of the learning rate did not vary between the runs")
        if not search.ordered or laid_out:
            return
        changed = ["lr_schedule" in step for step in search.changes]
        if True not in changed:
            return
        # The last comparison of schedules counts: one that was made again is settled.
        last = len(changed) - 1 - changed[::-1].index(True)
        later = [base for step in search.changes[last + 1 :] if (base := _base(step))]
        if len(later) < self.changes:
            return
        names = dict.fromkeys(name for step in later for name in step)
        yield self.finding(
            confidence=0.5,
            evidence=[cite(search, "changes after the schedule was compared", len(later))],
            path=schedule.path,
            names=tuple(names),
            count=len(later),
            best=search.best.name,
        )


def _base(step: tuple[str, ...]) -> tuple[str, ...]:
    """Return what changed of that which a schedule depends on."""
    return tuple(n for n in step if n in ("learning_rate", "batch_size") or is_model(n))
