"""A validation that got so much worse, over so many points, that less certainty will do."""

from __future__ import annotations

from advisor.curve import Curve
from advisor.rule import Rule, option
from advisor_rules.signs.measure import Turn, ratio


class LargeRise(Rule):
    """A rule on a validation curve that got worse after its best point."""

    large: float = option(
        0.2,
        "Rise, as a share of all that validation had gained, from which it need be only "
        "`large_t` standard errors, if `many_points` came after the best one.",
        source="measured on small trainings of 40 data sets and models: all 8 logs that only this "
        "showed to `overfitting` were of models that overfitted",
        gt=0,
    )
    large_t: float = option(
        2.5,
        "Such a rise in standard errors.",
        source="simulated: of 2,400 curves that scatter about a level by a third of what they "
        "gained, or more, one in a hundred rises so, and one in forty where half of the points "
        "need be above",
        gt=0,
    )
    large_lasting: float = option(
        0.8,
        "The share of later points, as in `lasting`, that such a rise must lift.",
        source="simulated with `large_t`; the 8 logs have 0.83 and more",
        gt=0,
        le=1,
    )
    steady: float = option(
        0.1,
        "Rise, in the same share, from which the slope of all that follows the best point shows "
        "it by `steady_t` standard errors, if these are `many_points`.",
        source="measured on small trainings of 49 data sets and models: all 7 logs that only this "
        "showed to `overfitting` were of models that overfitted; the same ones from 0.06 to 0.1, "
        "3 above 0.2",
        gt=0,
    )
    steady_t: float = option(
        3.0,
        "That slope in standard errors.",
        source="simulated: of 2,400 curves that scatter about a level by a third of what they "
        "gained, or more, one in three hundred rises so; the 7 logs are above 4.5",
        gt=0,
    )
    many_points: int = option(
        15,
        "The fewest points after the best one of such rises.",
        source="in the same measurement 3 of 5 logs with fewer than 20 were of healthy runs; of "
        "the logs of five later sets of trainings none with 14 to 19 was",
        ge=2,
    )

    def is_large(self, curve: Curve, turned: Turn, gain: float) -> bool:
        """Tell whether a curve gave back so much of what it gained that fewer errors will do."""
        return self._is_clear(curve, turned, gain) or self._is_steady(curve, turned, gain)

    def is_large_and_steady(self, curve: Curve, turned: Turn, gain: float) -> bool:
        """Tell whether it did so by both signs, as is asked where no training loss shows more.

        Simulated: of curves of 40 and 60 points that scatter about a level by a tenth to a third
        of what they gained, each value like the one before by half, 16 % are large by one of the
        signs, and no more of them are past their best by both than without these signs.
        """
        return self._is_clear(curve, turned, gain) and self._is_steady(curve, turned, gain)

    def _is_clear(self, curve: Curve, turned: Turn, gain: float) -> bool:
        clear = turned.t >= self.large_t and turned.lasting >= self.large_lasting
        return clear and self._back(curve, turned, gain) >= self.large

    def _is_steady(self, curve: Curve, turned: Turn, gain: float) -> bool:
        back = self._back(curve, turned, gain)
        return back >= self.steady and curve.trend.slope(turned.best.at, 1.0).t >= self.steady_t

    def _back(self, curve: Curve, turned: Turn, gain: float) -> float:
        """Return the share of the gain that was given back; 0 where few points followed."""
        after = len(curve.trend) - 1 - turned.best.bucket
        return ratio(turned.rise, gain) if after >= self.many_points else 0.0
