"""The share of right answers, whether a run logs an accuracy or an error rate, of 1 or in per cent.

Rules reckon with the share of right answers, and show what was logged.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import NamedTuple, TypeVar

from advisor.curve import Curve
from advisor.run import Floats
from advisor.understand.error_rates import NAMED, whole_of
from advisor.view import RunView

_Values = TypeVar("_Values", float, Floats)

SHARES = frozenset({"accuracy", "top1_accuracy"}) | NAMED
"""Metrics of which guessing among C classes gets one in C, or all but one in C, of an error rate.
"""


class Part(NamedTuple):
    """The typical share of right answers in a stretch of a curve."""

    value: float
    """Of 1."""
    error: float
    """Standard error of ``value``."""


class Share:
    """The share of right answers that a curve tells, for each of its values.

    Of an error rate, and of any metric whose best value is 1, or 100 where it is in per cent: of
    such a one the share of the best value.
    """

    def __init__(self, curve: Curve) -> None:
        self.curve = curve
        """As logged."""
        self.whole = whole_of(curve.values)
        """What all answers are in the curve's unit: 1 or 100."""
        self._wrong = curve.role.quantity in NAMED

    @classmethod
    def of(cls, curve: Curve, quantities: Collection[str] = SHARES) -> Share | None:
        """Return the share of a curve that measures one of ``quantities``."""
        return cls(curve) if curve.role.quantity in quantities and len(curve) else None

    @cached_property
    def values(self) -> Floats:
        """``float64[n]``: the shares of right answers, of 1."""
        return self.right(self.curve.values)

    def right(self, logged: _Values) -> _Values:
        """Return the share of right answers of values in the curve's unit."""
        share = logged / self.whole
        return 1.0 - share if self._wrong else share

    def logged(self, right: float) -> float:
        """Return a share of right answers as the curve would have it: in its unit."""
        return self.whole * (1.0 - right if self._wrong else right)

    def of_cost(self, cost: float) -> float:
        """Return the share of right answers of an oriented value, as trends have them."""
        return self.right(self.curve.sign * cost)

    def level(self, first: float, last: float, least: int = 3) -> Part:
        """Return the level between two fractions of the span, as ``Trend.level``."""
        level = self.curve.trend.level(first, last, least)
        return Part(self.of_cost(level.value), level.error / self.whole)

    def tail(self, share: float = 0.1) -> Part:
        """Return the level at the end, as ``Trend.tail``."""
        level = self.curve.trend.tail(share)
        return Part(self.of_cost(level.value), level.error / self.whole)

    @property
    def best(self) -> float:
        """The best level."""
        return self.of_cost(self.curve.trend.best.value)

    @property
    def ends(self) -> tuple[float, float]:
        """The level at the start and at the end."""
        return self.level(0.0, 0.05, 1).value, self.tail().value


def share_of(run: RunView, least: int, key: str) -> Share | None:
    """Return the first accuracy or error rate of ``least`` points among the curves of a role."""
    curves = (curve for curve in run.every(key) if len(curve) >= least)
    return next((share for curve in curves if (share := Share.of(curve)) is not None), None)


def right_at_end(run: RunView) -> float | None:
    """Return the share of validation answers that are right at the end; ``None`` if not logged.

    The rule must declare ``val/metric``.
    """
    share = share_of(run, 5, "val/metric")
    return None if share is None else share.ends[1]
