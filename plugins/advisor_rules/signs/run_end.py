"""What a run is judged by at its end, and whether any of it got worse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from advisor.curve import Curve
from advisor.roles import Task
from advisor.view import RunView
from advisor_rules.given.recorded import ended_by_patience
from advisor_rules.signs.measure import has_direction, judged_validation, turn


def judged_by(run: RunView, least: int) -> list[Curve]:
    """Return what the run can be judged by, the most telling first, of ``least`` points each.

    The rule must declare ``objective``, the validation metric and loss, and the training loss.
    """
    if run.task is Task.REINFORCEMENT:
        return _long([run.get("objective")], least)
    candidates = [judged_validation(run, 1), run.get("val/metric"), run.get("val/loss")]
    validation = [c for c in _long(dict.fromkeys(candidates), least) if has_direction(c)]
    return validation or _long([run.get("train/loss")], least)


def _long(curves: Iterable[Curve | None], least: int) -> list[Curve]:
    return [curve for curve in curves if curve is not None and len(curve) >= least]


def got_worse(run: RunView, curves: Sequence[Curve]) -> bool:
    """Tell whether anything that the run could be judged by got worse after its best point."""
    train = run.get("train/loss") if run.task is not Task.REINFORCEMENT else None
    others = [*curves, train] if train is not None and len(train) >= 5 else curves
    return any(turned.t > 3 and turned.relative > 0.005 for turned in map(turn, others))


def early_stopping_saw(run: RunView, curves: Sequence[Curve], rising: Sequence[Curve]) -> bool:
    """Tell whether a recorded patience ended the run by a curve that is not among those rising.

    What early stopping watches is seldom recorded: it may be any curve of which the last values
    are no better, by as many as the patience.
    """
    return any(ended_by_patience(run.settings, curve) for curve in curves if curve not in rising)
