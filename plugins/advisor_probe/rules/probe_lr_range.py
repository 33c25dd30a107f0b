"""The rule ``probe-lr-range``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar, Literal, NamedTuple

import numpy as np

from advisor.finding import Change, Citation, Finding, Severity
from advisor.model import Value
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.run import Floats, Run
from advisor.testing.runs import make_run
from advisor.text import Message, message
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, fact, of, own, wandb
from advisor_probe.statistics import gain

END, MIDDLE, GAIN = of("rates", "end", "middle", "gain")
(UPDATE,) = of("loop", "update")
CANDIDATES = ("valley", "hundredth", "tenth", "tenfold", "hundredfold")
USER, *TRIED = of("rate-choice", "user", *CANDIDATES)
(CURVE,) = of("rates", "range_loss")


Way = Literal["high", "low"]


class _Tried(NamedTuple):
    """A candidate, and by what share its held-out loss is lower than that of the user's rate."""

    rate: float
    share: float
    low: float
    seeds: int


class ProbeLrRange(MeasuredRule):
    """The learning rate is far from where short trainings do well.

    ## What it checks
    Short trainings at thirteen rates from a thousandth to a thousand times the user's (50 steps;
    up to 150 while none has learned anything). Too high:
    the middle of the good rates lies ``high`` decades below the user's, which ends
    ``gain`` times as high as the best one; or it lies below at all, and the user's ends
    ``blatant`` times as high. Too low: it lies ``low`` decades above, and the user's ends ``gain``
    times as high as the best one, or a step moves the weights by less than 10^``still`` of their
    size. Where it moves them by more it is a note, for short trainings favour high rates. A
    factor of 3 is no finding, one of 10 a note.

    A rate is suggested only if it was trained beside the user's, from the same weights on the
    same batches, and was better on held-out data for every plausible mean (95%, corrected for
    the number of candidates in that direction). Where none was, nothing is suggested; a loss
    ``blatant`` times the best is still a note, if on held-out data it is on average ``gain`` times
    that of a lower rate.

    ## Why it matters
    A rate 100 times off costs a third to four fifths of what can be gained, one 10 times off a
    sixth to a third, one 3 times off next to nothing (measured).

    ## What to do
    Take the verified rate as a starting point. The trainings were short, and short trainings
    favour high rates: compare again over your own number of steps.

    ## When to ignore it
    A warm-up brings the rate up to this value, or the model is fine-tuned and shall stay near
    where it is.
    """

    name = "probe-lr-range"
    stage = Stage.LEARNING_RATE
    severity = Severity.WARNING
    requires = (END, MIDDLE, GAIN)
    uses = (UPDATE, USER, *TRIED, CURVE)
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
        "rates lie about {factor:number} times lower. {verified:sentence}",
        "evidence.low": "At {rate:rate} short trainings end at {gain:number} times the best loss; "
        "good rates lie about {factor:number} times higher. {verified:sentence}",
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

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return rates 100 times too high and too low, near ones, and one that nothing beats."""
        user, better = [2.2, 2.3, 2.2, 2.3, 2.25], [0.3, 0.33, 0.31, 0.3, 0.32]
        wild = [2.1, 900.0, 2.1, 30.5, 2.2]
        return (
            _case("too high", -2.0, 9.0, -1.0, {"user": user, "tenth": better}, fires=True),
            _case("too low", 2.5, 9.0, -3.5, {"user": user, "valley": better}, fires=True),
            _case("a factor of 3", -0.5, 1.2, -2.0, {"user": better, "tenth": user}, fires=False),
            _case("a factor of 10", 1.0, 2.0, -2.0, {"user": user, "valley": better}, fires=True),
            _case("as good", 1.2, 1.4, -2.0, {"user": user, "valley": better}, fires=False),
            _case("not beaten", -0.8, 1.6, -2.0, {"user": better, "tenth": user}, fires=False),
            _case("far too low", 2.0, 5.0, -2.5, {"user": user, "tenfold": better}, fires=True),
            _case("wildly high", -2.0, 9.0, -1.0, {"user": wild, "tenth": user}, fires=True),
            _case("the wrong way", -2.0, 2.0, -1.0, {"user": user, "tenfold": better}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Find the direction, then look whether a candidate was better."""
        rate = fact(run, "rates.rate")
        if not isinstance(rate, int | float) or not 0 < rate < math.inf:
            raise NotApplicable("the optimizer has no one learning rate")
        way = self._way(run)
        if way is None:
            return
        tried = _tried(run, float(rate), way)
        verified = max((one for one in tried if one.low > self.least), default=None, key=_share)
        likely = way == "high" and self._blatant(run) and any(map(self._likely, tried))
        if verified is not None or likely or run.get(USER) is None:
            yield self._found(run, float(rate), way, verified)

    def _way(self, run: RunView) -> Way | None:
        middle, gained = float(run[MIDDLE].values[-1]), float(run[GAIN].values[-1])
        if middle <= -self.high and gained >= self.gain:
            return "high"
        if middle < 0 and self._blatant(run):
            return "high"
        enough = gained > 1 if self._still(run) else gained >= self.gain
        return "low" if middle >= self.low and enough else None

    def _blatant(self, run: RunView) -> bool:
        return float(run[GAIN].values[-1]) >= self.blatant

    def _likely(self, one: _Tried) -> bool:
        """Tell whether a loss is on average as many times lower as the sweep has to show."""
        return one.share >= 1 - 1 / self.gain

    def _still(self, run: RunView) -> bool:
        """Tell whether a step hardly moves the weights."""
        update = self.value(run, UPDATE)
        return update is not None and update < self.still

    def _found(self, run: RunView, rate: float, way: Way, verified: _Tried | None) -> Finding:
        middle, gained = abs(float(run[MIDDLE].values[-1])), float(run[GAIN].values[-1])
        high = middle >= self.far or self._blatant(run)
        serious = high if way == "high" else middle >= self.far and self._still(run)
        variants = {p: "low" for p in ("title", "observed", "evidence", "why") if way == "low"}
        if verified is None:
            variants["do"] = "open"
        return self.finding(
            confidence=0.6 if verified is None else 0.9 if serious else 0.75,
            severity=Severity.WARNING if verified and serious else Severity.NOTE,
            evidence=[cited(run[END], "decades to the middle of good rates", middle, self.far)],
            changes=[] if verified is None else [_change(rate, verified.rate)],
            variants=variants,
            rate=rate,
            factor=10 ** min(middle, 6.0),
            gain=gained,
            wanted=rate if verified is None else verified.rate,
            verified=_said(verified, compared=run.get(USER) is not None),
        )


def _tried(run: RunView, rate: float, way: Way) -> list[_Tried]:
    """Return the candidates on the right side of the user's rate that did not diverge.

    The sweep has chosen the side, from other trainings: those of the other one do not count as
    comparisons.
    """
    candidates = {
        float(tried): curve.effective.values
        for name, key in zip(CANDIDATES, TRIED, strict=True)
        if (curve := run.get(key)) and isinstance(tried := _rate(run, name), int | float)
        if (tried < rate) == (way == "high")
    }
    user = run.get(USER)
    before = np.array([]) if user is None else user.effective.values
    return [
        _compared(tried, before, after, len(candidates))
        for tried, after in candidates.items()
        if len(before) == len(after) > 0 and np.isfinite(after).all()
    ]


def _rate(run: RunView, name: str) -> Value:
    return fact(run, f"rate-choice.{name}_rate")


def _compared(rate: float, before: Floats, after: Floats, comparisons: int) -> _Tried:
    measured = gain(before, after, comparisons)
    if measured is None:
        return _Tried(rate, 1.0, 1.0, len(after))
    return _Tried(rate, measured.mean, measured.low, measured.pairs)


def _share(one: _Tried) -> float:
    return one.share


def _said(verified: _Tried | None, *, compared: bool) -> Message:
    if verified is None and compared:
        text = "No rate that was trained beside it had a held-out loss lower beyond seed noise."
        return message("probe-lr-range.within-noise", text)
    if verified is None:
        text = "No other rate was compared with it on held-out data."
        return message("probe-lr-range.alone", text)
    return message(
        "probe-lr-range.verified",
        "Trained beside it from {seeds:count seed|seeds}, {rate:rate} had a held-out loss "
        "{share:percent} lower (at least {low:percent}, 95%).",
        seeds=verified.seeds,
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
    times = {"tenth": 0.1, "tenfold": 10.0, "valley": 10.0 if middle > 0 else 0.1}
    config = {"rates.rate": 0.01}
    config |= {f"rate-choice.{n}_rate": 0.01 * times.get(n, 1.0) for n in compared}
    run: Run = make_run(series=series, config=config)
    return Example(title, run, fires)
