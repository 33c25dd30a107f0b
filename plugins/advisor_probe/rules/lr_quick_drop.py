"""The rule ``lr-quick-drop``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Nature, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, notes, of

HUGE = 1e6
"""What a loss that is not finite counts as."""

RATES, END, START = of("rates", "rate", "end", "start")


class LrQuickDrop(MeasuredRule):
    """Another rate drops the loss at once, where the user's hardly does.

    ## What it checks
    Fifty steps at thirteen rates around the user's. The rule fires where the best of them takes
    ``quick`` off the first loss, and the user's rate less than ``slow`` of that.

    ## Why it matters
    A rate that shows nothing within a hundred steps costs an epoch for each look at it.

    ## What to do
    Start the search at the rate that drops the loss at once, then compare over full trainings.

    ## When to ignore it
    The model is fine-tuned, or a warm-up leads to the rate. Short trainings favour high rates.
    """

    name = "lr-quick-drop"
    stage = Stage.LEARNING_RATE
    severity = Severity.NOTE
    nature = Nature.OPTION
    requires = (RATES, END, START)
    symptoms = ("the learning rate is unusual",)
    basis = "0.5: what is quick is not yet best."
    citations: ClassVar[tuple[Citation, ...]] = (
        notes("Pick a rate that drops the loss significantly within about 100 iterations."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Start the search where the loss drops at once",
        "observed": "The loss hardly drops within 50 steps",
        "evidence": "Fifty steps at {rate:rate} take {own:percent} off the first loss, at "
        "{best:rate} {drop:percent}.",
        "do": "Begin a search at about {best:rate}, and compare over your own number of steps.",
        "why": "At a rate that moves the loss at once, each trial is short.",
        "check": "A hundred steps show a clear drop.",
        "unless": "the model starts from trained weights.",
    }

    quick: float = option(
        0.3, "Share of the first loss that is a clear drop.", source="chosen by eye", gt=0, lt=1
    )
    slow: float = option(
        0.1, "Share of that drop that is hardly one.", source="chosen by eye", gt=0, lt=1
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a rate at which nothing moves, and rates at which the loss drops."""
        return (
            _tried("nothing moves", [2.3, 2.29, 2.28, 1.0, 0.4], fires=True),
            _tried("it drops", [2.3, 1.9, 1.4, 1.0, 0.9], fires=False),
            _tried("no rate drops it", [2.3, 2.3, 2.29, 2.25, 2.2], fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the drop at the user's rate with the best one."""
        rates, ends, start = run[RATES], run[END], float(run[START].values[-1])
        if start < 1e-9 or len(rates) != len(ends):
            return
        drops = 1 - ends.values.clip(-HUGE, HUGE) / start
        own, best = float(drops[len(drops) // 2]), int(drops.argmax())
        if drops[best] >= self.quick and own < self.slow * drops[best]:
            yield self.finding(
                confidence=0.5,
                evidence=[cited(ends, "share of the first loss that is gone", own, self.quick)],
                rate=float(rates.values[len(rates) // 2]),
                best=float(rates.values[best]),
                own=max(own, -1e6),
                drop=float(drops[best]),
            )


def _tried(title: str, ends: list[float], *, fires: bool) -> Example:
    rates = [10.0 ** (place - len(ends)) for place in range(len(ends))]
    return Example(title, make_run(series={RATES: rates, END: ends, START: [2.3]}), fires)
