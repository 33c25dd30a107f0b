"""What the rules on a rising validation loss share: when it rises, and what the metric says."""

from __future__ import annotations

import math
from enum import Enum

import numpy as np

from advisor.curve import Curve
from advisor.roles import Kind, Task
from advisor.rule import option
from advisor.view import RunView
from advisor_rules.given.recorded import ended_by_patience
from advisor_rules.signs.chance import answers_of, classes_at_start
from advisor_rules.signs.good_start import began_trained
from advisor_rules.signs.large_rise import LargeRise
from advisor_rules.signs.measure import Turn, ratio, surely_rises, turn
from advisor_rules.signs.validation_size import demand_many, falls_by_few

_BEGAN = 0.5
"""The first value as a share of what guessing costs, from which a run began by guessing, and had
learned some of it by then; a model that was trained before begins lower (chosen by eye)."""
_LITTLE = 0.1
"""Rise, as a share of all that a loss gained, that is slight even where its best level is near 0
(measured on small trainings: of two seeds, one ends 3% above the other in the median)."""
_MEANWHILE = 0.2
"""The share of a run over which a training loss is averaged, at a turn or at the end (by eye)."""
SLIGHT = 0.15
"""Rise of a validation loss, as a share of its best level, that another seed may cost as well."""
SLIGHT_SOURCE = (
    "measured on small trainings of 25 data sets and models: of logs with such a warning, 3 of 6 "
    "did get worse over the seeds below, 231 of 235 above"
)


def given_back(curve: Curve, turned: Turn, gain: float) -> float:
    """Return a rise as a share of all that was gained; of a loss, of its best level if less.

    A loss that gained little gives back much of it by chance, and one near 0 rises much above it.
    """
    back = ratio(turned.rise, gain)
    return min(back, turned.relative) if curve.role.kind is Kind.LOSS else back


def is_slight(curve: Curve, turned: Turn, share: float) -> bool:
    """Tell whether a loss rose by less than a share of its best level, or a tenth of all it gained.

    After a long fall the best level is near 0, and every other seed ends elsewhere beside it.
    """
    return turned.relative < share or turned.rise < _LITTLE * curve.trend.gain


def is_sloped(curve: Curve, turned: Turn, t: float, share: float = SLIGHT) -> bool:
    """Tell whether the slope since the best point shows a rise too, if it is that of a slight loss.

    By ``t`` standard errors: what rose once and stood still there is as much chance as another
    seed's. No loss of a metric counts as slight.
    """
    slight = curve.role.kind is Kind.LOSS and is_slight(curve, turned, share)
    return not slight or curve.trend.slope(turned.best.at, 1.0).t >= t


def gained(run: RunView, val: Curve) -> float:
    """Return all that a validation loss gained: from guessing on, where that is known to cost more.

    Its first value is often that of an epoch which has learned the most already. Of a run that
    began far below guessing only what it learned itself counts. The rule must declare
    ``train/loss`` and ``val/metric``.
    """
    train, guess = run.get("train/loss"), _guess(run)
    first = [float(curve.values[0]) for curve in (train, val) if curve is not None and len(curve)]
    since = guess if max(first, default=0.0) >= _BEGAN * guess else 0.0
    return max(val.trend.gain, since - val.trend.best.value)


def _guess(run: RunView) -> float:
    """Return the cross-entropy of guessing, as recorded or as the first step shows; 0 if neither.

    A loss that is no mean cross-entropy is above that, or below it at its first step.
    """
    if run.task not in (Task.CLASSIFICATION, Task.LANGUAGE_MODEL) or began_trained(run):
        return 0.0
    recorded, train = answers_of(run), run.get("train/loss")
    if recorded is not None:
        return recorded.loss
    classes = classes_at_start(run, train) if train is not None else None
    return math.log(classes) if classes is not None else 0.0


class Metric(Enum):
    """What the validation metric does while the validation loss rises."""

    UNKNOWN = "unknown"
    WORSE = "worse"
    FLAT = "flat"
    BETTER = "better"


class RisingValidation(LargeRise):
    """A rule on a validation loss that rises after its best point.

    The rule must declare ``val/loss``, ``train/loss`` and ``val/metric``.
    """

    rise: float = option(
        0.03,
        "Smallest rise of the validation loss, as a share of its best level (or of a third of "
        "its gain, for a loss that may be negative).",
        source="the smallest rise that a careful reader of 128 public logs called overfitting",
        gt=0,
    )
    slight: float = option(
        SLIGHT,
        "Rise of the validation loss, as a share of its best level, below which its slope must "
        "show it as well and it is only a note, unless a metric got worse.",
        source=SLIGHT_SOURCE,
        ge=0,
    )
    worth: float = option(
        0.05,
        "Smallest rise where no metric got worse, as a share of the best level and of all that the "
        "validation loss had gained, from guessing on where the number of classes is known.",
        source="measured on small trainings of 49 data sets and models: 15 of 21 logs below did "
        "not get worse over the seeds, 10 of 39 between this and twice as much",
        ge=0,
    )
    sure_worth: float = option(
        0.02,
        "The same share where the slope from the best point on shows the rise by `sure_t`.",
        source="the smallest of the rises that a careful reader of 128 public logs called "
        "overfitting, of losses that gained much: two of fifteen are between it and `worth`",
        ge=0,
    )
    sure_t: float = option(
        15.0,
        "That slope in standard errors.",
        source="three times `t`; the two logs have 26 and 37, and of small trainings of 49 data "
        "sets and models whose rise is less than a tenth none beyond 12 is known to be no worse",
        gt=0,
    )
    t: float = option(
        5.0,
        "The rise in units of its standard error, or of that of the slope from the best point on; "
        "of both where it is slight and no metric got worse.",
        source="chosen by eye: the best of many points is low by chance, so more than the usual 2",
        gt=0,
    )
    lasting: float = option(
        0.5,
        "Share of the later half of the points after the best one that must lie above its noise.",
        source="chosen by eye: most of them; on small trainings of 33 data sets and models, "
        "2 logs are between this and 0.7, both of models that overfitted",
        gt=0,
        le=1,
    )
    later_points: int = option(
        3, "The fewest points after the best one.", source="chosen by eye", ge=2
    )
    train_t: float = option(
        2.0,
        "Fall of the training loss after that point, in standard errors.",
        source="the usual two: it only tells overfitting from divergence",
        gt=0,
    )

    def turned(self, run: RunView) -> Turn | None:
        """Return the turn of the validation loss if it rose while the training loss fell.

        A training loss that is not logged is taken to have fallen. What came after the best
        point is no rise where a recorded patience ended the run: it had to wait. Raises
        ``NotApplicable`` where a few validation samples can have made it, and no metric got worse.
        """
        val, train = run["val/loss"], run.get("train/loss")
        found = turn(val)
        if found.relative < self.rise or found.lasting < self.lasting:
            return None
        if len(val.trend) - 1 - found.best.bucket < self.later_points:
            return None
        if train is not None and len(train) and training_fall(train, val, found)[2] < self.train_t:
            return None
        if not self.is_sure(run, found) and not self.is_large(val, found, gained(run, val)):
            return None
        seen_twice = metric_since(run, found) is Metric.WORSE
        if self._is_little(run, found) and not seen_twice:
            return None
        if ended_by_patience(run.settings, val):
            return None
        if not seen_twice:
            demand_many(run, val, found.rise)
        return found

    def _is_little(self, run: RunView, turned: Turn) -> bool:
        """Tell whether the loss gave back less than counts, as far as its slope is sure of it.

        Of a sure rise any share counts where nothing but the loss judges the run: it may have begun
        far above guessing, and gained the most by coming down to it.
        """
        val = run["val/loss"]
        share = given_back(val, turned, gained(run, val))
        sure = val.trend.slope(turned.best.at, 1.0).t >= self.sure_t
        if sure and metric_since(run, turned) is Metric.UNKNOWN:
            return False
        return share < (self.sure_worth if sure else self.worth)

    def is_sure(self, run: RunView, turned: Turn) -> bool:
        """Tell whether it rose for certain: a slight rise by its slope too, or by a metric."""
        val = run["val/loss"]
        if not is_sloped(val, turned, self.t, self.slight):
            return turned.t >= self.t and metric_since(run, turned) is Metric.WORSE
        return surely_rises(val, turned, self.t)

    def strength(self, turned: Turn) -> float:
        """Return the rise in multiples of its threshold or of its error, whichever is less."""
        return min(turned.relative / self.rise, turned.t / self.t)


def training_fall(train: Curve, val: Curve, turned: Turn) -> tuple[float, float, float]:
    """Return the training loss at the turn and at the end, and the fall in standard errors.

    Near its start, where a loss falls fastest, as little after the turn counts as came before it.
    What fell for most of the rest and was thrown up at last counts by the level of all the rest.
    """
    at = train.fraction_at(val, turned.best.step)
    reach = min(_MEANWHILE / 2, at)
    before = train.trend.level(at - reach, min(at + reach, 1.0))
    levels = train.trend.tail(_MEANWHILE), train.trend.level(at, 1.0)
    after = min(levels, key=lambda level: level.value)
    error = float(np.hypot(before.error, after.error))
    return before.value, after.value, ratio(before.value - after.value, error)


def step_at(other: Curve, val: Curve, step: int) -> int:
    """Return the step of another curve that belongs to a validation step."""
    fraction = other.fraction_at(val, step)
    first, last = float(other.steps[0]), float(other.steps[-1])
    return round(first + fraction * (last - first))


def metric_since(run: RunView, turned: Turn) -> Metric:
    """Tell what the validation metric did between the turn of the loss and the end.

    Nothing is known of it where it is short, constant, of unknown direction, where a few samples
    made it worse, or where the run is judged by the validation loss itself.
    """
    metric, val = run.get("val/metric"), run["val/loss"]
    if metric is None or metric.role.direction is None or len(metric) < 5:
        return Metric.UNKNOWN
    if np.ptp(metric.values) == 0 or (run.objective and run.objective.series == val.tag):
        return Metric.UNKNOWN
    fell = turn(metric)
    if fell.t > 3 and fell.relative > 0.005:
        return Metric.UNKNOWN if falls_by_few(metric, fell.rise) else Metric.WORSE
    at = metric.fraction_at(val, turned.best.step)
    late = metric.trend.slope(max(0.5, at), 1.0)
    return Metric.BETTER if late.t < -4 and metric.trend.best.at > 0.8 else Metric.FLAT
