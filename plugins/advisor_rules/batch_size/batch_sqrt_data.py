"""The rule ``batch-sqrt-data``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.configured import ConfiguredRule, change, shown
from advisor_rules.examples import falling
from advisor_rules.given.batches import (
    Batch,
    Samples,
    accumulates,
    batch_of,
    counted_samples,
    nearest_power,
)
from advisor_rules.signs.measure import certainty
from advisor_rules.signs.seen_batch import seen_epoch

_COMMON = (4, 64)
"""Batch sizes that the other guides recommend: 2 to 32, and 32 or 64 to start. Measured on small
trainings of 33 data sets and models: of 80 logs of a batch of two, ten times below the root and
more, 72 are of runs that lose by it, and none is of one that is known to be as good."""

_UPDATES = "{updates:count update|updates} in an epoch, of {size:step}"


class BatchSqrtData(ConfiguredRule):
    """The batch size is far from the square root of the number of samples.

    ## What it checks
    Compares the recorded batch size with the square root of the recorded number of training
    samples. The rule fires if they differ by more than ``times`` and the batch is not one of the 4
    to 64 that the other guides recommend (one begins at 2), or if a batch of 1 to 3 is more than
    ``below`` times smaller. A small batch counts only where it is all that one update sees: not
    where it is that of one device, or gradients are accumulated. Where the number of samples is not
    recorded, it is counted: a validation for each recorded epoch shows the updates between two of
    them. Where no batch is recorded either, batches of one or two are seen by the accuracies of
    training: those of single batches are 0, a half or 1, and those of epochs are shares of the
    updates, or of twice as many.

    ## Why it matters
    The square root balances the number of updates in an epoch against the noise of each. A
    batch far beyond it leaves few updates, one far below it makes each of them noisy.

    ## What to do
    Try a batch near the square root. The guides disagree: others start at 32 or 64 whatever the
    data, or find 2 to 32 best. It is a setting to tune; the rate has to be tuned with it.

    ## When to ignore it
    The batch was chosen by comparison, or for throughput, with the rate scaled to it.
    """

    name = "batch-sqrt-data"
    stage = Stage.BATCH_SIZE
    uses = ("val/loss", "val/metric", "train/metric")
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.LANGUAGE_MODEL})
    symptoms = (symptoms.BATCH_UNUSUAL,)
    # Another batch is proposed already.
    silences = ("batch-too-small-noise",)
    separated_by = ("runs at a few batch sizes, the rate tuned for each",)
    basis = "0.5 to 0.65, growing with the distance: a rule of thumb, and the guides disagree."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(
            2, "As a rule of thumb, about the square root of the number of samples."
        ),
        sources.overview("32 or 64 to start; larger batches may generalize less well."),
        sources.wandb(1, "2 to 32 did best; start low unless at massive scale."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Try a batch size near {near:step}",
        "observed": "Batch of {size:step} for {samples:step} samples",
        "evidence": "{path:name} is {size:step} for {samples:step} samples, whose square root is "
        "{root:number}; {series:name} was trained so.",
        "observed.counted": _UPDATES,
        "evidence.counted": "{path:name} is {size:step}, and {updates:count update|updates} made "
        "an epoch: of some {samples:step} samples, whose square root is {root:number}.",
        "observed.seen": _UPDATES,
        "evidence.seen": "{path:name} takes no values but those of batches of {size:step}, and "
        "{updates:count update|updates} made an epoch: of some {samples:step} samples, whose "
        "square root is {root:number}.",
        "do": "Train once with a batch of {near:step}, the rate tuned for it, and compare. (Other "
        "guides begin at 32 or 64 whatever the data.)",
        "why": "Few samples for each update make it noisy; many leave few updates in an epoch.",
        "check": "Validation at equal compute is better by more than seeds differ.",
        "unless": "the batch was chosen by comparison, or for throughput with a scaled rate.",
    }

    times: float = option(
        10.0,
        "How many times above or below the square root the batch must be.",
        source="chosen by eye: a rule of thumb is not wrong by less than a factor of ten",
        gt=1,
    )
    below: float = option(
        4.0,
        "How many times below the square root a batch of 1 to 3 must be.",
        source="measured on small trainings of 57 data sets and models: all 6 trainings with a "
        "batch of two, 4 to 10 times below the root, lose by it",
        gt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a batch of half the data, and batches that are usual."""
        loss = {"train/loss": falling(60, seed=401)}
        data = {"num_samples": 2000}
        return (
            shown("half of the data", loss, {**data, "batch_size": 1024}, fires=True),
            shown("one sample", loss, {**data, "batch_size": 1}, fires=True),
            shown("two of 150", loss, {"num_samples": 150, "batch_size": 2}, fires=True),
            shown("two of 50", loss, {"num_samples": 50, "batch_size": 2}, fires=False),
            shown("a batch of four", loss, {**data, "batch_size": 4}, fires=False),
            shown("near the root", loss, {**data, "batch_size": 128}, fires=False),
            shown("samples not recorded", loss, {"batch_size": 1024}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the batch size against the square root of the number of samples."""
        batch, samples, variant = _known(run)
        if batch is None or samples is None:
            raise NotApplicable(
                "the batch size and the number of training samples are not both recorded; add "
                "`batch_size` and `num_samples` to the config"
            )
        root = math.sqrt(samples.number)
        small = batch.size < min(_COMMON[0], root)
        off = max(batch.size / root, root / batch.size) / (self.below if small else self.times)
        common = _COMMON[0] <= batch.size <= _COMMON[1]
        sure = batch.size > root or batch.whole
        if off >= 1 and not common and sure:
            yield self._found(run, batch, samples, off, variant)

    def _found(
        self, run: RunView, batch: Batch, samples: Samples, off: float, variant: str
    ) -> Finding:
        root = math.sqrt(samples.number)
        near = nearest_power(root)
        moved = change(run.settings, "batch_size", near, "down" if batch.size > root else "up")
        return self.told(
            run,
            certainty(off, 0.5, 0.65),
            moved,
            variant=variant,
            path=batch.path,
            size=batch.size,
            samples=samples.number,
            updates=samples.updates,
            root=root,
            near=near,
        )


def _known(run: RunView) -> tuple[Batch | None, Samples | None, str]:
    """Return the size of the batches, the number of samples, and which texts say how it is known.

    As recorded, or else as the accuracies of training show them.
    """
    batch = batch_of(run.settings)
    if batch is not None:
        samples = counted_samples(run, batch)
        return batch, samples, "counted" if samples is not None and samples.updates else ""
    seen = None if accumulates(run.settings) else seen_epoch(run)
    if seen is None:
        return None, None, ""
    counted = Samples(seen.size * seen.updates, seen.updates)
    return Batch(seen.size, seen.accuracy.tag, whole=True), counted, "seen"
