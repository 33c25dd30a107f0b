"""One series prepared for judging: cleaned once, with the quantities that several rules want.

Everything here is scale-free or in the series' own unit, and robust: medians and ranks rather
than single points.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from advisor.roles import Role
from advisor.run import Axis, Floats, Series, Steps


class Curve:
    """The finite points of a series, in step order, and what can be said of them.

    Compared by identity. Everything derived is computed on first use and kept, so that rules
    share it.
    """

    def __init__(self, series: Series, role: Role) -> None:
        self.logged = series
        """As read, in file order."""
        self.role = role
        self._effective = series.effective()
        self._finite = self._effective.finite()

    @property
    def tag(self) -> str:
        """The name as logged."""
        return self.logged.tag

    @property
    def axis(self) -> Axis:
        """What the steps count."""
        return self.logged.axis

    @property
    def steps(self) -> Steps:
        """``int64[n]``, increasing: the steps of the finite values."""
        return self._finite.steps

    @property
    def values(self) -> Floats:
        """``float64[n]``, all finite."""
        return self._finite.values

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def non_finite(self) -> Series:
        """The rows whose value is NaN or infinite, in step order."""
        rows = np.flatnonzero(~np.isfinite(self._effective.values))
        return Series(self.tag, self._effective.steps[rows], self._effective.values[rows], axis=self.axis)
