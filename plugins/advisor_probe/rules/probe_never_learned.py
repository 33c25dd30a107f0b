"""The rule ``probe-never-learned``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, notes, of, own, shown

LOSS_Z, RIGHT_Z, SAMPLES = of("generalization", "loss_z", "right_z", "samples")
MIDDLE, GAIN = of("rates", "middle", "gain")
HURTS = 1.5
"""Times the loss of the best rate from which on the user's own keeps the model from learning."""


class ProbeNeverLearned(MeasuredRule):
    """The inputs tell nothing about the targets: shuffled pairs teach the model as much.

    ## What it checks
    In three folds, a model trained for 120 steps on true pairs of inputs and targets, and one on
    pairs shuffled within each batch, both judged on held-out samples; and where that shows
    nothing, anew for 480 steps. The rule fires where neither the losses nor, for classes, the
    share that is right differ beyond chance then.

    ## Why it matters
    Where inputs and targets are mixed up, or the inputs do not hold what is asked for, no setting
    helps.

    ## What to do
    Look at twenty pairs by eye. Check that inputs and targets are shuffled and filtered together,
    and that preparation leaves something of the inputs.

    ## When to ignore it
    The task is so hard, or the learning rate so far off, that 480 steps show nothing.
    """

    name = "probe-never-learned"
    stage = Stage.PROGRAM
    severity = Severity.WARNING
    requires = (LOSS_Z, RIGHT_Z, SAMPLES)
    uses = (MIDDLE, GAIN)
    symptoms = ("the model learns nothing",)
    separated_by = ("a longer training", "looking at twenty pairs")
    basis = "0.75: all 51 shuffled sets were found, 1 of 204 sound ones was called so."
    citations: ClassVar[tuple[Citation, ...]] = (
        notes("Look for a program that learns nothing before tuning anything."),
        own("Cross-fitting over three folds keeps imbalance and label noise from setting it off."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Check that inputs and targets belong together",
        "observed": "Shuffled pairs teach the model as much",
        "evidence": "On {samples:count held-out sample|held-out samples}, models trained on true "
        "pairs are {z:number} standard errors better than models trained on shuffled ones.",
        "do": "Look at twenty pairs of the training loader by eye, after all preparation.",
        "why": "What a model learns about samples that it has not seen can only come from true "
        "pairs.",
        "check": "The probe finds true pairs to be better by more than five standard errors.",
        "unless": "the task needs far more than 480 steps to show anything.",
    }

    loss_z: float = option(
        5.0,
        "Standard errors by which the losses must differ.",
        source="our measurement (chosen after seeing the data): healthy 7.6 at the first "
        "percentile, shuffled 4.2 at the 95th",
        gt=0,
    )
    right_z: float = option(
        3.0,
        "Standard errors by which the share that is right must differ.",
        source="our measurement (chosen after seeing the data)",
        gt=0,
    )
    fewest: int = option(60, "Samples needed to judge.", source="our measurement", ge=10)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return shuffled pairs, true ones, and a rate at which nothing could be learned."""
        shuffled = {"loss_z": [0.4], "right_z": [-0.2], "samples": [768.0]}
        return (
            shown("shuffled", "generalization", shuffled, fires=True),
            shown("true", "generalization", {**shuffled, "loss_z": [14.0]}, fires=False),
            shown("few", "generalization", {**shuffled, "samples": [30.0]}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the differences with what chance gives."""
        loss_z, right_z = float(run[LOSS_Z].values[-1]), float(run[RIGHT_Z].values[-1])
        samples = int(run[SAMPLES].values[-1])
        if samples < self.fewest:
            raise NotApplicable("too few samples: {n:step}", n=samples)
        off = abs(self.value(run, MIDDLE) or 0.0) > 1
        if off and (self.value(run, GAIN) or 0.0) > HURTS:
            raise NotApplicable("the learning rate is too far off for anything to be learned")
        if loss_z < self.loss_z and right_z < self.right_z:
            yield self.finding(
                confidence=0.75,
                evidence=[cited(run[LOSS_Z], "standard errors", loss_z, self.loss_z)],
                samples=samples,
                z=loss_z,
            )
