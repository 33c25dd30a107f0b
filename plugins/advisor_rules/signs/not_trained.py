"""What keeps a model from learning whatever it is: other rules name it, and nothing else is wrong.

A training that broke, or one at no rate.
"""

from __future__ import annotations

from advisor.curve import Curve
from advisor.rule import NotApplicable
from advisor.view import RunView
from advisor_rules.signs.idle_rate import idled

_NEARLY_ALL = 0.85
"""Share of the run at no rate in which nothing could be learned (chosen by eye): a rate that is
lowered because a loss stands still has not vanished so soon."""


def refuse_not_trained(run: RunView, loss: Curve) -> None:
    """Raise where a model stood still because nothing trained it for nearly all of the run.

    After a NaN from which a loss does not come back, and at a rate that has vanished, no weight
    moves, and so no accuracy does. The rule must declare ``lr`` and ``val/loss``.
    """
    for curve in (loss, run.get("val/loss")):
        if curve is not None and _broke(curve):
            raise NotApplicable("{series:name} ended as NaN or infinite", series=curve.tag)
    if idled(run, loss, _NEARLY_ALL):
        raise NotApplicable("the learning rate had vanished for nearly all of the run")


def _broke(curve: Curve) -> bool:
    """Tell whether a curve was NaN or infinite to its end."""
    broken = curve.non_finite.steps
    return len(broken) > 0 and (not len(curve) or bool(broken[-1] > curve.steps[-1]))
