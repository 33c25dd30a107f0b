"""Whether two losses came to rest together in the last half of a run, in units of their level."""

from __future__ import annotations

from advisor.curve import Curve
from advisor.view import RunView
from advisor_rules.signs.began_late import began_late
from advisor_rules.signs.learning_time import schedule_ended
from advisor_rules.signs.measure import END, relative, turn

_HELD = 2.0
"""How many times as far apart two losses may be where validation began late (chosen by eye)."""


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


def rose_with(train: Curve, val: Curve, least: float = 0.02) -> bool:
    """Tell whether validation got worse after its best, and training by half as much at least.

    What is learned by heart makes training better: where that got worse too, nothing was.
    """
    return worsens(val, least) and worsens(train, max(least, turn(val).relative / 2))


def level(train: Curve, val: Curve, still: float) -> bool:
    """Tell whether two curves stood in the last half, as far as their noise tells."""
    return all(_stood(curve, still) and not worsens(curve, still) for curve in (train, val))


def _stood(curve: Curve, still: float) -> bool:
    return moved(curve) <= still or abs(curve.trend.slope(0.5).t) < 1.0


def rests(train: Curve, val: Curve, most: float) -> bool:
    """Tell whether validation moved by no more than ``most`` in the last half.

    Nor may it have got worse, but with training, which then cannot be what it suffers from.
    """
    return moved(val) <= most and (not worsens(val) or rose_with(train, val))


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
