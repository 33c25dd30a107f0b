"""What the validation of a run that learned nothing says of its learning rate."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from advisor.curve import Curve
from advisor.view import RunView
from advisor_rules.chance import share_of
from advisor_rules.measure import relative
from advisor_rules.swings import scatter

_FEWEST = 8
"""The fewest validations that are looked at (chosen by eye)."""
_VALUES = 5
"""The fewest values that an accuracy which changes all the time takes (chosen by eye)."""
_MOST = 0.5
"""The largest share of the validations that may have the commonest of them (chosen by eye)."""


class Varying(NamedTuple):
    """An accuracy that is another one at nearly every validation."""

    curve: Curve
    values: int
    """How many different ones there are."""


def thrown_about(run: RunView) -> float | None:
    """Return how far the validation loss goes up and down, against its level.

    The scatter of one validation about a smooth course. Where nothing is learned, weights that
    hardly move leave validation level, however much the batches differ: only long steps shake it.
    ``None`` where there are too few validations, or a loss is not finite. The rule must declare
    ``train/loss`` and ``val/loss``.
    """
    train, val = run["train/loss"], run.get("val/loss")
    if val is None or len(val) < _FEWEST or len(val.non_finite) or len(train.non_finite):
        return None
    return relative(val, scatter(val), val.trend.tail(0.2))


def varying_answers(run: RunView) -> Varying | None:
    """Return the validation accuracy if it changes all the time: the answers do, so weights move.

    What no gradient reaches, and what is dead, gives the same answers again and again. The rule
    must declare ``val/metric``.
    """
    share = share_of(run, _FEWEST, "val/metric")
    if share is None:
        return None
    counted = Counter(share.values.tolist())
    commonest = counted.most_common(1)[0][1]
    varies = len(counted) >= _VALUES and commonest <= _MOST * len(share)
    return Varying(share, len(counted)) if varies else None
