"""The rule ``oversized-then-shrunk``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Change, Citation, Finding, Severity
from advisor.hyperparameters import Hyperparameters, canonical
from advisor.roles import Task
from advisor.rule import Example, Nature, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.examples import falling, turning
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.given.recorded import RICH, RICH_SOURCE, Recorded, early_stopping, is_rich
from advisor_rules.given.regularizers import DROPOUT, drops
from advisor_rules.signs.measure import ratio

_FEWEST = 20
"""Samples below which a recorded number is a share or a batch and not the size of a data set."""


class OversizedThenShrunk(Rule):
    """A model far larger than its data overfits, with neither dropout nor early stopping.

    ## What it checks
    Where ``overfitting`` fires, compares the number of parameters with that of the training
    samples, both from the config or from a series that logs them. The rule fires if the model
    has ``factor`` times as many parameters as there are samples, and both dropout and early
    stopping are off: recorded as such, or not named in a config of at least ``settings``
    settings with rate and length among them. Where a number is not recorded it says so.

    ## Why it matters
    Starting with more than is needed is a sound way to find the size of a model, if something
    cuts it down. Dropout and early stopping do; without them the model learns by heart.

    ## What to do
    Keep the size, and add dropout and early stopping; or make the model smaller.

    ## When to ignore it
    Something else holds the model back: augmentation, a pre-trained and frozen backbone.
    """

    name = "oversized-then-shrunk"
    stage = Stage.FIT
    severity = Severity.NOTE
    nature = Nature.OPTION
    requires = ("train/loss", "val/loss")
    uses = (*roles_of(Overfitting), "other", "train/other")
    points = 5
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.VALIDATION_WORSE,)
    separated_by = ("a run with half the width",)
    basis = "That of the overfitting, times 0.8: many large models generalize without either."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(
            1, "Or start with far more layers and neurons than needed, and let dropout and early "
            "stopping size the network down."
        ),
        sources.wandb(4, "Early stopping allows more layers and neurons than are needed."),
        sources.overview("Too many neurons can lead to overfitting."),
    )  # fmt: skip
    texts: ClassVar[dict[str, str]] = {
        "title": "Add dropout and early stopping, or shrink the model",
        "observed": "{times:number} parameters for each sample",
        "evidence": "{series:name} rose after {axis:text} {step:step}, with {size:number} "
        "parameters for {samples:number} samples, and neither dropout nor early stopping.",
        "do": "Keep the size, set dropout to {dropout:number} and stop when {series:name} no "
        "longer falls. If it still rises early, halve the width.",
        "why": "A model with many more parameters than samples can store them; dropout and an "
        "early end keep it from doing so.",
        "check": "{series:name} rises later or not at all, and its best value is lower.",
        "unless": "something else holds the model back, such as augmentation or frozen layers.",
    }

    factor: float = option(
        10.0,
        "Smallest number of parameters for each training sample.",
        source="chosen by eye; the rule speaks only where a run overfits, so it may be low",
        gt=1,
    )
    settings: int = option(
        RICH,
        "Recorded settings from which what a config does not name is not in use.",
        source=RICH_SOURCE,
        ge=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a large model that overfits, and runs that do not, or are held back."""
        train, turned = falling(100, seed=102, floor=0.1), turning(100, seed=103)
        large = {"num_params": 2_000_000, "num_samples": 5_000, "dropout": 0.0, "patience": 0}
        return (
            Example(
                "400 parameters for each sample",
                make_run(train_loss=train, val_loss=turned, config=large),
                fires=True,
            ),
            Example(
                "with dropout",
                make_run(train_loss=train, val_loss=turned, config=large | {"dropout": 0.3}),
                fires=False,
            ),
            Example(
                "more samples than parameters",
                make_run(train_loss=train, val_loss=turned, config=large | {"num_params": 900}),
                fires=False,
            ),
            Example(
                "does not overfit",
                make_run(train_loss=train, val_loss=train, config=large),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the sizes of model and data where the run overfits and nothing holds it."""
        over = first_finding(run, Overfitting)
        if over is None:
            return
        size, samples = _number(run, "model_size"), _number(run, "samples")
        if size is None or samples is None or samples < _FEWEST:
            raise NotApplicable(
                "the numbers of parameters and of training samples are not recorded; add both to "
                "the config"
            )
        if size >= self.factor * samples and not self._held_back(run.settings):
            yield self._found(run, over, size, samples)

    def _held_back(self, settings: Hyperparameters) -> bool:
        """Tell whether dropout or early stopping is, or may be, in use."""
        known = drops(settings)
        without = not known if known is not None else is_rich(settings, self.settings)
        stops = early_stopping(settings, self.settings).state
        return not without or stops in (Recorded.ON, Recorded.UNKNOWN)

    def _found(self, run: RunView, over: Finding, size: float, samples: float) -> Finding:
        dropout = run.settings.number("dropout")
        change = Change.model_validate(
            {
                "parameter": "dropout",
                "path": run.settings.path("dropout"),
                "from": dropout,
                "to": DROPOUT,
                "direction": "up",
                "horizon": "full",
            }
        )
        return self.finding(
            confidence=round(0.8 * over.confidence, 2),
            evidence=[over.evidence[0]],
            changes=[change],
            series=over.evidence[0].series,
            axis=run["val/loss"].axis.value,
            step=over.evidence[0].first_step,
            times=ratio(size, samples),
            size=size,
            samples=samples,
            dropout=DROPOUT,
        )


def _number(run: RunView, parameter: str) -> float | None:
    """Return a number that is recorded in the config or logged as a series."""
    recorded = run.settings.number(parameter)
    if recorded is not None:
        return recorded
    logged = run.every("other|train/other")
    return next((float(c.values[-1]) for c in logged if len(c) and canonical(c.tag) == parameter),
                None)  # fmt: skip
