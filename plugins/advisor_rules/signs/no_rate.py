"""A learning rate that is logged as 0 throughout: nothing was trained, or it is not the one used.

At a rate of 0 no weight moves, and so no loss does. One that moved was trained at another rate,
which the log rounds, or tells of other weights or before the schedule sets it.
"""

from __future__ import annotations

from advisor.curve import Curve
from advisor.finding import Cost, Finding, Severity
from advisor.rule import ADVICE_PARTS, Rule
from advisor.view import RunView
from advisor_rules.signs.good_start import (
    began_trained,
    first_apart,
    gets_better,
    is_rounded,
    may_be_good,
)
from advisor_rules.signs.measure import stretch
from advisor_rules.signs.said import beginning, ending, said
from advisor_rules.signs.schedule import ENOUGH

_COVERED = 0.8
"""Share of a run at which the rate must still be logged (chosen by eye)."""
_LEVEL = 0.02
"""The largest change of a loss, in units of its level, that is none (chosen by eye)."""
_MOST, _FAR = 0.1, 0.5
"""The largest change, and distance of the first value from the end, in the same units, that chance
is taken to explain: a loss that goes up and down by more is trained (chosen by eye)."""
_ERRORS, _FIRST, _SCATTERS = 3.0, 4.0, 10.0
"""The most standard errors of a change that is none, and of the first values from the end; and the
fewest scatters of one value of a fall that is no accident (chosen by eye). Of 3,964 logs of trained
models of 16 data sets whose rate was set to 0, 21 stand so by these bounds, and 3 of healthy ones.
"""
_SURE, _LIKELY = 0.95, 0.75
"""That a model that stood was not trained at a rate logged as 0; and where a log may round the rate
away (chosen by eye)."""
_HIDDEN = 0.005
"""The rate from which two decimals show it: fewer are not logged of one."""
NO_RATE_TEXTS = {
    "title.idle": "Give the optimizer a learning rate above 0",
    "observed.idle": "The learning rate was 0 throughout",
    "evidence.idle": "{rate:name} is 0 at all {points:count point|points}, and {series:name} ended "
    "at {end:number} after {before:number} at the start.",
    "do.idle": "Look at what sets the rate before the first step: a warm-up that is counted in "
    "other units than the schedule is stepped, a total of 0 steps, a factor of 0.",
    "why.idle": "At a learning rate of 0 no step moves a weight.",
    "check.idle": "{rate:name} is above 0 after the first steps, and {series:name} leaves "
    "{end:number}.",
    "unless.idle": "the log rounds the rate away, or is of weights that are frozen, or the run was "
    "to evaluate a model.",
}
"""What a rule says of such a run, as variants ``idle``."""


def zero_rate(run: RunView) -> Curve | None:
    """Return the logged rate, where all are 0 from first to last; the rule must declare ``lr``.

    In three points or more, to the end of the training loss, which the rule must require or use.
    """
    rate, loss = run.get("lr"), run.get("train/loss")
    if rate is None or loss is None or len(rate) < ENOUGH or not len(loss):
        return None
    if any(curve.values.any() or len(curve.non_finite.steps) for curve in run.every("lr")):
        return None
    return rate if loss.fraction_at(rate, int(rate.steps[-1])) >= _COVERED else None


def fell_all_the_same(loss: Curve) -> bool:
    """Tell whether a loss fell by far more than single values scatter: something was trained."""
    return loss.trend.gain > max(_SCATTERS * loss.trend.noise, 0.0)


def untrained(run: RunView) -> Curve | None:
    """Return a rate that is 0 throughout, where training stood; ``None`` otherwise.

    Nor where the loss is rounded, as then the rate may be, or something got better. Nor where a log
    may round only the rate away, of a model that began trained or is good: it stands at a small
    rate as well. The rule must declare ``lr``, ``val/loss``, ``train/metric`` and ``val/metric``,
    and require ``train/loss``.
    """
    rate, loss = zero_rate(run), run["train/loss"]
    if rate is None or not _stood(loss) or is_rounded(loss):
        return None
    others = [c for key in ("val/loss", "val/metric", "train/metric") for c in run.every(key)]
    good = began_trained(run) or any(may_be_good(run, curve) for curve in others)
    trained = any(map(gets_better, others)) or (good and not _would_show(run))
    return None if trained else rate


def idle_finding(rule: Rule, run: RunView, rate: Curve, cost: Cost) -> Finding:
    """Say by a rule that has ``NO_RATE_TEXTS`` that nothing was trained.

    A note where a log may round the rate away.
    """
    loss, shown = run["train/loss"], _would_show(run)
    moved = "difference of the halves"
    return rule.finding(
        confidence=_SURE if shown else _LIKELY,
        severity=None if shown else Severity.NOTE,
        evidence=[
            stretch(rate, rate.steps[0], rate.steps[-1], "highest rate", 0.0, None),
            stretch(loss, loss.steps[0], loss.steps[-1], moved, _change(loss), None),
        ],
        cost=cost,
        variants=dict.fromkeys(ADVICE_PARTS, "idle"),
        rate=rate.tag,
        points=len(rate),
        series=loss.tag,
        before=said(loss, beginning(loss)),
        end=said(loss, ending(loss)),
    )


def _would_show(run: RunView) -> bool:
    """Tell whether a rate is recorded that a log would show, however it rounds."""
    return (run.settings.number("learning_rate") or 0.0) >= _HIDDEN


def _change(loss: Curve) -> float:
    """Return how far the mean of the last half of a loss is from that of the first half."""
    half = len(loss) // 2
    return float(loss.values[-half:].mean() - loss.values[:half].mean()) if half else 0.0


def _stood(loss: Curve) -> bool:
    """Tell whether the halves of a loss differ by no more than chance, or by next to nothing.

    Nor may its first values stand out.
    """
    level, noise = abs(float(loss.values.mean())), loss.noise
    chance = _ERRORS * noise * (4.0 / len(loss)) ** 0.5
    end = loss.trend.tail().value
    begun = abs(float(loss.values[0]) - end)
    stood = abs(_change(loss)) <= max(_LEVEL * level, min(chance, _MOST * level))
    near = begun <= _LEVEL * level or (begun <= _FAR * level and first_apart(loss, end) <= _FIRST)
    return stood and near and not fell_all_the_same(loss)
