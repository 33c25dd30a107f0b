"""Whether an option was offered where its condition held.

Known from the setup, and from what seeds agree on: that the run went past its best.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.diagnosis.setup import Setup

PICTURES = ("cnn", "resnet")
USUAL_RATES = {"adamw": (1e-6, 3e-2), "rmsprop": (1e-6, 3e-2), "sgd": (1e-4, 1.0)}
"""By optimizer: rates beyond which papers and default settings hardly ever go."""
USUAL_BATCHES = (8, 512)


@dataclass(frozen=True, slots=True)
class Known:
    """What conditions are judged by."""

    setup: Setup
    parameters: int
    samples: int
    overfits: bool
    lowered: bool
    """Whether the learning rate ended below a tenth of its peak."""
    scatters: bool


def holding(known: Known) -> dict[str, bool]:
    """Return for each option whose condition is known whether it holds."""
    return {rule: bool(holds(known)) for rule, holds in CONDITIONS.items()}


def _unusual_rate(known: Known) -> bool:
    low, high = USUAL_RATES[known.setup.optimizer]
    return not low <= known.setup.learning_rate <= high


def _far_from_root(known: Known) -> bool:
    ratio = known.setup.batch_size / math.sqrt(known.samples)
    return not 0.25 <= ratio <= 4.0


def _unusual_size(known: Known) -> bool:
    return known.setup.hidden <= 4 or known.overfits


CONDITIONS: dict[str, Callable[[Known], bool]] = {
    "activation-choice": lambda k: k.setup.activation in ("sigmoid", "tanh"),
    "adam-is-forgiving": lambda k: k.setup.optimizer == "sgd",
    "batch-norm": lambda k: (
        k.setup.depth >= 4 or (k.setup.model, k.setup.batch_size < 16) == ("resnet", True)
    ),
    "batch-sqrt-data": _far_from_root,
    "batch-start": lambda k: not USUAL_BATCHES[0] <= k.setup.batch_size <= USUAL_BATCHES[1],
    "batch-too-large": lambda k: k.overfits and k.setup.batch_size > 128,
    "batch-too-small-noise": lambda k: k.scatters and k.setup.batch_size < USUAL_BATCHES[0],
    "dropout-missing": lambda k: k.overfits and not k.setup.dropout,
    "dropout-range": lambda k: not 0.1 <= k.setup.dropout <= 0.5,
    "hidden-size": _unusual_size,
    "hockey-stick": lambda k: k.setup.init == "huge" or k.setup.input_scale > 1,
    "loss-function-fit": lambda _: False,
    "lr-decay-on-plateau": lambda k: not k.lowered,
    "lr-range": _unusual_rate,
    "lr-warmup": lambda k: k.setup.warmup == 0 and k.setup.schedule != "onecycle",
    "momentum-range": lambda k: k.setup.optimizer == "sgd" and not 0.5 <= k.setup.momentum <= 0.99,
    "oversized-then-shrunk": lambda k: k.parameters > k.samples and not k.setup.dropout,
    "pretrained-backbone": lambda k: k.setup.model in PICTURES and not k.setup.pretrained,
    "sgd-for-last-bit": lambda k: k.setup.model in PICTURES and k.setup.optimizer != "sgd",
    "weight-averaging": lambda k: not k.lowered and not k.setup.average,
    "weight-decay-with-lr": lambda k: k.setup.weight_decay >= 0.3,
}
"""By rule: whether the condition that its page states holds. Written from the pages alone."""
