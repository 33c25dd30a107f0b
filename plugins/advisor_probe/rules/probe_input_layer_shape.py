"""The rule ``probe-input-layer-shape``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, of, shown, wandb

STILL, COLUMNS, SAMPLES = of("inputs", "still", "columns", "samples")


class ProbeInputLayerShape(MeasuredRule):
    """Many columns of the inputs never vary, so the first layer has weights for nothing.

    ## What it checks
    The share of columns whose value is the same in all samples of eight batches, for tables. The
    rule fires above ``share``; the black border of flattened images stays below it.

    ## Why it matters
    A column that never varies tells nothing. Where there are many, a join went wrong, padding
    got into the features, or one category was never seen.

    ## What to do
    Look at the columns, and drop those that do not vary in the training data.

    ## When to ignore it
    The columns vary in data that the eight batches do not show.
    """

    name = "probe-input-layer-shape"
    stage = Stage.PROGRAM
    severity = Severity.NOTE
    requires = (STILL, COLUMNS, SAMPLES)
    symptoms = ("the layers do not fit the data",)
    basis = "0.7: rare features look the same in a small sample."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(1, "One input for each feature; choose the features with care."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Look at the input columns that never vary",
        "observed": "{share:percent} of the input columns never vary",
        "evidence": "Over {samples:count sample|samples}, {share:percent} of {columns:count "
        "column|columns} hold one and the same value.",
        "do": "Drop them, or find out why they are empty.",
        "why": "What never varies tells nothing apart.",
        "check": "The probe finds columns that vary.",
        "unless": "they vary in data that were not looked at.",
    }

    share: float = option(
        0.4,
        "Share of columns that never vary from which on it is told.",
        source="chosen by eye: flattened images of digits have up to 20%",
        gt=0,
        lt=1,
    )
    fewest: int = option(64, "Samples needed to judge.", source="chosen by eye", ge=2)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a table that is mostly empty, flattened digits, and too few samples."""
        table = {"still": 0.6, "columns": 40.0, "samples": 256.0}
        return (
            shown("mostly empty", "inputs", table, fires=True),
            shown("digits", "inputs", {**table, "still": 0.05}, fires=False),
            shown("few samples", "inputs", {**table, "samples": 16.0}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the share of columns with the threshold."""
        share, samples = float(run[STILL].values[-1]), float(run[SAMPLES].values[-1])
        if share > self.share and samples >= self.fewest:
            yield self.finding(
                confidence=0.7,
                evidence=[cited(run[STILL], "columns that never vary", share, self.share)],
                share=min(share, 1.0),
                samples=int(samples),
                columns=int(run[COLUMNS].values[-1]),
            )
