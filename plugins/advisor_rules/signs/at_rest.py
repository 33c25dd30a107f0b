"""Whether two losses came to rest together in the last half of a run, in units of their level."""

from __future__ import annotations

from advisor.curve import Curve
from advisor.roles import Task
from advisor.rule import NotApplicable
from advisor.view import RunView
from advisor_rules.signs.began_late import began_late
from advisor_rules.signs.learning_time import schedule_ended
from advisor_rules.signs.measure import END, relative, turn

_HELD = 2.0
"""How many times as far apart two losses may be where validation began late (chosen by eye)."""
_NOISY = 0.1
"""How far training ends above validation where its labels may be noisy. Measured on small trainings
of 49 data sets and models: 3 of 3 classifiers beyond it that are otherwise as ``underfitting``
asks, and whose dropout is not known, had been given wrong labels and no fault."""


def apart(train: Curve, val: Curve) -> float:
    """Return how far validation ended above training; below 0, training was made harder."""
    end = val.trend.tail(END)
    return relative(val, end.value - train.trend.tail(END).value, end)


def opened(train: Curve, val: Curve) -> float:
    """Return by how much training left validation behind in the last half."""
    grown = val.trend.slope(0.5).change - train.trend.slope(0.5).change
    return relative(val, grown, val.trend.tail())


def moved(curve: Curve, since: float = 0.5) -> float:
    """Return the change of a curve since a share of the run, whichever way it went."""
    return abs(relative(curve, curve.trend.slope(since).change, curve.trend.tail()))


def worsens(curve: Curve, least: float = 0.02) -> bool:
    """Tell whether a curve ended clearly above its best level, by more than ``least`` of it."""
    turned = turn(curve)
    return turned.t > 3 and turned.relative > least


def level(train: Curve, val: Curve, still: float) -> bool:
    """Tell whether two curves stood in the last half, as far as their noise tells."""
    return all(_stood(curve, still) and not worsens(curve, still) for curve in (train, val))


def _stood(curve: Curve, still: float) -> bool:
    return moved(curve) <= still or abs(curve.trend.slope(0.5).t) < 1.0


def rests(val: Curve, most: float) -> bool:
    """Tell whether validation moved by no more than ``most`` in the last half, nor got worse."""
    return moved(val) <= most and not worsens(val)


def gets_better(metric: Curve | None, most: float) -> bool:
    """Tell whether a metric got better in the last half, by more than ``most`` of its level."""
    if metric is None or not len(metric):
        return False
    return metric.trend.slope(0.5).t < -3 and moved(metric) > most


def together(train: Curve, val: Curve, gap: float, opening: float) -> bool:
    """Tell whether training ended no better than validation, and did not begin to be.

    That is: by no more than ``gap``, and ``opening`` in the last half, both ``widened``.
    """
    near = apart(train, val) <= widened(val, gap)
    return near and opened(train, val) <= widened(val, opening)


def widened(val: Curve, bound: float) -> float:
    """Return a bound on how far apart two losses may be, twice as wide where one began late."""
    return _HELD * bound if began_late(val) else bound


def comes_to_rest(run: RunView, most: float) -> bool:
    """Tell whether the rate ended near 0, as far as the log tells.

    Where neither the rate nor its schedule is known, both losses must have moved by no more than
    half of ``most`` in the last quarter, and the metric by no more than ``most`` to the better in
    the last half, all in units of their levels. The rule must declare ``lr`` and ``val/metric`` and
    require both losses.
    """
    if run.get("lr") is not None or run.settings.get("lr_schedule") is not None:
        return schedule_ended(run)
    stood = all(moved(run[key], 0.75) <= most / 2 for key in ("train/loss", "val/loss"))
    return stood and not gets_better(run.get("val/metric"), most)


def refuse_noisy_labels(run: RunView) -> None:
    """Raise ``NotApplicable`` where training costs a classifier so much more than validation.

    Wrong labels of its data do that, and so does dropout, if it is not recorded. The rule must
    require both losses.
    """
    if run.task is not Task.CLASSIFICATION or (run.settings.number("dropout") or 0.0) > 0.0:
        return
    if apart(run["train/loss"], run["val/loss"]) < -_NOISY:
        raise NotApplicable(
            "training costs more than validation, as wrong labels make it, or dropout that is not "
            "recorded"
        )
