"""A training loss that stays level: of a model that learns nothing, or of one that is good."""

from __future__ import annotations

import math
import re

import numpy as np

from advisor.curve import Curve
from advisor.roles import Kind, Task
from advisor.rule import NotApplicable
from advisor.run import Axis
from advisor.understand.error_rates import whole_of
from advisor.view import RunView
from advisor_rules.signs.chance import classes_of
from advisor_rules.signs.measure import ratio, relative
from advisor_rules.signs.right_answers import SHARES, Share

_BEGINNING = re.compile(
    r"pre_?train|fine_?tun|resume|checkpoint|ckpt|init_from|(^|[._])lora|name_or_path"
)
"""Settings that say that a run began with weights that had been trained before."""
_KEEPING = re.compile(r"save|keep|callback|gradient|activation|interval|every|(_|\.)dir$|monitor")
"""Settings with such a word that are about keeping checkpoints, or saving memory by them."""
_UNSET = frozenset({"", "none", "null", "false", "no", "scratch", "0"})
_ENOUGH = 100
"""Fewer rows than this hide a slow fall in their scatter (chosen by eye)."""
STILL = 0.04
"""The largest change of a loss, in units that do not depend on its scale, that is no learning: the
option of ``never-learned``."""
_EPOCHS = 5
"""The fewest validations in which a loss can be seen to stay level (chosen by eye)."""
_FEWEST_VALIDATIONS = 3
"""The fewest validations that have a level (chosen by eye)."""
_MUCH, _SURE = 0.2, 3.0
"""A fall of validation, in the same unit, and in standard errors, that is learning for certain (by
eye)."""
_NOISIER = 0.3
"""How far training ends above validation, in the same unit, where its data are noisy (by eye)."""
_ANOTHER = 0.05
"""The largest gain of an accuracy, of 1, that is no learning: another answer to everything may be
right that much more often (chosen by eye)."""
_NOISE = 3.0
"""The lowest point of a smoothed curve may lie so many standard deviations low by chance."""
_FEW, _STOOD = 0.03, 0.04
"""The share of the points that are the first few, and the largest change of a loss, in the same
unit, that stands. With 0.03 for the second, no healthy or harmless one of the small trainings of 33
data sets and models falls by a tenth in its first few points and stands so from there on; of 24
data sets and models 0.04 lets ``never-learned`` name two more trainings, both rightly."""
_FINEST = 1e-100
"""The finest rounding that is looked for, so that what is nearly 0 can be divided by it."""
_WHOLE = 0.01
"""How far a rounded loss may be off whole rounding steps, in such steps (chosen by eye)."""
_MOSTLY, _BETTER = 0.5, 0.2
"""Shares of right answers, and of the way from guessing to that all are, above which a model may
be good: the second is ``skill`` of ``never-learned`` (chosen by eye)."""
_WRONG_PARTS = frozenset({"wer", "cer", "per", "top5_error"})
"""Error rates of words, characters, sounds and of five choices: a model may be good below half."""
_RECENT, _ROWS = 0.1, 2.0
"""A first step beyond this share of the last one, and beyond so many times what lies between two,
continues an earlier run (chosen by eye): that of the first of five epochs is none."""


def refuse_good_starts(run: RunView, loss: Curve) -> None:
    """Raise ``NotApplicable`` where a level loss may belong to a model that is good.

    Rows of epochs are refused too, unless validation stays level as well: all the learning may
    lie in the first of them. So are language models, most of which begin trained. The rule must
    declare ``val/loss``, ``val/metric`` and ``train/metric``.
    """
    rows = _ROWS * float(np.diff(loss.steps).max(initial=0))
    continued = float(loss.steps[0]) > max(_RECENT * float(loss.steps[-1]), rows)
    thin = loss.axis is not Axis.STEP or len(loss) < _ENOUGH
    if (thin and not _level(run)) or continued or run.task is Task.LANGUAGE_MODEL:
        raise NotApplicable(
            "the loss stays level, and nothing tells a good level from a poor one: log "
            "val/accuracy, or record num_classes"
        )
    if began_trained(run):
        raise NotApplicable("the config says that the run began with trained weights")
    if is_rounded(loss):
        raise NotApplicable("the loss is rounded too coarsely to tell whether it stays level")
    curves = (c for key in ("val/loss", "val/metric", "train/metric") for c in run.every(key))
    better = any(gets_better(curve) or may_be_good(run, curve) for curve in curves)
    if better or _fell(run) or _noisier_than_validation(run, loss):
        raise NotApplicable("the loss stays level, and another series improves or is good")


def is_rounded(loss: Curve) -> bool:
    """Tell whether all values have so few decimals that the last one is more than a loss may move.

    A loss that fell at once, to stay as it is, has two levels far apart, and as many decimals as
    any. One that never moved at all has no other level that rounding could hide.
    """
    moves = STILL / relative(loss, 1.0, loss.trend.tail(0.2))
    step = 10.0 ** math.ceil(math.log10(max(moves, _FINEST)))
    places = loss.values / step
    whole = float(np.abs(places - places.round()).max()) < _WHOLE
    return whole and float(np.ptp(loss.values)) > 0


def moves(loss: Curve, moved: float, t: float) -> bool:
    """Tell whether a loss left the level after its first points, beyond its noise.

    By more than ``moved`` of it, and ``t`` standard errors, or at one place far beyond scatter.
    """
    if later_share(loss) <= moved:
        return False
    return later_fall(loss) > _NOISE * loss.trend.noise or stretch_apart(loss, 0.03, 0.23) > t


def stands_still(run: RunView, loss: Curve, moved: float, t: float, still: float) -> bool:
    """Tell whether a loss never left its noise; raise where its level may be a good one.

    Or changed by no more than ``still`` in all, or settled at once. The rule must declare what
    ``refuse_good_starts`` asks for.
    """
    end = loss.trend.tail(0.2)
    start, first = (abs(v - end.value) for v in (loss.trend.start, float(loss.values[0])))
    seen = start > t * loss.trend.noise or first_apart(loss, end.value) > t
    left = relative(loss, max(start, first), end) > still and (
        seen or stretch_apart(loss, 0.0, 0.2) > t
    )
    if left and not settled_at_once(run, loss, moved):
        return False
    refuse_good_starts(run, loss)
    return True


def settled_at_once(run: RunView, loss: Curve, fell: float) -> bool:
    """Tell whether a loss fell by no more than ``fell`` in its first few points, and then stood.

    So did validation: what is learned so soon is the share of each class, or the mean. The rule
    must declare ``val/loss``.
    """
    val, end = run.get("val/loss"), loss.trend.tail(0.2)
    if val is None or not _level(run):
        return False
    few = float(loss.values[: max(int(_FEW * len(loss)), 1)].mean())
    stood = abs(loss.trend.level(0.05, 0.25).value - end.value)
    return (
        -_STOOD <= relative(loss, few - end.value, end) <= fell
        and relative(loss, stood, end) <= _STOOD
    )


def _noisier_than_validation(run: RunView, loss: Curve) -> bool:
    """Tell whether training ends far above validation: its noise hides what was learned.

    As noisy labels and dropout are only in the one. The rule must declare ``val/loss``.
    """
    val, end = run.get("val/loss"), loss.trend.tail(0.2)
    if val is None or len(val) < _FEWEST_VALIDATIONS:
        return False
    held = val.trend.tail(0.2)
    return relative(val, end.value - held.value, held) > _NOISIER


def _level(run: RunView) -> bool:
    """Tell whether the validation loss is long enough, and hardly gained from its first value."""
    val = run.get("val/loss")
    if val is None or len(val) < _EPOCHS:
        return False
    return relative(val, val.trend.gain, val.trend.tail(0.2)) <= STILL


def gets_better(curve: Curve) -> bool:
    """Tell whether a curve improves over the whole run, by more than one of a dead model drifts."""
    if not len(curve) or curve.trend.slope(0.0, 1.0).t >= -4:
        return False
    end = curve.trend.tail(0.2)
    gained = curve.trend.start - end.value
    if curve.role.kind is Kind.LOSS:
        return relative(curve, gained, end) > STILL
    return curve.role.quantity not in SHARES or gained > _ANOTHER * whole_of(curve.values)


def _fell(run: RunView) -> bool:
    """Tell whether the validation loss fell after its first tenth, and stayed lower.

    However it scatters on the way: training data whose labels are noisy hides what is learned.
    """
    val = run.get("val/loss")
    if val is None or len(val) < _EPOCHS:
        return False
    head, end = val.trend.level(0.03, 0.13), val.trend.tail(0.2)
    fell = head.value - end.value
    return fell > _SURE * math.hypot(head.error, end.error) and relative(val, fell, end) > _MUCH


def began_trained(run: RunView) -> bool:
    """Tell whether the config names weights that the run began with."""
    named = {path.lower(): value for path, value in run.settings.recorded.items()}
    return any(
        _BEGINNING.search(path) is not None
        and _KEEPING.search(path) is None
        and str(value).strip().lower() not in _UNSET
        for path, value in named.items()
    )


def first_apart(loss: Curve, end: float) -> float:
    """Return how far the first loss, or the mean of the first few, lies from the end of a run.

    In standard errors; of up to sixteen losses, and a tenth of the run.
    """
    few = [2**power for power in range(5) if 2**power <= max(0.1 * len(loss), 1)]
    return max(ratio(abs(float(loss.values[:n].mean()) - end) * n**0.5, loss.noise) for n in few)


def later_fall(loss: Curve) -> float:
    """Return how far a loss fell after its first points: from a bad start to guessing is free."""
    return max(loss.trend.level(0.03, 0.13).value - loss.trend.best.value, 0.0)


def later_share(loss: Curve) -> float:
    """Return by what share of its level a loss fell after its first points (see ``relative``)."""
    return relative(loss, later_fall(loss), loss.trend.tail(0.2))


def stretch_apart(loss: Curve, first: float, last: float) -> float:
    """Return how many standard errors a stretch at the start lies from the end."""
    start, end = loss.trend.level(first, last), loss.trend.tail(0.2)
    return ratio(abs(start.value - end.value), math.hypot(start.error, end.error))


def may_be_good(run: RunView, curve: Curve) -> bool:
    """Tell a score that is far above guessing, or one of which that cannot be said.

    Half of the answers are, and less among several classes, where their number is recorded.
    """
    wrong, share = Share.of(curve, _WRONG_PARTS), Share.of(curve)
    if wrong is not None:
        return bool(np.median(wrong.values) < _MOSTLY)
    if share is None:
        return curve.role.direction == "max" and len(curve) > 0
    recorded = classes_of(run) if run.task is Task.CLASSIFICATION else None
    far = _MOSTLY if recorded is None else _BETTER + (1.0 - _BETTER) / recorded.number
    return bool(np.median(share.values) > min(far, _MOSTLY))
