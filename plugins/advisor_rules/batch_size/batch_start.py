"""The rule ``batch-start``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.configured import ConfiguredRule, change, shown
from advisor_rules.examples import falling
from advisor_rules.given.batches import batch_of, counted_samples

_START = 32


class BatchStart(ConfiguredRule):
    """The batch size is one that hardly anybody starts with.

    ## What it checks
    Fires on a recorded batch of fewer than ``smallest`` samples that are all that one update sees,
    and on one of more than ``largest``. Where the number of samples is known too,
    ``batch-sqrt-data`` judges instead.

    ## Why it matters
    A single sample makes each update as noisy as can be, and uses little of the hardware. Very
    large batches pay at very large scale only.

    ## What to do
    Start with 32 or 64, as far as memory allows, and tune it like any other setting.

    ## When to ignore it
    No more samples fit, or they differ in size; or the run is at a scale where tens of thousands
    serve well, and the rate was scaled with the batch.
    """

    name = "batch-start"
    stage = Stage.BATCH_SIZE
    uses = ("val/loss", "val/metric")
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.LANGUAGE_MODEL})
    symptoms = (symptoms.BATCH_UNUSUAL,)
    # Another batch is proposed already.
    silences = ("batch-too-small-noise",)
    separated_by = ("a run with a batch of 32",)
    basis = "0.5: an unusual value is no mistake by itself."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.overview("32 or 64 is a common start, as resources allow."),
        sources.bullettech(2, "The batch size can be tuned like any other setting."),
        sources.wandb(1, "2 to 32 did best; tens of thousands serve at scale."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Start with a batch size of {start:step}",
        "observed": "A batch size of {size:step}",
        "evidence": "{path:name} is {size:step}, and {series:name} was trained so for "
        "{count:count point|points}; 32 or 64 is where most runs start.",
        "do": "Train once with a batch of {start:step}, the rate tuned for it, and compare at "
        "equal compute.",
        "do.small": "Train once with a batch of {start:step}; where memory is short, accumulate "
        "gradients over several steps.",
        "why": "Very large batches leave few updates and narrow the range of rates that work.",
        "why.small": "The gradient of so few samples points only roughly downhill.",
        "check": "Validation at equal compute is better by more than seeds differ.",
        "unless": "the size was compared with others, or the scale of the run calls for it.",
        "unless.small": "no more samples fit, or they differ in size.",
    }

    smallest: int = option(
        2,
        "The smallest batch that is not pointed out.",
        source="chosen by eye: for volumes and for detection two samples are usual",
        ge=1,
    )
    largest: int = option(
        4096,
        "The largest batch that is not pointed out.",
        source="chosen by eye: 64 times the 64 to start with; large-batch recipes for images stay "
        "below",
        ge=64,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return unusual batches, and usual ones."""
        loss = {"train/loss": falling(60, seed=402)}
        return (
            shown("a single sample", loss, {"batch_size": 1}, fires=True),
            shown("ten thousand", loss, {"batch_size": 10_000}, fires=True),
            shown("one sample, accumulated", loss, {"bs": 1, "accumulate": 16}, fires=False),
            shown("a batch of 2", loss, {"batch_size": 2}, fires=False),
            shown("one of one device", loss, {"per_device_batch_size": 1}, fires=False),
            shown("a batch of 64", loss, {"batch_size": 64}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for very few samples, or very many."""
        batch = batch_of(run.settings)
        if batch is None:
            raise NotApplicable("the batch size is not recorded; add `batch_size` to the config")
        if counted_samples(run, batch) is not None:
            return
        small = batch.size < self.smallest and batch.whole
        if small or batch.size > self.largest:
            moved = change(run.settings, "batch_size", _START, "up" if small else "down")
            yield self.told(
                run,
                0.5,
                moved,
                variant="small" if small else "",
                path=batch.path,
                size=batch.size,
                start=_START,
            )
