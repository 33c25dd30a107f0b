"""The rule ``features-that-do-not-generalize``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage, option
from advisor.run import Floats
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, of, shown, wandb
from advisor_probe.statistics import interval

TRAIN, HELD, BY_BATCH = of("features", "train_by_seed", "held_by_seed", "held_by_batch")
TRAIN_LOSS, HELD_LOSS = of("features", "train_loss", "held_loss")
SEEDS = 5
"""Models that the probe trains."""


class FeaturesThatDoNotGeneralize(MeasuredRule):
    """A column of the inputs helps in training and harms beyond it.

    ## What it checks
    Five seeds trained on a table; then each column in turn is set to its mean, so that it tells
    nothing, and the losses are taken again. The rule fires for a column whose absence raises the
    training loss by at least ``least``, and lowers the held-out one by at least as much: both
    beyond the noise of seeds, and the latter beyond that of the held-out batches too (t, 95%,
    corrected for the number of columns).

    ## Why it matters
    A pattern that holds in training only, such as that of an id or of a leak, is learned instead of
    those that last.

    ## What to do
    Look at what the column is and when it is known; train without it, and compare.

    ## When to ignore it
    The held-out data are another kind of data on purpose.
    """

    name = "features-that-do-not-generalize"
    stage = Stage.PROGRAM
    severity = Severity.WARNING
    requires = (TRAIN, HELD, BY_BATCH, TRAIN_LOSS, HELD_LOSS)
    symptoms = ("an input holds a pattern that does not last",)
    basis = "0.8: harm beyond the noise of seeds and of held-out batches, corrected for columns."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(1, "Choose features with care; drop those whose patterns hold in training only."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Train without column {column:step}",
        "observed": "Column {column:step} helps only in training",
        "evidence": "With column {column:step} (from 0) at its mean the training loss rises by "
        "{train:number}, and the held-out loss falls by {held:number}.",
        "do": "Look at what column {column:step} holds and when it is known, and train without it.",
        "why": "What is learned from it does not hold for other data.",
        "check": "The held-out loss is lower without the column.",
        "unless": "the held-out data are of another kind on purpose.",
    }

    least: float = option(
        0.05, "Smallest share of the loss that counts.", source="chosen by eye", gt=0, lt=1
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a column that harms, one that helps, and one that harms by chance."""
        helps = [0.40, 0.42, 0.38, 0.41, 0.39]

        def example(
            title: str, seeds: list[float], batches: list[float], *, fires: bool
        ) -> Example:
            measured: dict[str, npt.ArrayLike] = {
                "train_by_seed": [*helps, *helps],
                "held_by_seed": [*helps, *seeds],
                "held_by_batch": [*[0.4, 0.41, 0.42, 0.39], *batches],
                "train_loss": 0.2,
                "held_loss": 1.0,
            }
            return shown(title, "features", measured, fires=fires)

        harm = [-x for x in helps]
        return (
            example("a leak in training", harm, [-0.4, -0.41, -0.39, -0.4], fires=True),
            example("both columns help", helps, [0.4, 0.41, 0.39, 0.4], fires=False),
            example("harm in one batch only", harm, [-1.6, 0.1, 0.0, 0.1], fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at each column."""
        by_seed = [run[key].effective.values for key in (TRAIN, HELD)]
        columns = len(by_seed[0]) // SEEDS
        if not columns or len(by_seed[1]) != columns * SEEDS:
            return
        train, held = (values.reshape(columns, SEEDS) for values in by_seed)
        batches = run[BY_BATCH].effective.values
        rows = np.array_split(batches, columns)
        # The means first: few columns are left then, whose intervals are worth their time.
        for column in map(int, np.flatnonzero((_mean(train) > 0) & (_mean(held) < 0))):
            if self._harms(run, train[column], held[column], rows[column], columns):
                yield self._told(
                    run, column, float(train[column].mean()), float(held[column].mean())
                )

    def _harms(
        self, run: RunView, train: Floats, held: Floats, batches: Floats, columns: int
    ) -> bool:
        """Tell whether a column helps in training and harms beyond it."""
        lost = interval(train, columns)
        won = interval(-held, columns), interval(-batches, columns)
        least = [self.least * abs(self.value(run, key) or 0.0) for key in (TRAIN_LOSS, HELD_LOSS)]
        helps = lost is not None and lost.low > least[0]
        return helps and all(one is not None and one.low > least[1] for one in won)

    def _told(self, run: RunView, column: int, train: float, held: float) -> Finding:
        return self.finding(
            confidence=0.8,
            evidence=[
                cited(run[TRAIN], f"rise of the loss without column {column}", train),
                cited(run[HELD], f"rise of the loss without column {column}", held),
            ],
            column=column,
            train=train,
            held=-held,
        )


def _mean(values: Floats) -> Floats:
    """Return the mean of each row; NaN where infinities of both signs meet."""
    with np.errstate(invalid="ignore"):
        return np.asarray(values.mean(axis=1), np.float64)
