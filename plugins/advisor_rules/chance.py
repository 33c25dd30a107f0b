"""What guessing costs and reaches: the references of rules on runs that learned nothing."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from advisor.curve import Curve
from advisor.hyperparameters import Hyperparameters, as_number
from advisor.roles import Kind, Task
from advisor.run import Axis
from advisor.view import RunView

SHARES = frozenset({"accuracy", "top1_accuracy"})
"""Metrics of which guessing among C classes gets one in C."""
BINARY_LOSS = re.compile(r"(?:^|[^a-z])bce|binary.?cross.?entropy", re.IGNORECASE)
"""Names of losses that ask one question with two answers."""

_MOST = 1_000_000
"""More classes than this are some other number."""


class Classes(NamedTuple):
    """How many answers there are, and the setting that says so."""

    number: int
    path: str

    @property
    def loss(self) -> float:
        """The cross-entropy of guessing, in nats, for classes that are equally frequent."""
        return math.log(self.number)


def classes_of(run: RunView) -> Classes | None:
    """Return the number of classes, or of tokens for a language model, that a config records.

    One class means one output with two answers. ``None`` where nothing is recorded.
    """
    language = run.task is Task.LANGUAGE_MODEL
    setting = run.settings.get("vocab_size" if language else "classes")
    if setting is None:
        return None
    names = isinstance(setting.value, tuple) and all(isinstance(v, str) for v in setting.value)
    counted = len(setting.value) if names and isinstance(setting.value, tuple) else None
    number = as_number(setting.value) if counted is None else float(counted)
    if number is None or not 1 <= number <= _MOST or number != int(number):
        return None
    return Classes(max(int(number), 2), setting.path)


def answers_of(run: RunView) -> Classes | None:
    """Return the number of answers that the loss chooses from: two where its name is binary."""
    path = run.settings.path("loss_function")
    if path is not None and BINARY_LOSS.search(loss_name(run.settings)):
        return Classes(2, path)
    return classes_of(run)


def loss_name(settings: Hyperparameters) -> str:
    """Return what a config calls the loss function; empty where it does not say."""
    setting = settings.get("loss_function")
    return setting.value if setting is not None and isinstance(setting.value, str) else ""


def share_of(run: RunView, least: int, key: str) -> Curve | None:
    """Return the first accuracy of at least ``least`` points among the curves of a role."""
    curves = (curve for curve in run.every(key) if len(curve) >= least)
    return next((curve for curve in curves if curve.role.quantity in SHARES), None)


def whole_of(share: Curve) -> float:
    """Return what a perfect model would reach: 1, or 100 where an accuracy is in per cent."""
    return 100.0 if share.values.max() > 1.5 else 1.0


def skill(share: float, classes: int) -> float:
    """Return how far an accuracy (a fraction) is from guessing, 0, to perfect, 1."""
    return (share - 1.0 / classes) / (1.0 - 1.0 / classes)


def nearest_guess(loss: float) -> float:
    """Return the ln(C), for whole C from 2 on, that a loss is nearest to; 0 far from any.

    Above some ten classes every loss is near one: something else must show the same C.
    """
    return math.log(max(round(math.exp(loss)), 2)) if 0.5 < loss < math.log(_MOST) else 0.0


def is_cross_entropy(run: RunView, loss: Curve) -> bool:
    """Tell whether a loss may be one mean cross-entropy in nats, as far as names say.

    That its level fits must be seen from its values.
    """
    judged = run.task in (Task.CLASSIFICATION, Task.LANGUAGE_MODEL)
    return judged and loss.role.kind is Kind.LOSS and not loss.role.part


def single_steps(run: RunView, loss: Curve) -> bool:
    """Tell whether a training loss has one row a step, the first of them before any update.

    Rows of epochs, and rows that begin later, are taken to be averages. So is a loss that is
    logged no more often than validation is.
    """
    if loss.axis is not Axis.STEP or not len(loss) or loss.steps[0] not in (0, 1):
        return False
    epochs = run.settings.number("epochs")
    if epochs is not None and len(loss) <= epochs + 1:
        return False
    others = (curve for key in ("val/loss", "val/metric") for curve in run.every(key))
    return all(len(loss) > 1.5 * len(other) for other in others)
