"""How a training is logged: format, grain, names, and what the log leaves out."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.diagnosis.healthy import TEXTS
from benchmarks.diagnosis.setup import Setup

STYLES = (
    {"loss": "train/loss", "metric": "train/accuracy", "val_loss": "val/loss",
     "val_metric": "val/accuracy", "rate": "lr", "norm": "grad_norm"},
    {"loss": "train_loss", "metric": "train_acc", "val_loss": "val_loss",
     "val_metric": "val_acc", "rate": "learning_rate", "norm": "train/grad_norm"},
    {"loss": "loss", "metric": "accuracy", "val_loss": "val_loss",
     "val_metric": "val_accuracy", "rate": "learning_rate", "norm": "grad_norm"},
    {"loss": "Loss/train", "metric": "Accuracy/train", "val_loss": "Loss/val",
     "val_metric": "Accuracy/val", "rate": "LR", "norm": "Grad/norm"},
)  # fmt: skip
"""What loggers and tutorials call the series."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one copy of a training is logged."""

    format: str
    """``tensorboard`` or ``csv``."""
    by_step: bool
    style: int
    config: bool
    rate: bool
    norm: bool
    metric: bool = True
    damage: str = ""
    """What the log keeps back: see ``DAMAGES``."""

    @property
    def name(self) -> str:
        """The folder that the copy is written to."""
        grain = "step" if self.by_step else "epoch"
        return "-".join(part for part in (self.format, grain, self.damage) if part)


def forms(setup: Setup, number: int) -> tuple[Form, Form]:
    """Return a copy by step and a copy by epoch, in forms that turn with ``number``."""
    formats = ("tensorboard", "csv") if number % 2 else ("csv", "tensorboard")
    copies = []
    for i, by_step in enumerate((True, False)):
        turn = number + 3 * i
        copies.append(
            Form(
                format=formats[i],
                by_step=by_step,
                style=(turn // 2) % len(STYLES),
                config=turn % 3 != 0,
                rate=turn % 4 != 1,
                norm=by_step and turn % 2 == 0,
                metric=turn % 5 != 0 or setup.problem in TEXTS,
            )
        )
    return copies[0], copies[1]
