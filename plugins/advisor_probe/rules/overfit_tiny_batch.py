"""The rule ``overfit-tiny-batch``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, notes, of, own, shown

LOSS, GUESS, RATIO, SAMPLES = of("overfit", "loss", "guess", "ratio", "samples")


class OverfitTinyBatch(MeasuredRule):
    """The model cannot learn even a handful of samples by heart.

    ## What it checks
    The loss on sixteen training samples (fewer, but two, where each holds several predictions of
    a class) after a hundred steps of Adam without dropout, at the best of five rates from 3e-4 to
    3e-2, against the loss of guessing. So neither the user's rate nor regularization nor a lack
    of data can be the reason. The rule fires above ``floor`` of guessing, and is an error above
    ``nothing``.

    ## Why it matters
    A model that cannot fit sixteen samples will fit no more of them. Either gradients do not reach
    the weights, the loss has a floor of its own, or the model is far too small.

    ## What to do
    Check that inputs and targets belong together, that the loss can reach zero, that outputs are
    not squashed, and that every layer gets a gradient; then try a larger model.

    ## When to ignore it
    Equal inputs bear different targets, or the loss cannot reach zero by design.
    """

    name = "overfit-tiny-batch"
    stage = Stage.PROGRAM
    severity = Severity.ERROR
    requires = (LOSS, GUESS, RATIO, SAMPLES)
    symptoms = ("the model learns nothing",)
    separated_by = ("the same with a larger model", "the floor of the loss function")
    basis = "0.8: a floor of 5% separated broken programs from healthy ones, on other data too."
    citations: ClassVar[tuple[Citation, ...]] = (
        notes("First of all overfit a handful of examples, without regularization, to about 0."),
        own("Healthy nets get to 0.07% of guessing (99th percentile), broken ones stay over 45%."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Find out why a few samples cannot be learned",
        "observed": "{samples:count sample|samples}: {ratio:percent} of guessing remains",
        "evidence": "After {steps:count step|steps} on {samples:count sample|samples}, at the best "
        "of five rates, the loss is {loss:number}; guessing costs {guess:number}.",
        "do": "Check the pairs of inputs and targets, the floor of the loss, and that every layer "
        "gets a gradient; then try a larger model.",
        "why": "A few samples can be learned by heart by nearly any model whose program is right.",
        "check": "The probe gets the loss of these samples to about zero.",
        "unless": "equal inputs bear different targets, or the loss cannot reach zero.",
    }

    floor: float = option(
        0.05,
        "Share of the loss of guessing that may remain.",
        source="our measurement: healthy 7e-4 (99th percentile); recall 100% and 3% false on "
        "other data",
        gt=0,
        lt=1,
    )
    nothing: float = option(
        0.4,
        "Share from which on it is an error.",
        source="our measurement: programs with a squashed output stay at 0.45 to 0.64",
        gt=0,
        le=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return samples that are not learned, ones that are in part, and ones that are."""
        return (
            _fitted([2.3, 1.6, 1.5, 1.46], 2.303, fires=True),
            _fitted([2.3, 1.0, 0.6, 0.4], 2.303, fires=True),
            _fitted([2.3, 0.4, 0.02, 0.001], 2.303, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare what remains with the loss of guessing."""
        ratio, guess = float(run[RATIO].values[-1]), float(run[GUESS].values[-1])
        if ratio > self.floor:
            yield self.finding(
                confidence=0.9 if ratio > self.nothing else 0.7,
                severity=Severity.ERROR if ratio > self.nothing else Severity.WARNING,
                evidence=[cited(run[LOSS], "share of the loss of guessing", ratio, self.floor)],
                samples=int(run[SAMPLES].values[-1]),
                steps=len(run[LOSS]),
                ratio=min(ratio, 1e6),
                loss=float(run[LOSS].values[-1]),
                guess=guess,
            )


def _fitted(losses: list[float], guess: float, *, fires: bool) -> Example:
    ratio = losses[-1] / guess
    measured = {"loss": losses, "guess": [guess], "ratio": [ratio], "samples": [16.0]}
    return shown(f"{ratio:.1%} of guessing remains", "overfit", measured, fires=fires)
