"""The rule ``telemetry-too-few-points``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.roles import Split
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling
from advisor_rules.signs.measure import stretch


class TelemetryTooFewPoints(Rule):
    """No loss and no metric has enough points for a curve to be read.

    ## What it checks
    Counts the finite values of every loss, metric and return. The rule fires if the longest
    of them has fewer than ``least``.

    ## Why it matters
    With so few points noise cannot be told from a trend, so most other rules stay silent.
    Their silence does not mean that the run is healthy.

    ## What to do
    Log more often: the training loss every few steps, validation several times a run.

    ## When to ignore it
    The run was stopped on purpose right after it began.
    """

    name = "telemetry-too-few-points"
    stage = Stage.TELEMETRY
    severity = Severity.NOTE
    uses = (
        "train/loss",
        "val/loss",
        "test/loss",
        "loss",
        "train/metric",
        "val/metric",
        "test/metric",
        "metric",
        "return",
        "train/return",
        "val/return",
    )
    symptoms = (symptoms.LOG_TOO_THIN,)
    separated_by = ("log train/loss every few steps",)
    basis = "The number of points is a fact."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(2, "Print the model's performance for each epoch."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Log the loss more often",
        "observed": "Longest series: {points:count point|points}",
        "evidence": "The longest loss or metric, {series:name}, has {points:count finite "
        "point|finite points} up to {axis:text} {last:step}.",
        "do": "Log the training loss at least {least:step} times a run, better every few steps, "
        "and validation once an epoch.",
        "why": "With so few points a trend cannot be told from noise.",
        "check": "The next log has {least:step} points or more, and the other rules run.",
        "unless": "the run was stopped on purpose right after it began.",
    }

    least: int = option(
        8,
        "Points from which a series counts as a curve.",
        source="the rules on the shape of a curve ask for 6 to 20 points",
        ge=2,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a log of three rows, and logs that are long enough."""
        loss = falling(30, seed=50)
        return (
            Example("three epochs", make_run(train_loss=loss[:3], val_loss=loss[:3]), fires=True),
            Example("thirty steps", make_run(train_loss=loss), fires=False),
            Example(
                "few validations beside a long training loss",
                make_run(train_loss=loss, val_loss=loss[:2]),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Count the points of every series that could be judged."""
        curves = [curve for curve in run.every("|".join(self.uses)) if len(curve)]
        if not curves:
            raise NotApplicable("no loss, metric or return with a finite value")
        longest = max(curves, key=lambda c: (len(c), c.role.split is Split.TRAIN, c.tag))
        points = len(longest)
        if points >= self.least:
            return
        first, last = int(longest.steps[0]), int(longest.steps[-1])
        yield self.finding(
            confidence=0.99,
            evidence=[stretch(longest, first, last, "finite points", float(points), self.least)],
            series=longest.tag,
            axis=longest.axis.value,
            points=points,
            last=last,
            least=self.least,
        )
