"""The rule ``batch-for-throughput``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Change, Citation, Finding, Severity
from advisor.rule import Example, Nature, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, of, shown, wandb

SIZE, SPEED, LOADER = of("throughput", "size", "samples_per_second", "loader")


class BatchForThroughput(MeasuredRule):
    """The hardware would train far more samples a second, or waits for the loader.

    ## What it checks
    Ten timed steps at half to eight times the user's batch size, and the loader alone. The rule
    fires where the loader gives less than ``loader`` of what training takes, or else where a
    larger batch trains ``times`` as many samples a second.

    ## Why it matters
    Time that the hardware waits is lost; a larger batch costs less a sample, up to a point.

    ## What to do
    More workers for the loader, less work for each sample. A larger batch with a learning rate
    that is tuned anew; small batches often generalize better.

    ## When to ignore it
    Training takes little time anyway, or other programs were using the machine.
    """

    name = "batch-for-throughput"
    stage = Stage.BATCH_SIZE
    severity = Severity.NOTE
    nature = Nature.OPTION
    requires = (SIZE, SPEED, LOADER)
    symptoms = ("the hardware is not used",)
    basis = "0.5: measured on this machine, with whatever else was running."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(1, "Large batches use the hardware; unless at massive scale start low and raise."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Use a larger batch if time matters",
        "title.loader": "Speed up the loader: training waits for it",
        "observed": "{times:number} times as fast at {best:step}",
        "observed.loader": "The loader gives {share:percent} of what fits",
        "evidence": "A batch of {best:step} trains {times:number} times as many samples a second "
        "as one of {own:step}.",
        "evidence.loader": "Training takes {speed:number} samples a second, and the loader gives "
        "{loader:number}.",
        "do": "Try a batch of {best:step}, and tune the learning rate anew.",
        "do.loader": "Give the loader more workers, and prepare the data once.",
        "why": "A larger batch spreads the fixed cost of a step over more samples.",
        "why.loader": "The hardware waits while the loader works.",
        "check": "An epoch takes less time, and validation is as good.",
        "unless": "small batches are what generalizes, or the machine was busy.",
    }

    times: float = option(
        2.0, "Times as many samples a second.", source="chosen by eye: worth a new rate", gt=1
    )
    loader: float = option(
        0.5, "Smallest share that the loader gives.", source="chosen by eye", gt=0, lt=1
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a batch that is too small, a slow loader, and a machine that is used."""
        sizes = [16.0, 32.0, 64.0, 128.0, 256.0]
        return (
            _timed("small batches", sizes, [1e3, 2e3, 4e3, 7e3, 9e3], 2e4, fires=True),
            _timed("slow loader", sizes, [1e3, 2e3, 2.1e3, 2.2e3, 2.2e3], 300.0, fires=True),
            _timed("in use", sizes, [1e3, 2e3, 2.4e3, 2.5e3, 2.5e3], 2e4, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the loader first, then at larger batches."""
        sizes, speeds = run[SIZE].values, run[SPEED].values
        loader = float(run[LOADER].values[-1])
        if len(sizes) != len(speeds) or len(sizes) < 2:
            return
        own, best = 1, int(speeds.argmax())
        if not 0 < speeds[own] < 1e12 or not 0 < speeds[best] < 1e12:
            return
        waits = 0 < loader < self.loader * float(speeds[own])
        faster = float(speeds[best] / speeds[own])
        if not waits and (best <= own or faster < self.times):
            return
        parts = [p.partition(".")[0] for p in self.texts if waits and p.endswith(".loader")]
        yield self.finding(
            confidence=0.5,
            evidence=[cited(run[SPEED], "times as many samples a second", faster, self.times)],
            changes=[] if waits else [_larger(int(sizes[own]), int(sizes[best]))],
            variants=dict.fromkeys(parts, "loader"),
            times=faster,
            best=int(sizes[best]),
            own=int(sizes[own]),
            share=loader / float(speeds[own]),
            speed=float(speeds[own]),
            loader=loader,
        )


def _larger(before: int, after: int) -> Change:
    return Change.model_validate(
        {"parameter": "batch_size", "from": before, "to": after, "direction": "up"}
    )


def _timed(
    title: str, sizes: list[float], speeds: list[float], loader: float, *, fires: bool
) -> Example:
    measured = {"size": sizes, "samples_per_second": speeds, "loader": [loader]}
    return shown(title, "throughput", measured, fires=fires)
