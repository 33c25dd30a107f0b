"""The rule ``dropout-missing``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.hyperparameters import Hyperparameters
from advisor.roles import Task
from advisor.rule import Example, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.configured import LOSS, ConfiguredRule, change, shown
from advisor_rules.examples import falling, turning
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.given.recorded import RICH, RICH_SOURCE, is_rich
from advisor_rules.given.regularizers import DROPOUT, drops

_DETECTION = frozenset({"detect", "segment", "pose", "obb", "detection", "segmentation"})
"""Tasks whose usual models have no layer that a dropout setting would act on."""


class DropoutMissing(ConfiguredRule):
    """The run overfits, and its model has no dropout.

    ## What it checks
    Where ``overfitting`` fires, looks for dropout in the config. The rule fires if it is recorded
    as 0, or if a config of at least ``settings`` settings, with the model's width or depth among
    them, names none. Where batch norm is recorded as on, the confidence is lower.

    ## Why it matters
    Dropout reduces overfitting: no unit can rely on any other, as if many thinned networks were
    averaged. The Weights & Biases guide puts the gain at about 2% even for strong models.

    ## What to do
    Add dropout to the hidden layers, not to the output. The guides disagree where batch norm is
    in use: it regularizes a little too, and one of them does without dropout then. Measure it.

    ## When to ignore it
    It was tried and did not help, or another regularizer is in use.
    """

    name = "dropout-missing"
    stage = Stage.FIT
    uses = roles_of(Overfitting)
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.VALIDATION_WORSE,)
    separated_by = ("a run with dropout, everything else the same",)
    basis = (
        "That of the overfitting, times 0.8 where dropout is 0, 0.6 where it is not named or batch "
        "norm is on."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(4, "Dropout reduces overfitting and acts like an ensemble of models."),
        sources.wandb(5, "About 2% more even for strong models; take care with batch norm."),
        sources.wandb(4, "Batch norm regularizes, so that dropout is not needed (overstated)."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Add dropout of {dropout:number} to the hidden layers",
        "observed": "Overfitting without dropout",
        "evidence": "{series:name} rose after {axis:text} {step:step}, and {path:name} is 0.",
        "evidence.absent": "{series:name} rose after {axis:text} {step:step}, and none of "
        "{settings:count recorded setting|recorded settings} is a dropout.",
        "do": "Set dropout to {dropout:number} in the hidden layers, not in the output, and change "
        "nothing else. With batch norm in use the guides disagree: compare both.",
        "why": "A network that cannot rely on any single unit finds it harder to learn its "
        "training data by heart.",
        "check": "{series:name} rises later or less, at the price of a higher training loss.",
        "unless": "it was tried and did not help, or another regularizer is in use.",
    }

    settings: int = option(
        RICH, "Recorded settings from which an unnamed one is not in use.", source=RICH_SOURCE, ge=1
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return overfitting without dropout, with it, and without a word on it."""
        train, turned = falling(100, seed=408, floor=0.1), turning(100, seed=409)
        over = {"train/loss": train, "val/loss": turned}
        good = {"train/loss": train, "val/loss": train}
        return (
            shown("overfits, dropout is 0", over, {"dropout": 0.0}, fires=True),
            shown("overfits with dropout", over, {"dropout": 0.3}, fires=False),
            shown("overfits, nothing recorded", over, {}, fires=False),
            shown("does not overfit", good, {"dropout": 0.0}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for dropout where the run overfits."""
        zero, absent = drops(run.settings) is False, self._absent(run.settings)
        task = run.settings.get("task")
        if not (zero or absent) or (task and str(task.value).lower() in _DETECTION):
            return
        over = first_finding(run, Overfitting)
        if over is not None:
            normed = run.settings.flag("batch_norm") or run.settings.choice("normalization")
            sure = zero and normed in (None, False, "none")
            yield self.told(
                run,
                over.confidence * (0.8 if sure else 0.6),
                change(run.settings, "dropout", DROPOUT, "up"),
                because=over,
                variant="absent" if absent else "",
                axis=run[LOSS].axis.value,
                step=over.evidence[0].first_step,
                path=run.settings.path("dropout") or "dropout",
                settings=len(run.settings.recorded),
                dropout=DROPOUT,
            )

    def _absent(self, settings: Hyperparameters) -> bool:
        """Tell whether a config that describes the model's layers names no dropout."""
        described = settings.get("hidden_size") or settings.get("layers")
        return bool(described) and drops(settings) is None and is_rich(settings, self.settings)
