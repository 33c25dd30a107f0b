"""The rule ``telemetry-no-learning-rate``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.hyperparameters import canonical
from advisor.rule import Example
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources
from advisor_rules.examples import falling
from advisor_rules.log_notes import LogRule, whole

_CURVE = "train/loss|val/loss|train/metric|val/metric"


class TelemetryNoLearningRate(LogRule):
    """Neither the log nor the settings tell the learning rate.

    ## What it checks
    Whether any series holds a learning rate, or any setting bears its name.

    ## Why it matters
    The learning rate matters more than any other setting. Without it nobody can say whether
    a plateau came from its decay, or by how much to change it.

    ## What to do
    Log it at every step at which the loss is logged.

    ## When to ignore it
    The optimizer has no learning rate.
    """

    name = "telemetry-no-learning-rate"
    requires = (_CURVE,)
    uses = ("lr",)
    points = 5
    undermines = ("stage:learning-rate", "stage:decay", "weight-averaging")
    doubt = 0.05
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(3, "The learning rate is the first thing to tune."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Log the learning rate",
        "observed": "The learning rate is not known",
        "evidence": "No series and no setting tells the learning rate at which {series:name} was "
        "reached.",
        "do": "Log the learning rate wherever the loss is logged, and record the initial one.",
        "why": "Without it nobody can say whether a plateau came from its decay, or how far to "
        "change it.",
        "check": "The next report names the learning rate.",
        "unless": "the optimizer has none.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return runs whose learning rate is unknown, logged and recorded."""
        loss = falling(200, seed=208)
        return (
            Example("no rate", make_run(train_loss=loss), fires=True),
            Example("a logged rate", make_run(train_loss=loss, lr=loss * 1e-3), fires=False),
            Example("a setting", make_run(train_loss=loss, config={"lr0": 0.01}), fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for the rate among the series, then among the settings."""
        if run.every("lr") or any(map(_is_rate, run.settings.recorded)):
            return
        curve = run[_CURVE]
        evidence = [whole(curve, "points without a rate", float(len(curve)))]
        yield self.fact(evidence, series=curve.tag)


def _is_rate(path: str) -> bool:
    """Tell whether a setting is a learning rate, also one of several that disagree."""
    return canonical(path) == "learning_rate"
