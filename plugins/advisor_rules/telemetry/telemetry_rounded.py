"""The rule ``telemetry-rounded``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Citation, Finding
from advisor.hyperparameters import as_number
from advisor.notes import Note, NoteKind, note
from advisor.rule import ADVICE_PARTS, Example, option
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules.examples import falling
from advisor_rules.log_notes import LOSSES, SLOPES, LogRule, whole
from advisor_rules.signs.no_rate import fell_all_the_same, zero_rate

_DISTINCT, _FINEST = 5, 1e6
"""So many levels make a grid; a grid finer than so many steps is that of the numbers themselves."""


class TelemetryRounded(LogRule):
    """Values are rounded so coarsely that small changes do not show.

    ## What it checks
    Whether ``ties`` of neighbouring values in the second half of a loss are equal, and it is
    rounded: the reader knows it of the logger, or all values are multiples of one step. And
    whether every logged learning rate is 0, in three points or more to the end of the run, although
    the training loss fell by ten times what single values scatter.

    ## Why it matters
    A change below the rounding cannot be seen: a loss looks flat that still falls, a small
    learning rate looks like none.

    ## What to do
    Log the value as it is, and round when showing it.

    ## When to ignore it
    What still changes below the rounding does not matter to you.
    """

    name = "telemetry-rounded"
    undermines = (*SLOPES, "batch-too-small-noise")
    citations: ClassVar[tuple[Citation, ...]] = (
        Citation(
            source="Hugging Face Transformers, Trainer",
            supports="The training loss is rounded to four decimals before it is logged.",
            url="https://huggingface.co/docs/transformers/main_classes/trainer",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Log values without rounding them",
        "observed": "Values are rounded too coarsely",
        "evidence": "{share:percent} of neighbouring values of {series:name} are equal in the "
        "second half: it is rounded to steps of {grid:number}.",
        "title.zero": "Log the learning rate that is used",
        "observed.zero": "The logged learning rate is not the one used",
        "evidence.zero": "{series:name} is 0 at all {points:count point|points}, and {loss:name} "
        "fell: the rate is rounded, or logged before the schedule sets it.",
        "evidence.other": "{series:name} is 0 at all {points:count point|points}, {path:name} is "
        "{given:rate}, and {loss:name} fell: the rate that is logged is not the one used.",
        "do.zero": "Log the rate that the optimizer holds when it steps, with all its digits: "
        "`optimizer.param_groups[0]['lr']`.",
        "why.zero": "What a rate did decides what a plateau means, and this log does not tell.",
        "check.zero": "{series:name} is above 0 in the next log.",
        "unless.zero": "the series is of weights that are frozen.",
        "do": "Log the value as it is, with six significant digits or more.",
        "why": "A change below the rounding does not show: what still falls looks flat.",
        "check": "Neighbouring values of the next log differ.",
        "unless": "changes that small do not matter.",
    }

    ties: float = option(
        0.5, "Share of equal neighbours in the second half.", source="chosen by eye", gt=0, le=1
    )
    least: int = option(20, "The fewest points.", source="chosen by eye", ge=5)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return losses that are rounded coarsely, finely, and not at all."""
        loss = falling(200, seed=207, floor=0.005, size=1e-4)
        fine = note(NoteKind.ROUNDED, digits=6)
        return (
            Example("two decimals", make_run(train_loss=loss.round(2)), fires=True),
            Example(
                "six decimals, as the logger does",
                make_run(train_loss=loss.round(6), notes=(fine,)),
                fires=False,
            ),
            Example("a loss that stands still", make_run(train_loss=np.full(200, 0.7)), False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for losses whose neighbours are equal, and for a rate that is 0 throughout."""
        for curve in run.every("|".join(LOSSES)):
            if len(curve) >= self.least:
                yield from self._coarse(curve, run.notes(NoteKind.ROUNDED))
        yield from self._zero_rate(run)

    def _coarse(self, curve: Curve, notes: Sequence[Note]) -> Iterator[Finding]:
        share = float(np.mean(np.diff(curve.values[len(curve) // 2 :]) == 0))
        grid = _noted(curve, notes) or _grid(curve.values)
        if grid is not None and share >= self.ties:
            yield self.fact(
                [whole(curve, "share of equal neighbours", share, self.ties)],
                series=curve.tag,
                share=share,
                grid=grid,
            )

    def _zero_rate(self, run: RunView) -> Iterator[Finding]:
        rate, given = zero_rate(run), run.settings.number("learning_rate")
        if rate is None or not fell_all_the_same(run["train/loss"]):
            return
        yield self.fact(
            [whole(rate, "highest rate", 0.0)],
            variants=dict.fromkeys(ADVICE_PARTS, "zero") | ({"evidence": "other"} if given else {}),
            series=rate.tag,
            points=len(rate),
            loss=run["train/loss"].tag,
            path=run.settings.path("learning_rate"),
            given=given,
        )


def _noted(curve: Curve, notes: Iterable[Note]) -> float | None:
    """Return the step to which a logger is known to round a curve."""
    for noted in notes:
        digits = as_number(noted.params.get("digits"))
        if digits is not None and (not noted.series or curve.tag in noted.series):
            return float(10.0**-digits)
    return None


def _grid(values: Floats) -> float | None:
    """Return the step of which all values are multiples; ``None`` if there is none."""
    levels = np.unique(values)
    if len(levels) < _DISTINCT:
        return None
    step = float(np.diff(levels).min())
    largest = float(np.abs(levels).max())
    if step <= 0 or largest > _FINEST * step:
        return None
    # The smallest gap carries the rounding of two numbers; the span of many gaps does not.
    step = float(levels[-1] - levels[0]) / round(float(levels[-1] - levels[0]) / step)
    places = levels / step
    return step if float(np.abs(places - places.round()).max()) < 0.01 else None
