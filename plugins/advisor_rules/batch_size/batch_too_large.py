"""The rule ``batch-too-large``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.configured import LOSS, ConfiguredRule, change, shown
from advisor_rules.examples import falling, turning
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.given.batches import batch_of, nearest_power, samples_of

_SMALL = 64
"""Nothing up to here is called large, whatever the data: the guides start with it."""


class BatchTooLarge(ConfiguredRule):
    """The run overfits, and its batch is large.

    ## What it checks
    Where ``overfitting`` fires, looks at the recorded batch size. The rule fires if the batch is
    more than 64 and holds ``share`` of the recorded training samples, or, where their number is
    not recorded, if it is larger than ``largest``.

    ## Why it matters
    The noise of small batches leads a model out of saddle points and to solutions that
    generalize better. Large batches have less of it.

    ## What to do
    Try a quarter of the batch, or less where the root of the samples is less, with the rate
    tuned for it. The guides disagree on the size:
    2 to 32, 32 or 64, the square root of the number of samples, or tens of thousands at scale.

    ## When to ignore it
    The gap comes from elsewhere: one run does not tell. A run with a smaller batch does.
    """

    name = "batch-too-large"
    stage = Stage.BATCH_SIZE
    uses = (*roles_of(Overfitting),)
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.VALIDATION_WORSE,)
    separated_by = ("a run with a quarter of the batch, the rate tuned for it",)
    basis = "Half of that of the overfitting: from one run the batch is one cause among many."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(2, "Larger is not always better: noisy gradients may leave saddles."),
        sources.overview("Larger batches speed up training and may generalize less well."),
        sources.wandb(1, "Small batches generalize better and need less memory; 2 to 32 did best."),
        Citation(
            source="Keskar et al. (2017), On large-batch training for deep learning",
            supports="Batches of a tenth of the data generalize less well than small ones.",
            url="https://arxiv.org/abs/1609.04836",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Try a smaller batch, such as {smaller:step}",
        "observed": "Overfitting with a batch of {size:step}",
        "evidence": "{series:name} rose after {axis:text} {step:step}, with {path:name} at "
        "{size:step}.",
        "do": "Train once with a batch of {smaller:step}, the rate tuned for it, and compare the "
        "best validation.",
        "why": "Gradients from few samples are noisy, and that noise keeps a model from fitting "
        "what is particular to its training data.",
        "check": "The best {series:name} is lower than before, by more than seeds differ.",
        "unless": "the batch was compared with smaller ones before.",
    }

    share: float = option(
        0.1,
        "Share of the training samples that a large batch holds.",
        source="Keskar et al. (2017) call a tenth of the data large",
        gt=0,
        le=1,
    )
    largest: int = option(
        512,
        "The largest batch that is not called large where the number of samples is not recorded.",
        source="Keskar et al. (2017) call 32 to 512 the usual small batches",
        ge=_SMALL,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return overfitting with large batches and with small ones."""
        train, turned = falling(100, seed=403, floor=0.1), turning(100, seed=404)
        over, good = {"train/loss": train, "val/loss": turned}, {"train/loss": train}
        good |= {"val/loss": train}
        tenth = {"batch_size": 200, "num_samples": 2000}
        return (
            shown("overfits with a tenth of the data", over, tenth, fires=True),
            shown("overfits with a batch of 2048", over, {"batch_size": 2048}, fires=True),
            shown("overfits with a batch of 64", over, {"batch_size": 64}, fires=False),
            shown("does not overfit", good, {"batch_size": 2048}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for a large batch where the run overfits."""
        batch, samples = batch_of(run.settings), samples_of(run.settings)
        if batch is None:
            raise NotApplicable("the batch size is not recorded; add `batch_size` to the config")
        large = self.largest < batch.size if samples is None else self.share * samples <= batch.size
        over = first_finding(run, Overfitting) if large and batch.size > _SMALL else None
        if over is not None:
            smaller = _smaller(batch.size, samples)
            yield self.told(
                run,
                0.5 * over.confidence,
                change(run.settings, "batch_size", smaller, "down"),
                because=over,
                axis=run[LOSS].axis.value,
                step=over.evidence[0].first_step,
                path=batch.path,
                size=batch.size,
                smaller=smaller,
            )


def _smaller(size: int, samples: int | None) -> int:
    """Return a quarter, or the root of the samples if less, as ``batch-sqrt-data`` would say."""
    quarter = nearest_power(size / 4)
    return quarter if samples is None else min(quarter, nearest_power(math.sqrt(samples)))
