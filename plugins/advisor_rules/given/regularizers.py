"""Which regularizers a run's config has, and a value to start with where it has none."""

from __future__ import annotations

import re
from typing import NamedTuple

from advisor.hyperparameters import Hyperparameters, as_number
from advisor_rules.given.recorded import switched_on

USUAL_DROPOUT = (0.1, 0.5)
"""The usual range of the Weights & Biases guide, section 5."""
DROPOUT = 0.2
"""Within the usual range, nearer to its lower end."""

_BLOCK = re.compile(r"(^|[./])optim(izer)?([./]|$)")
_DROPOUT = re.compile(r"dropout|drop_?(rate|prob|path)|p_drop")
_DECAY = re.compile(r"weight_?decay|(^|[./_])(wd|l2)([./_]|$)")

_AUGMENTED = re.compile(
    r"augment|(^|[._/])(rand_?|auto_?)?aug([._/]|$)|mixup|cutmix|mosaic|erasing"
)
_SKIPS = re.compile(r"stochastic_?depth|drop_?path|layer_?drop")


class Lacking(NamedTuple):
    """A regularizer that a config turns off or leaves out."""

    parameter: str
    """Canonical name."""
    path: str | None
    """The run's own name for it; ``None`` where it is left out."""
    start: float
    """A value to start with."""


def lacking(settings: Hyperparameters) -> tuple[Lacking, ...]:
    """Return the regularizers that a config says are off.

    Weight decay also counts as off where the settings of the optimizer are recorded without it.
    What a config merely does not mention is not known to be off.
    """
    found = []
    if settings.number("weight_decay") == 0 or _decay_left_out(settings):
        path = settings.path("weight_decay")
        found.append(Lacking("weight_decay", path, first_weight_decay(settings)))
    if settings.number("dropout") == 0:
        found.append(Lacking("dropout", settings.path("dropout"), DROPOUT))
    return tuple(found)


def first_weight_decay(settings: Hyperparameters) -> float:
    """Return a weight decay to start with: what suits the optimizer, as far as it is recorded.

    0.01 is the default of AdamW in PyTorch; 5e-4 is what networks for images are trained with
    by SGD (Zagoruyko & Komodakis 2016).
    """
    optimizer = settings.get("optimizer")
    by_sgd = optimizer is not None and "sgd" in str(optimizer.value).lower()
    return 5e-4 if by_sgd else 0.01


def drops(settings: Hyperparameters) -> bool | None:
    """Tell whether any layer has dropout; ``None`` if the config does not mention it."""
    rates = [value for path, value in settings.recorded.items() if _DROPOUT.search(path.lower())]
    return any(as_number(value) != 0 for value in rates if value is not None) if rates else None


def augments(settings: Hyperparameters) -> bool:
    """Tell whether a config names an augmentation of the training data that is not off."""
    recorded = settings.recorded
    return any(switched_on(recorded[path]) for path in recorded if names_augmentation(path))


def told_harder(settings: Hyperparameters) -> bool:
    """Tell whether a config says that training is scored on harder terms than validation.

    That is augmentation of its data, smoothing of its labels, or layers that it skips at random.
    """
    recorded = settings.recorded
    skips = any(switched_on(recorded[path]) for path in recorded if _SKIPS.search(path.lower()))
    return skips or augments(settings) or (settings.number("label_smoothing") or 0.0) > 0.0


def names_augmentation(path: str) -> bool:
    """Tell whether the name of a setting is one of an augmentation of the training data."""
    return _AUGMENTED.search(path.lower()) is not None


def _decay_left_out(settings: Hyperparameters) -> bool:
    """Tell whether the optimizer's settings are recorded, with its rate, and none is a decay."""
    block = [path for path in settings.recorded if _BLOCK.search(path.lower())]
    rate = settings.path("learning_rate")
    named = any(_DECAY.search(path.lower()) for path in settings.recorded)
    return len(block) >= 2 and rate in block and not named
