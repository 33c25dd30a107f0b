"""What a run's settings say of clipping gradients, and the change that several rules propose."""

from __future__ import annotations

import re

from advisor.finding import Change
from advisor.hyperparameters import Hyperparameters, as_number

_BY_VALUE = re.compile(r"(^|_)(clip_?value|clip_grad_value|grad(ient)?_clip_value)$")
_ADAPTIVE = re.compile(r"ada(m|grad|factor|belief|max|bound)|nadam|radam|lamb|lion|rmsprop", re.I)
_ALGORITHM = re.compile(r"(^|_)(grad(ient)?_clip_(algorithm|type|mode)|clip_(mode|type))$")


def threshold(settings: Hyperparameters) -> float | None:
    """Return the configured threshold; 0 where clipping is switched off, ``None`` if unknown."""
    number = settings.number("gradient_clip")
    return None if number is None else max(number, 0.0)


def by_value(settings: Hyperparameters) -> str | None:
    """Return the run's own name of the setting that clips by value; ``None`` if none does."""
    for path, value in settings.recorded.items():
        flat = re.sub(r"[^a-z0-9]+", "_", re.split(r"[./]", path)[-1].lower())
        number = as_number(value)
        if _BY_VALUE.search(flat) and number is not None and number > 0:
            return path
        if _ALGORITHM.search(flat) and value == "value" and threshold(settings):
            return path
    return None


def is_adaptive(settings: Hyperparameters) -> bool:
    """Tell whether the recorded optimizer divides by the size of the gradient, as Adam does."""
    optimizer = settings.get("optimizer")
    return optimizer is not None and bool(_ADAPTIVE.search(str(optimizer.value)))


def lower_clip(settings: Hyperparameters, usual: float) -> Change:
    """Propose clipping by norm at ``usual``, or at half of what is configured if that is less."""
    before = threshold(settings) or None
    after = usual if before is None or usual < before else float(f"{before / 2:.2g}")
    return Change.model_validate(
        {
            "parameter": "gradient_clip",
            "path": settings.path("gradient_clip"),
            "from": before,
            "to": after,
            "direction": "set" if before is None else "down",
        }
    )
