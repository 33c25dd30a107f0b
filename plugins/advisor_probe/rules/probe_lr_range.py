"""The rule ``probe-lr-range``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar, Literal

from advisor.finding import Change, Citation, Evidence, Finding, Severity
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.run import Run
from advisor.testing.runs import make_run
from advisor.text import Message, message
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, fact, of, own, wandb
from advisor_probe.rules.tried_rates import (
    FIRST,
    TRIED,
    USER,
    Tried,
    compared,
    lowest_of_the_best,
    tried_rates,
)

END, MIDDLE, GAIN = of("rates", "end", "middle", "gain")
(UPDATE,) = of("loop", "update")
(CURVE,) = of("rates", "range_loss")

Way = Literal["high", "low"]
STEPS = 300
"""Of the trainings that were compared, where a probe does not say so."""
VARIED = ("title", "observed", "evidence", "why")
"""The texts that depend on the way."""


class ProbeLrRange(MeasuredRule):
    """The learning rate is far from where trainings do well.

    ## What it checks
    A rate is suggested only if it was trained beside the user's, from the same weights on the
    same batches, and was better on held-out data for every plausible mean (95%, corrected for
    the number of rates tried). A short look at a hundredth, a tenth, ten and a hundred times the
    rate, and the valley of a range test, from three seeds, finds the likeliest. From five other
    seeds that one is trained for 300 steps, or as many as the real training has, with a decay to
    zero; and only if it is better, rates a factor of 3 from it as well. Suggested is the lowest
    of those that cannot be told from the best, if a rate ``apart`` decades away was better: a
    factor of 3 alone is no finding, one of 10 a note.

    Besides, trainings of 50 steps at thirteen rates from a thousandth to a thousand times the
    user's (up to 150 while none has learned anything) show how far off it is. Too high: the
    middle of the good rates lies ``high`` decades below the user's, which ends ``gain`` times as
    high as the best one; or it lies below at all, and the user's ends ``blatant`` times as high.
    Too low: it lies ``low`` decades above, and the user's ends ``gain`` times as high as the best
    one, or a step moves the weights by less than 10^``still`` of their size. From ``far`` decades
    on, of both, it is a warning; a low rate must leave the weights still besides, for short
    trainings favour high ones.

    Where no rate was better, none is suggested; a loss ``blatant`` times the best is still a
    note, if on held-out data it is on average ``gain`` times that of a lower rate.

    ## Why it matters
    A rate 100 times off costs a third to four fifths of what can be gained, one 10 times off a
    sixth to a third, one 3 times off next to nothing (measured).

    ## What to do
    Take the verified rate as a starting point. The trainings were shorter than yours, and short
    trainings favour high rates: compare again over your own number of steps.

    ## When to ignore it
    A warm-up brings the rate up to this value, or the model is fine-tuned and shall stay near
    where it is.
    """

    name = "probe-lr-range"
    stage = Stage.LEARNING_RATE
    severity = Severity.WARNING
    requires = (END, MIDDLE, GAIN)
    uses = (UPDATE, USER, FIRST, *TRIED, CURVE)
    symptoms = ("the learning rate is unusual",)
    separated_by = ("the verified rate over the full number of steps",)
    basis = "0.6 to 0.9: rates 100 times off were called high in 84%, low in 96% of cases."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(2, "Search from 1e-6 by a constant factor to about 10; retrain at what you choose."),
        own("Half of the diverging rate loses 0.63 to 0.74 of what can be gained: it is a limit, "
            "not a suggestion."),
    )  # fmt: skip
    texts: ClassVar[dict[str, str]] = {
        "title": "Lower the learning rate",
        "title.low": "Raise the learning rate",
        "observed": "Rate about {factor:number} times too high",
        "observed.low": "Rate about {factor:number} times too low",
        "evidence": "At {rate:rate} short trainings end at {gain:number} times the best loss; good "
        "rates lie about {middle:number} times lower. {verified:sentence}",
        "evidence.low": "At {rate:rate} short trainings end at {gain:number} times the best loss; "
        "good rates lie about {middle:number} times higher. {verified:sentence}",
        "evidence.longer": "Fifty steps do not show it, longer trainings do. {verified:sentence}",
        "do": "Try {wanted:rate} over your full number of steps.",
        "do.open": "Try rates a factor of 3 apart in that direction, over your own number of "
        "steps; none was verified here.",
        "why": "Too large a step oversteps the minimum, or leaps out of it.",
        "why.low": "Steps this small do not get anywhere in the time that there is.",
        "check": "Validation is better at the end of a full training, for at least two seeds.",
        "unless": "the model starts from trained weights, or a warm-up leads to this rate.",
    }

    high: float = option(
        0.6,
        "Decades below the user's rate at which it is too high.",
        source="our measurement (chosen after seeing the data): rates 100 times too high at -0.5 "
        "to -2.5, healthy ones at -0.5 (first percentile)",
        gt=0,
    )
    gain: float = option(
        1.5, "Times the best loss, at least.", source="our measurement: 0 of 102 healthy", gt=1
    )
    blatant: float = option(
        4.0,
        "Times the best loss from which on any lower middle is too high.",
        source="chosen by eye, for tasks on which the loss has hardly begun to fall in 50 steps",
        gt=1,
    )
    low: float = option(
        1.0, "Decades above the user's rate at which it is too low.", source="our measurement", gt=0
    )
    still: float = option(
        -2.75,
        "log10 of a step's relative size below which weights hardly move.",
        source="our measurement: healthy -2.6 (first percentile), rates 100 times too low -2.95 "
        "(95th)",
    )
    far: float = option(
        1.5,
        "Decades from which on it is more than a note.",
        source="our measurement: a factor of 10 costs 0.15 to 0.30 of the gain",
        gt=0,
    )
    least: float = option(
        0.01, "Smallest gain on held-out data.", source="chosen by eye", gt=0, lt=1
    )
    apart: float = option(
        0.9,
        "Decades from the user's rate of the nearest one that is a finding by itself.",
        source="our measurement: a factor of 3 costs 0.03 to 0.11 of the gain",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return rates 100 times too high and too low, near ones, and one that nothing beats."""
        user, better = [2.2, 2.3, 2.2, 2.3, 2.25], [0.3, 0.33, 0.31, 0.3, 0.32]
        wild = [2.1, 900.0, 2.1, 30.5, 2.2]
        return (
            _case("too high", -2.0, 9.0, -1.0, {"user": user, "tenth": better}, fires=True),
            _case("too low", 2.5, 9.0, -3.5, {"user": user, "valley": better}, fires=True),
            _case("a factor of 3", 0.5, 1.2, -2.0, {"user": user, "lower": better}, fires=False),
            _case("a factor of 10", 1.0, 2.0, -2.0, {"user": user, "valley": better}, fires=True),
            _case("seen late", 0.5, 1.1, -2.0, {"user": user, "tenfold": better}, fires=True),
            _case("as good", 1.2, 1.4, -2.0, {"user": better, "valley": better}, fires=False),
            _case("not beaten", -0.8, 1.6, -2.0, {"user": better, "tenth": user}, fires=False),
            _case("far too low", 2.0, 5.0, -2.5, {"user": user, "tenfold": better}, fires=True),
            _case("wildly high", -2.0, 9.0, -1.0, {"user": wild, "tenth": user}, fires=True),
            _case("best at first", -2.0, 9.0, -1.0, {"first_loss": better}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look whether a candidate was better, and what the short trainings say."""
        rate = fact(run, "rates.rate")
        if not isinstance(rate, int | float) or not 0 < rate < math.inf:
            raise NotApplicable("the optimizer has no one learning rate")
        tried = tried_rates(run, float(rate))
        verified = self._verified(tried)
        way = self._way(run) if verified is None else _way_to(verified)
        likely = way == "high" and self._blatant(run) and any(map(self._likely, tried))
        if way and (verified or likely or not compared(run)):
            yield self._found(run, float(rate), way, verified)

    def _verified(self, tried: list[Tried]) -> Tried | None:
        """Return the rate to suggest, if one that is far enough away was better."""
        better = [one for one in tried if one.low > self.least]
        far = any(abs(one.decades) >= self.apart for one in better)
        return lowest_of_the_best(better) if far else None

    def _way(self, run: RunView) -> Way | None:
        """Return which way the short trainings say that the rate is off."""
        middle, gained = float(run[MIDDLE].values[-1]), float(run[GAIN].values[-1])
        if middle <= -self.high and gained >= self.gain:
            return "high"
        if middle < 0 and self._blatant(run):
            return "high"
        enough = gained > 1 if self._still(run) else gained >= self.gain
        return "low" if middle >= self.low and enough else None

    def _blatant(self, run: RunView) -> bool:
        return float(run[GAIN].values[-1]) >= self.blatant

    def _likely(self, one: Tried) -> bool:
        """Tell whether a lower rate's loss is on average as much lower as the sweep has to show."""
        return one.decades < 0 and one.share >= 1 - 1 / self.gain

    def _still(self, run: RunView) -> bool:
        """Tell whether a step hardly moves the weights."""
        update = self.value(run, UPDATE)
        return update is not None and update < self.still

    def _found(self, run: RunView, rate: float, way: Way, verified: Tried | None) -> Finding:
        middle, shown = abs(float(run[MIDDLE].values[-1])), self._way(run) == way
        off = max(middle if shown else 0.0, abs(verified.decades) if verified else 0.0)
        grave = way == "high" and shown and self._blatant(run)
        serious = grave or (off >= self.far and (way == "high" or self._still(run)))
        variants = {part: "low" for part in VARIED if way == "low"}
        variants |= {} if shown else {"evidence": "longer"}
        variants |= {} if verified else {"do": "open"}
        return self.finding(
            confidence=0.6 if verified is None else 0.9 if serious else 0.75,
            severity=Severity.WARNING if verified and serious else Severity.NOTE,
            evidence=[self._cited(run, middle, verified, shown=shown)],
            changes=[] if verified is None else [_change(rate, verified.rate)],
            variants=variants,
            rate=rate,
            factor=10 ** min(abs(verified.decades) if verified else middle, 6.0),
            middle=10 ** min(middle, 6.0),
            gain=float(run[GAIN].values[-1]),
            wanted=rate if verified is None else verified.rate,
            verified=_said(run, verified),
        )

    def _cited(
        self, run: RunView, middle: float, verified: Tried | None, *, shown: bool
    ) -> Evidence:
        if shown or verified is None:
            return cited(run[END], "decades to the middle of good rates", middle, self.far)
        return cited(run[USER], "share of the loss that another rate saves", verified.share)


def _way_to(verified: Tried) -> Way:
    return "low" if verified.decades > 0 else "high"


def _said(run: RunView, verified: Tried | None) -> Message:
    if verified is None and not compared(run):
        text = "No other rate was compared with it on held-out data."
        return message("probe-lr-range.alone", text)
    if verified is None:
        text = "No rate that was trained beside it had a held-out loss lower beyond seed noise."
        return message("probe-lr-range.within-noise", text)
    return message(
        "probe-lr-range.verified",
        "Trained beside it for {steps:step} steps from {seeds:count seed|seeds}, {rate:rate} had a "
        "held-out loss {share:percent} lower (at least {low:percent}, 95%).",
        steps=fact(run, "rate-choice.steps", STEPS),
        seeds=len(verified.losses),
        rate=float(f"{verified.rate:.2g}"),
        share=verified.share,
        low=verified.low,
    )


def _change(before: float, after: float) -> Change:
    return Change.model_validate(
        {
            "parameter": "learning_rate",
            "path": "rates.rate",
            "from": before,
            "to": float(f"{after:.2g}"),
            "direction": "up" if after > before else "down",
        }
    )


def _case(
    title: str,
    middle: float,
    gained: float,
    update: float,
    compared: dict[str, list[float]],
    *,
    fires: bool,
) -> Example:
    series = {END: [2.2, 2.1, 2.0], MIDDLE: [middle], GAIN: [gained], UPDATE: [update] * 3}
    series |= {of("rate-choice", name)[0]: losses for name, losses in compared.items()}
    times = {"tenth": 0.1, "tenfold": 10.0, "valley": 10.0, "lower": 10**0.5}
    config = {"rates.rate": 0.01}
    config |= {f"rate-choice.{n}_rate": 0.01 * times.get(n, 1.0) for n in compared}
    run: Run = make_run(series=series, config=config)
    return Example(title, run, fires)
