"""The rule ``batch-too-small-noise``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.curve.trend import Trend
from advisor.finding import Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, Nature, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.configured import change
from advisor_rules.examples import falling
from advisor_rules.given.batches import accumulates, batch_of
from advisor_rules.signs.measure import certainty, ratio, stretch
from advisor_rules.signs.seen_batch import seen_batch

_FACTOR = 4
"""Batches so many times as large scatter half as much."""
_CLEARLY = 4
"""Standard errors by which a loss must have fallen (chosen by eye)."""
_PER_EPOCH = 4
"""Points an epoch from which a training loss counts as logged along the way (chosen by eye)."""


class BatchTooSmallNoise(Rule):
    """Updates from one or two samples make the loss scatter: a larger batch is worth trying.

    ## What it checks
    Where no more than ``largest`` samples are recorded as all that an update sees, or the training
    accuracies of single batches, not known to be accumulated, are shares of so few, takes the
    training loss as logged along the epochs, removes its trend, and compares the scatter of one
    point with all that the loss gained. The rule fires if that is ``scatter`` or more, if
    neighbouring points scatter independently of each other, as batches do, and if the loss has
    clearly fallen. A loss that is logged once an epoch does not show the scatter of batches, and is
    not judged. Nor is a run whose batch size is larger or not known: the losses of single batches
    scatter in most sound runs, and larger batches gain nothing there.

    ## Why it matters
    A gradient from few samples points only roughly downhill. The loss jumps about, and it is
    hard to see whether a change of settings helped. But the same noise helps a model out of
    saddle points, and small batches often generalize better: this is an option, not a fault.

    ## What to do
    Try a batch four times as large, or accumulate gradients over four; find the learning rate
    again.

    ## When to ignore it
    Validation is smooth and good: then the scatter is only in the display.
    """

    name = "batch-too-small-noise"
    stage = Stage.BATCH_SIZE
    severity = Severity.NOTE
    nature = Nature.OPTION
    requires = ("train/loss",)
    uses = ("val/loss", "val/metric", "train/metric")
    points = 1
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.LOSS_UNSTEADY,)
    separated_by = ("the same run with a batch four times as large, by its scatter",)
    basis = "0.5 to 0.7 with the scatter: a rate that is too high or hard samples look alike."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(
            2,
            "A curve that fluctuates too much may come from a small batch; but noise also helps "
            "out of saddle points, so the batch size is tuned.",
        ),
        sources.wandb(1, "Small batches generalize better and take less memory."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Try a batch size of {size:step}",
        "observed": "Loss scatters by {share:percent} of its fall",
        "evidence": "{series:name} scattered by {noise:number} from point to point between "
        "{axis:text} {first:step} and {last:step}, {share:percent} of all that it fell.",
        "evidence.seen": "{series:name} scattered by {noise:number} from point to point between "
        "{axis:text} {first:step} and {last:step}, {share:percent} of all that it fell, and "
        "every share of right answers in training is one of a batch of {batch:step}.",
        "do": "Try a batch four times as large, or accumulate gradients over four batches, and "
        "find the learning rate again.",
        "why": "The mean of four times as many samples scatters half as much, so the gradient "
        "points downhill more often. Small batches have their own merit: keep what validates "
        "better.",
        "check": "The scatter of {series:name} falls to about {half:number}.",
        "unless": "validation is smooth and good; then only the display is noisy.",
    }

    scatter: float = option(
        0.05,
        "Smallest scatter of one point about the trend, as a share of all that was gained.",
        source="measured on small trainings of 33 data sets and models: of 59 with a batch of two "
        "that lose by it 28 scatter so and record their batch",
        gt=0,
    )
    memory: float = option(
        0.4,
        "Largest correlation of neighbouring points about the trend.",
        source="chosen by eye; batches are drawn independently, swings are not",
        gt=0,
        lt=1,
    )
    least: int = option(
        100, "The fewest points of the training loss.", source="chosen by eye", ge=20
    )
    largest: int = option(
        2,
        "Most samples in a batch to be called small.",
        source="measured on the same trainings, whose other batches hold 8 and more: where these "
        "scattered by 15 % and more, 136 logs were of healthy runs, and none of a run with too "
        "small a batch",
        ge=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return noisy steps, calm steps, usual batches, and a loss logged once an epoch."""
        noisy, val = falling(2000, seed=90, size=0.5), falling(20, seed=91)
        config, halves = {"batch_size": 2, "epochs": 20}, np.tile([0.5, 1.0, 0.5, 0.0], 500)
        return (
            Example(
                "noisy steps",
                make_run(train_loss=noisy, val_loss=val, config=config),
                fires=True,
            ),
            Example(
                "noisy steps, and accuracies of two samples",
                make_run(train_loss=noisy, train_accuracy=halves, val_loss=val),
                fires=True,
            ),
            Example(
                "noisy steps, and accuracies of four samples",
                make_run(train_loss=noisy, train_accuracy=halves / 2, val_loss=val),
                fires=False,
            ),
            Example(
                "calm steps",
                make_run(train_loss=falling(2000, seed=92), config=config),
                fires=False,
            ),
            Example(
                "noisy steps of 32 samples",
                make_run(train_loss=noisy, val_loss=val, config=config | {"batch_size": 32}),
                fires=False,
            ),
            Example(
                "a noisy loss, once an epoch",
                make_run(train_loss=noisy[::10], val_loss=falling(200, seed=93), config=config),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the training loss in its finest form."""
        batch = batch_of(run.settings)
        seen = seen_batch(run) if batch is None and not accumulates(run.settings) else 0
        if batch is None and not seen:
            raise NotApplicable("the batch size is not recorded; add `batch_size` to the config")
        size = seen if batch is None else batch.size
        if size > self.largest or (batch is not None and not batch.whole):
            return
        curve = self._per_step(run)
        share = ratio(curve.noise, curve.trend.gain)
        if share >= self.scatter and _learned(curve.trend) and abs(_memory(curve)) <= self.memory:
            yield self._found(run, curve, _FACTOR * size, share, seen)

    def _per_step(self, run: RunView) -> Curve:
        """Return a training loss that was logged along the epochs; raise if there is none."""
        epochs = [len(c) for c in run.every("val/loss|val/metric") if len(c) >= 2]
        recorded = run.settings.number("epochs")
        if recorded is not None and recorded >= 1:
            epochs.append(round(recorded))
        for curve in run.every("train/loss"):
            finer = bool(epochs) and len(curve) >= _PER_EPOCH * max(epochs)
            stands = curve.role.primary or curve.role.twin == "step"
            if stands and len(curve) >= self.least and (finer or curve.role.twin == "step"):
                return curve
        raise NotApplicable(
            "no training loss is known to be logged step by step; log it every few steps, apart "
            "from its mean over the epoch"
        )

    def _found(self, run: RunView, curve: Curve, larger: int, share: float, seen: int) -> Finding:
        first, last = int(curve.steps[0]), int(curve.steps[-1])
        evidence = stretch(curve, first, last, "scatter against all gained", share, self.scatter)
        return self.finding(
            confidence=certainty(share / self.scatter, 0.5, 0.7),
            evidence=[evidence],
            changes=(change(run.settings, "batch_size", larger, "up"),),
            variants={"evidence": "seen"} if seen else {},
            series=curve.tag,
            axis=curve.axis.value,
            batch=seen,
            first=first,
            last=last,
            noise=curve.noise,
            half=curve.noise / 2,
            share=share,
            size=larger,
        )


def _learned(trend: Trend) -> bool:
    """Tell whether a loss has clearly fallen."""
    start, end = trend.level(0.0, 0.05), trend.tail()
    return start.value - end.value >= _CLEARLY * max(start.error, end.error)


def _memory(curve: Curve) -> float:
    """Return the correlation of neighbouring points about the trend, -1 to 1.

    Clipped at three standard deviations, so that no outlier decides.
    """
    trend = curve.trend
    rest = curve.sign * curve.values - np.interp(curve.steps, trend.steps, trend.smooth)
    if curve.noise == 0:
        return 1.0
    clipped = np.clip(rest / curve.noise, -3.0, 3.0)
    power = float(clipped @ clipped)
    return float(clipped[1:] @ clipped[:-1]) / power if power > 0 else 1.0
