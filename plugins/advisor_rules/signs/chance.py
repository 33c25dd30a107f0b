"""What guessing among classes costs: the reference of rules on how a run starts and ends."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from advisor.curve import Curve
from advisor.hyperparameters import Hyperparameters, as_number
from advisor.roles import Task
from advisor.rule import NotApplicable
from advisor.run import Axis
from advisor.view import RunView

BINARY_LOSS = re.compile(r"(?:^|[^a-z])bce|binary.?cross.?entropy", re.IGNORECASE)
"""Names of losses that ask one question with two answers."""

_CROSS_ENTROPY = re.compile(r"entropy|(?:^|[^a-z])b?ce|nll|xent|causallm", re.IGNORECASE)
"""Names of losses of which guessing costs ln(C)."""
_SUM = 0.25
"""A first loss so close to a multiple by the batch size is a sum over it (chosen by eye)."""
CLASSES_UNKNOWN = "the number of classes is not known: record num_classes or vocab_size"
_NEAR_GUESS, _TELLING = 0.05, 10
"""How near to ln(C) a first loss is that shows C, in nats, and the most classes that it tells apart
(chosen by eye)."""
MOST_CLASSES = 1_000_000
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
    if number is None or not 1 <= number <= MOST_CLASSES or number != int(number):
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


def skill(share: float, classes: int) -> float:
    """Return how far an accuracy (a fraction) is from guessing, 0, to perfect, 1."""
    return (share - 1.0 / classes) / (1.0 - 1.0 / classes)


def nearest_guess(loss: float) -> float:
    """Return the ln(C), for whole C from 2 on, that a loss is nearest to; 0 far from any.

    Above some ten classes every loss is near one: something else must show the same C.
    """
    return math.log(max(round(math.exp(loss)), 2)) if 0.5 < loss < math.log(MOST_CLASSES) else 0.0


def classes_at_start(run: RunView, loss: Curve) -> int | None:
    """Return the number of classes, ten at most, of which the first step's loss is that of a guess.

    ``None`` where the first row may be an average, or is that of no such number.
    """
    if not single_steps(run, loss):
        return None
    first = float(loss.values[0])
    classes = round(math.exp(nearest_guess(first)))
    near = abs(first - math.log(classes)) <= _NEAR_GUESS
    return classes if near and 2 <= classes <= _TELLING else None


def most_entropy(right: float, classes: int) -> float:
    """Return the entropy, in nats, that answers of some accuracy can have at most (Fano).

    A model that is as certain as it is right has no higher cross-entropy.
    """
    wrong = 1.0 - right
    sides = -sum(p * math.log(p) for p in (right, wrong) if p > 0)
    return sides + wrong * math.log(max(classes - 1, 1))


class Start(NamedTuple):
    """The first loss of a run, and what guessing costs."""

    first: float
    guess: Classes

    @property
    def times(self) -> float:
        """The first loss in multiples of that of guessing."""
        return self.first / self.guess.loss


def start_of(run: RunView, loss: Curve, *, averages: bool = False) -> Start:
    """Return the first training loss of a classifier or language model beside ln(C).

    Raises ``NotApplicable`` where the loss is not known to be a mean cross-entropy in nats,
    where C is not recorded, or where the first row is not the loss before any update, unless
    ``averages`` will do. The rule must declare ``val/loss`` and ``val/metric``.
    """
    refuse_other_losses(run, loss)
    guess = answers_of(run)
    if guess is None:
        raise NotApplicable(CLASSES_UNKNOWN)
    if not averages:
        refuse_averages(run, loss)
    start = Start(float(loss.values[0]), guess)
    if loss.trend.best.value >= guess.loss or _is_sum(run, start):
        raise NotApplicable("{series:name} seems to be a sum, not a mean", series=loss.tag)
    return start


def refuse_other_losses(run: RunView, loss: Curve) -> None:
    """Raise ``NotApplicable`` where a loss is not known to be one cross-entropy."""
    named = loss_name(run.settings)
    judged = run.task in (Task.CLASSIFICATION, Task.LANGUAGE_MODEL)
    if not judged or loss.role.part or (named and not _CROSS_ENTROPY.search(named)):
        raise NotApplicable("{series:name} is not known to be one cross-entropy", series=loss.tag)


def refuse_averages(run: RunView, loss: Curve) -> None:
    """Raise ``NotApplicable`` where the first row is not the loss before any update."""
    if not single_steps(run, loss):
        raise NotApplicable(
            "the first row of {series:name} may be an average: log every step from 0 on",
            series=loss.tag,
        )


def _is_sum(run: RunView, start: Start) -> bool:
    """Tell whether a first loss is that of guessing times the batch size."""
    batch = run.settings.number("batch_size")
    return batch is not None and batch > 1 and abs(start.times / batch - 1.0) < _SUM


def single_steps(run: RunView, loss: Curve) -> bool:
    """Tell whether a training loss has one row a step, the first of them before any update.

    Rows of epochs, and rows that begin later, are taken to be averages. So is a loss that is
    logged hardly more often than validation is.
    """
    if loss.axis is not Axis.STEP or not len(loss) or loss.steps[0] not in (0, 1):
        return False
    epochs = run.settings.number("epochs")
    if epochs is not None and len(loss) <= epochs + 1:
        return False
    others = (curve for key in ("val/loss", "val/metric") for curve in run.every(key))
    return all(len(loss) > 1.5 * len(other) for other in others)
