"""The rule ``probe-batch-narrows-lr-range``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy.typing as npt

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Nature, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, of, shown, wandb
from advisor_probe.statistics import interval

USER, QUARTER, SIZE = of("batch-range", "user", "quarter", "size")


class ProbeBatchNarrowsLrRange(MeasuredRule):
    """Fewer learning rates go well with the batch in use than with a quarter of it.

    ## What it checks
    Twenty batches at eight rates around the user's, three seeds each, as they are and cut into
    quarters, which makes eighty steps on the same samples: over how many decades of rates does the
    loss fall by at least half of what it falls by at the best one. The rule fires where quarters go
    well over at least ``decades`` more, beyond seed noise (paired t, 95%).

    ## Why it matters
    The narrower the range, the sooner a rate that was good becomes one that diverges, and the more
    trials a search needs.

    ## What to do
    Find the rate anew whenever the batch size changes, with warm-up; or use smaller batches.

    ## When to ignore it
    The rate is tuned for this size of a batch, and warmed up.
    """

    name = "probe-batch-narrows-lr-range"
    stage = Stage.BATCH_SIZE
    severity = Severity.NOTE
    nature = Nature.OPTION
    requires = (USER, QUARTER, SIZE)
    symptoms = ("fewer learning rates are stable with large batches",)
    basis = "0.6: beyond seed noise in 20 batches, at rates half a decade apart."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(1, "Larger batches narrow the range of rates that converge stably."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Find the rate anew for this batch size",
        "observed": "{lost:number} decades of rates fewer go well",
        "evidence": "With batches of {size:step}, {user:number} decades of rates go well; in "
        "quarters, the same samples go well at {quarter:number}.",
        "do": "Search the rate in small steps and warm it up, or use smaller batches.",
        "why": "The larger the batches, the fewer the steps, and the larger each must be; the "
        "largest that is stable hardly grows.",
        "check": "Neighbouring rates give about the same result.",
        "unless": "the rate is tuned for this size of a batch.",
    }

    decades: float = option(
        1.0, "Fewest decades of rates that are lost.", source="twice the grid of the probe", gt=0
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a range that narrows, one that stays, and one within noise."""

        def example(title: str, user: list[float], *, fires: bool) -> Example:
            measured: dict[str, npt.ArrayLike] = {
                "user": user,
                "quarter": [3.0, 3.0, 3.0],
                "size": 512.0,
            }
            return shown(title, "batch-range", measured, fires=fires)

        return (
            example("narrower on each seed", [1.5, 1.5, 1.5], fires=True),
            example("as wide", [3.0, 2.5, 3.0], fires=False),
            example("within noise", [0.5, 3.0, 2.0], fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the widths seed by seed."""
        user, quarter = run[USER].values, run[QUARTER].values
        if len(user) != len(quarter):
            return
        lost = interval(quarter - user)
        if lost is not None and lost.mean >= self.decades and lost.low > 0:
            widths = [(run[key], float(run[key].values.mean())) for key in (USER, QUARTER)]
            yield self.finding(
                confidence=0.6,
                evidence=[cited(curve, "decades of rates", width) for curve, width in widths],
                lost=lost.mean,
                size=int(run[SIZE].values[-1]),
                user=widths[0][1],
                quarter=widths[1][1],
            )
