"""The rule ``stale-gradients``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import median
from advisor.finding import Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.run import Floats, Run
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise
from advisor_rules.signs.measure import certainty, ratio, stretch

_SETTLED = 0.1
"""The share of a run that is left out at its start, and over which a level is taken."""


class _Steps(NamedTuple):
    """How norm and loss differ from one logged step to the next, at the median."""

    norm: float
    """As a share of the norm."""
    loss: float
    """As a share of the median loss."""
    growth: float
    """The norm of the last tenth over that of the first."""


class StaleGradients(Rule):
    """The gradient norm grows and hardly differs from step to step: old gradients are in it.

    ## What it checks
    The gradients of two batches differ by as much as the batches do. The rule fires if, from
    one logged step to the next, the gradient norm changes by less than ``smooth`` at the median
    and by less than ``share`` of what the loss does, and if it grows ``growth`` times over the
    run: so behaves a sum of all gradients so far. It needs ``points`` steps at which both the norm
    and the loss of single batches are logged.

    ## Why it matters
    Without clearing, each step follows the sum of all batches since the start, like a momentum
    of 1: the weights swing about the optimum and never come to rest.

    ## What to do
    Call ``optimizer.zero_grad()`` before each backward pass; where gradients are accumulated on
    purpose, once for each step of the optimizer.

    ## When to ignore it
    The logged norm is a moving average, or one over many batches, and the logged loss is not.
    """

    name = "stale-gradients"
    stage = Stage.PROGRAM
    severity = Severity.NOTE
    requires = ("grad_norm", "train/loss")
    points = 100
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (
        symptoms.GRADIENTS_ADD_UP,
        symptoms.LOSS_UNSTEADY,
        symptoms.LOSS_RISES,
        symptoms.EARLY_SPIKE,
    )
    silences = ("exploding-gradients", "clip-by-norm")
    # A sum of all gradients makes steps too long at any learning rate.
    precedes = ("diverged", "lr-too-high", "first-steps-too-large")
    confirmed_by = ("zero-grad-forgotten",)
    cleared_by = ("zero-grad-forgotten",)
    separated_by = ("the probe zero-grad-forgotten: it looks into `.grad` before each backward",)
    basis = "0.75 to 0.95, growing with how much smoother the norm is than the loss."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("A common mistake: to forget zero_grad before backward."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Call `optimizer.zero_grad()` before each backward",
        "observed": "Gradient norm grows {growth:number} times, without scatter",
        "evidence": "{norm:name} changes by {smooth:percent} from step to step while {loss:name} "
        "changes by {scatter:percent}, and ends at {growth:number} times its first level.",
        "do": "Print the gradient norm right before `loss.backward()`: unless it is 0, put "
        "`optimizer.zero_grad()` there.",
        "why": "Batches differ, and so do their gradients. A norm that grows without scatter is "
        "that of a sum over all batches so far.",
        "check": "{norm:name} scatters from step to step about as much as {loss:name}.",
        "unless": "the logged norm is a moving average and the logged loss is not.",
    }

    smooth: float = option(
        0.03,
        "Largest change of the norm from one logged step to the next, at the median.",
        source="measured on trainings of this project's benchmark: 0.015 and less in 24 that never "
        "cleared gradients; at most 13 of 1,557 others stay below it, whose loss changes as little",
        gt=0,
    )
    share: float = option(
        0.5,
        "The same as a share of the change of the loss.",
        source="in the same measurement 0.27 and less, against 1 and more",
        gt=0,
        lt=1,
    )
    growth: float = option(
        1.5,
        "The norm of the last tenth over that of the first.",
        source="in the same measurement 2.7 and more",
        gt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a norm that adds up, and norms that scatter or are as smooth as the loss."""
        loss = falling(400, seed=470, floor=0.8) * np.exp(noise(400, 0.2, 471))
        adds_up = np.linspace(1, 8, 400) * np.exp(noise(400, 0.003, 472))
        scattered = np.linspace(1, 8, 400) * np.exp(noise(400, 0.3, 473))
        smooth = falling(400, seed=474, size=0.0005)
        return (
            Example("a norm that adds up", _run(loss, adds_up), fires=True),
            Example("a norm that grows and scatters", _run(loss, scattered), fires=False),
            Example("a loss as smooth as the norm", _run(smooth, adds_up), fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare what norm and loss do from step to step."""
        norm, loss = run["grad_norm"], run["train/loss"]
        steps = self._steps(norm, loss)
        if steps.norm == 0:
            raise NotApplicable("{norm:name} is rounded: most steps are equal", norm=norm.tag)
        if steps.norm > self.smooth or steps.norm > self.share * steps.loss:
            return
        if steps.growth < self.growth:
            return
        first, last = int(norm.steps[0]), int(norm.steps[-1])
        step, grown = "change from step to step, median", "last tenth over first tenth"
        yield self.finding(
            confidence=certainty(self.share * steps.loss / steps.norm, 0.75, 0.95),
            evidence=[
                stretch(norm, first, last, step, steps.norm, self.share * steps.loss),
                stretch(norm, first, last, grown, steps.growth, self.growth),
                stretch(loss, int(loss.steps[0]), int(loss.steps[-1]), step, steps.loss, None),
            ],
            norm=norm.tag,
            loss=loss.tag,
            smooth=steps.norm,
            scatter=steps.loss,
            growth=steps.growth,
        )

    def _steps(self, norm: Curve, loss: Curve) -> _Steps:
        """Measure both where both were logged; raise where they were not, or stood at 0."""
        _, rows, others = np.intersect1d(
            norm.steps, loss.steps, assume_unique=True, return_indices=True
        )
        if norm.axis is not loss.axis or len(rows) < self.points:
            raise NotApplicable(
                "{norm:name} and {loss:name} share {n:count step|steps}; {points:step} are needed",
                norm=norm.tag,
                loss=loss.tag,
                n=len(rows) if norm.axis is loss.axis else 0,
                points=self.points,
            )
        norms, losses = norm.values[rows], loss.values[others]
        if norms.min() <= 0:
            raise NotApplicable("{norm:name} is 0 somewhere", norm=norm.tag)
        tenth = int(_SETTLED * len(rows))
        return _Steps(
            median(np.abs(np.diff(np.log(norms[tenth:])))),
            ratio(_change(losses[tenth:]), median(np.abs(losses[tenth:]))),
            median(norms[-tenth:]) / median(norms[:tenth]),
        )


def _run(loss: Floats, norm: Floats) -> Run:
    return make_run(train_loss=loss, grad_norm=norm)


def _change(values: Floats) -> float:
    return median(np.abs(np.diff(values)))
