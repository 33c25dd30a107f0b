"""The rule ``loss-not-finite``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from advisor.curve import Curve
from advisor.finding import Citation, Cost, Evidence, Finding, Severity
from advisor.rule import Example, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, with_values
from advisor_rules.signs.measure import stretch
from advisor_rules.signs.other_rate import lower_rate


class _Bad(NamedTuple):
    """Where a series stops being finite for good."""

    curve: Curve
    before: int
    """The last step with a finite value, or the first step of all."""
    first: int
    last: int
    points: int


class LossNotFinite(Rule):
    """The loss became NaN or infinite and did not come back.

    ## What it checks
    Looks for NaN and infinite values in the training and validation losses. The rule fires
    where they last to the end of the series (longer than any gap before, so that an epoch
    without validation, logged as NaN, is not taken for one), or where a training loss is not
    finite again and again. A single bad value that the run recovers from is left alone.

    ## Why it matters
    Nothing that is computed from a NaN is finite. From that step on the weights are
    usually lost, and all compute after it with them.

    ## What to do
    Go back to a checkpoint from before the step and lower the learning rate ten-fold; clip
    the gradient norm if it is not clipped. Where the loss is bad from the first step, look at
    the inputs and at logarithms, divisions and half precision instead.

    ## When to ignore it
    The value is a placeholder that your logging code writes where there is nothing to log.
    """

    name = "loss-not-finite"
    stage = Stage.NON_FINITE
    severity = Severity.ERROR
    requires = ("train/loss|val/loss",)
    uses = ("lr", "train/loss", "val/loss")
    points = 0
    reads_non_finite = True
    symptoms = (symptoms.NOT_FINITE,)
    silences = (
        "stage:learning-rate",
        "stage:epochs",
        "stage:batch-size",
        "stage:decay",
        "stage:fit",
        "stage:gradients",
        "stage:optimizer",
        "stage:averaging",
    )
    ends_run = True
    confirmed_by = ("probe-not-finite",)
    separated_by = ("a run at a tenth of the learning rate", "log grad_norm")
    do_separates = ("do",)
    basis = "A NaN is a fact; less sure where few values are bad or only validation is."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("A step size that is too big oversteps and makes training unstable."),
        sources.wandb(4, "Exploding gradients are massive weight updates; clip them by norm."),
        sources.bullettech(3, "Search the learning rate in ten-fold steps."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Lower the learning rate tenfold",
        "title.from-start": "Fix the inputs or the loss: it is never finite",
        "observed": "{series:name} is not finite from {axis:text} {step:step}",
        "evidence": "{series:name} was {value:number} at {axis:text} {before:step} and has been "
        "NaN or infinite in {count:count value|values} since {axis:text} {step:step}.",
        "evidence.from-start": "{series:name} is NaN or infinite in all of its "
        "{count:count value|values}, from {axis:text} {step:step} on.",
        "evidence.recurring": "{series:name} is NaN or infinite in {count:count value|values}, "
        "the first at {axis:text} {step:step}; the last finite value before was {value:number}.",
        "do": "Restart from a checkpoint before {axis:text} {step:step} with a tenth of the "
        "learning rate, and clip the gradient norm at 1 if it is not clipped.",
        "do.from-start": "Check one batch for NaN and infinite inputs, then the loss for "
        "logarithms and divisions of 0, then try full precision.",
        "why": "Updates that are too large drive weights out of the range that floating point "
        "holds; every value computed from a NaN is NaN.",
        "why.from-start": "The first loss is computed before any update, so no optimizer setting "
        "can be the cause.",
        "check": "The loss stays finite past {axis:text} {step:step}.",
        "unless": "your code writes NaN where there is nothing to log.",
        "cost": "{share:percent} of the run came after the last finite value.",
        "cost.from-start": "The whole run: not one of its losses is finite.",
    }

    recurring_share: float = option(
        0.01,
        "Share of bad training losses from which a run that recovers is reported.",
        source="chosen by eye; loss scaling in half precision skips fewer steps than that",
        gt=0,
        le=1,
    )
    recurring_points: int = option(
        3, "The fewest bad training losses for that.", source="chosen by eye", ge=1
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return runs with lasting, passing and placeholder NaNs."""
        loss = falling(100, seed=1)
        every_fifth = with_values(loss, np.nan, *(i for i in range(100) if i % 5 != 4))
        return (
            Example(
                "NaN from step 60 on",
                make_run(
                    train_loss=with_values(loss, np.nan, *range(60, 100)),
                    config={"optimizer.lr": 0.1},
                ),
                fires=True,
            ),
            Example(
                "one infinite validation loss",
                make_run(train_loss=loss, val_loss=with_values(loss, np.inf, 3)),
                fires=False,
            ),
            Example(
                "validation every fifth epoch, NaN between",
                make_run(train_loss=loss, val_loss=every_fifth),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at every loss; the training loss leads."""
        curves = (*run.every("train/loss"), *run.every("val/loss"))
        lasting = [bad for curve in curves if (bad := _lasting(curve)) is not None]
        if lasting:
            yield self._lasting_finding(run, lasting)
            return
        recurring = [c for c in run.every("train/loss") if self._recurs(c)]
        if recurring:
            yield self._recurring_finding(run, recurring[0])

    def _recurs(self, curve: Curve) -> bool:
        count = len(curve.non_finite)
        share = count / max(len(curve.effective), 1)
        return count >= self.recurring_points and share >= self.recurring_share

    def _lasting_finding(self, run: RunView, found: list[_Bad]) -> Finding:
        bad = found[0]
        from_start = len(bad.curve) == 0
        training = bad.curve.role.split == "train"
        variants = dict.fromkeys(("title", "evidence", "do", "why"), "from-start")
        cost = self._cost(bad, from_start=from_start) if training else None
        return self.finding(
            confidence=_confidence(bad, training),
            severity=Severity.ERROR if training else Severity.WARNING,
            evidence=[_evidence(one) for one in found],
            changes=() if from_start else (lower_rate(run),),
            cost=cost,
            variants=variants if from_start else None,
            series=bad.curve.tag,
            axis=bad.curve.axis.value,
            step=bad.first,
            before=bad.before,
            count=bad.points,
            value=0.0 if from_start else float(bad.curve.values[-1]),
        )

    def _recurring_finding(self, run: RunView, curve: Curve) -> Finding:
        steps = curve.non_finite.steps
        earlier = curve.values[curve.steps < steps[0]]
        bad = _Bad(curve, int(steps[0]), int(steps[0]), int(steps[-1]), len(steps))
        return self.finding(
            confidence=0.8,
            severity=Severity.WARNING,
            evidence=[_evidence(bad)],
            changes=(lower_rate(run),),
            variants={"evidence": "recurring"},
            series=curve.tag,
            axis=curve.axis.value,
            step=bad.first,
            before=bad.before,
            count=bad.points,
            value=float(earlier[-1]) if len(earlier) else float(curve.values[0]),
        )

    def _cost(self, bad: _Bad, *, from_start: bool) -> Cost:
        first = int(bad.curve.effective.steps[0])
        share = 1.0 if from_start else (bad.last - bad.before) / max(bad.last - first, 1)
        return Cost(
            share=min(max(share, 0.0), 1.0),
            of="compute",
            first_step=bad.first,
            last_step=bad.last,
            message=self.say("cost.from-start" if from_start else "cost", share=share),
        )


def _lasting(curve: Curve) -> _Bad | None:
    """Return the bad stretch at the end, if it is longer than any gap before it."""
    steps, bad = curve.effective.steps, ~np.isfinite(curve.effective.values)
    if not len(bad) or not bad[-1]:
        return None
    lengths = _runs(bad)
    least = 1 if curve.role.split == "train" else 2
    if len(lengths) > 1 and lengths[-1] <= 2 * max(lengths[:-1]):
        return None
    if lengths[-1] < least:
        return None
    first = len(bad) - lengths[-1]
    return _Bad(
        curve, int(steps[max(first - 1, 0)]), int(steps[first]), int(steps[-1]), lengths[-1]
    )


def _runs(bad: npt.NDArray[np.bool_]) -> list[int]:
    """Return the lengths of the stretches of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], bad, [False])).astype(np.int8)))
    return [int(length) for length in edges[1::2] - edges[::2]]


def _confidence(bad: _Bad, training: bool) -> float:
    """0.99 for a training loss; less for one bad value, and less again for validation."""
    few = bad.points < 3
    return (0.9 if few else 0.99) if training else (0.6 if few else 0.75)


def _evidence(bad: _Bad) -> Evidence:
    return stretch(
        bad.curve, bad.before, bad.last, "NaN or infinite values", float(bad.points), 0.0
    )
