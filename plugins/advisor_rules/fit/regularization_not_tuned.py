"""The rule ``regularization-not-tuned``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.rule import NotApplicable, Stage, StudyExample, option
from advisor.sweep import Search
from advisor_rules import sources, symptoms
from advisor_rules.comparing import SearchRule, cited, regularizes, written
from advisor_rules.signs.overfit_summary import overfitted
from advisor_rules.trials import losses


class RegularizationNotTuned(SearchRule):
    """Most runs overfit, and all of them have one and the same regularization.

    ## What it checks
    Studies of at least ``runs`` configurations: whether in at least ``share`` of the runs the
    validation loss rose well above its minimum while the training loss went on falling, and
    whether dropout, weight decay or label smoothing are recorded with one value in all runs,
    while other settings were varied.

    ## Why it matters
    How much regularization a model needs depends on its size and on the data. It is a setting to
    search like any other, and the one that acts on the symptom that these runs share.

    ## What to do
    Try several values of it with the best run: dropout from 0.1 to 0.5, weight decay in ten-fold
    steps.

    ## When to ignore it
    Training stops at the best validation loss, and the gap does not matter.
    """

    name = "regularization-not-tuned"
    stage = Stage.FIT
    symptoms = (symptoms.REGULARIZATION_FIXED,)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("Where validation lags behind, raise the regularization."),
        sources.wandb(5, "Dropout is a rate to tune, from 0.1 to 0.5, in the earlier layers."),
    )
    basis: ClassVar[str] = "how many of the runs overfit"
    texts: ClassVar[dict[str, str]] = {
        "title": "Search {name:name}, which all runs share",
        "observed": "Most runs overfit with one regularization",
        "evidence": "{count:step} of {runs:count run|runs} overfit; all have {settings:text}, "
        "while {varied:names} varied.",
        "do": "Repeat {best:name}, the best run, with two or three other values of {name:name}, "
        "larger ones first.",
        "why": "How much regularization is right depends on the model and the data; other settings "
        "act on overfitting only by the way.",
        "check": "The validation loss turns later, and its minimum is lower.",
        "unless": "training stops at the best validation loss anyway.",
    }

    runs: int = option(4, "fewest configurations", source="chosen by eye", ge=3)
    share: float = option(
        0.67,
        "share of the runs that overfit",
        source="chosen by eye: a symptom of the study and not of one run",
        gt=0,
        le=1,
    )

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return overfitted runs with one dropout, with several, and runs that do not overfit."""
        fixed = [(0.05, 1.0 + 0.1 * i, {"lr": 10.0**-i, "dropout": 0.1}) for i in range(1, 6)]
        moved = [(t, v, {**c, "dropout": 0.1 * i}) for i, (t, v, c) in enumerate(fixed)]
        bare = [(t, v, {"lr": c["lr"]}) for t, v, c in fixed]
        return (
            StudyExample("one dropout in all", losses(fixed, turn=0.3), fires=True),
            StudyExample("several", losses(moved, turn=0.3), fires=False),
            StudyExample("no overfitting", losses(fixed), fires=False),
            StudyExample("not recorded", losses(bare, turn=0.3), fires=False),
        )

    def look(self, search: Search) -> Iterator[Finding]:
        """Count the runs that overfit; look for regularization that never changed."""
        fixed = sorted(n for n in search.constant if regularizes(n))
        varied = [factor.path for factor in search.factors]
        if any(regularizes(f.name) for f in search.factors):
            return
        if not fixed:
            raise NotApplicable("no dropout, weight decay or label smoothing is recorded")
        if search.configurations < self.runs or not varied:
            raise NotApplicable("too few configurations were tried")
        over = [trial for trial in search.trials if overfitted(trial.run)]
        if len(over) < self.share * len(search.trials):
            return
        role = over[0].run.understanding.primary("val/loss")
        share = len(over) / len(search.trials)
        series = role.series if role else search.role.series
        yield self.finding(
            confidence=0.6,
            evidence=[cited(over[0].run, series, "share of runs that overfit", share, self.share)],
            name=fixed[0],
            settings=", ".join(f"{n} {written(search.constant[n])}" for n in fixed),
            varied=tuple(varied),
            count=len(over),
            runs=len(search.trials),
            best=search.best.name,
        )
