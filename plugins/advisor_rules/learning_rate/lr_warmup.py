"""The rule ``lr-warmup``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Change, Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, Nature, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling
from advisor_rules.signs import schedule
from advisor_rules.signs.early import Spike, early_spike
from advisor_rules.signs.measure import certainty, stretch
from advisor_rules.signs.said import At, smoothed


class LrWarmup(Rule):
    """The loss or the gradient norm spiked at the start, under a full learning rate: warm up.

    ## What it checks
    Looks for a rise of the training loss, or of the gradient norm, that begins and peaks in
    the first ``early`` of the run, lasts several points, is ``scatter`` times the scatter of
    its neighbourhood, and is recovered from by a third of the run. A loss must give up
    ``height`` of all that it gained; a gradient norm must rise to ``norm`` times its later level
    while the loss rises too, by half of ``scatter``, and be back soon.
    The rule fires only where the log shows that there was no warm-up: a logged rate that
    starts at its full height, or a recorded warm-up of 0.

    ## Why it matters
    The first gradients are large and point in many directions. A full step along them throws
    the weights off, and the run spends its first part on the way back.

    ## What to do
    Raise the rate from near 0 over the steps that the spike took.

    ## When to ignore it
    The spike cost a few steps only and the run ends as well as others.
    """

    name = "lr-warmup"
    stage = Stage.LEARNING_RATE
    severity = Severity.NOTE
    nature = Nature.OPTION
    requires = ("train/loss",)
    uses = ("lr", "grad_norm")
    points = 100
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.EARLY_SPIKE,)
    separated_by = ("the first part of the run again, with a warm-up",)
    basis = "Grows with the height of the spike against its scatter, from 0.6 to 0.85."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(3, "Warm-up is one of the ways to adjust the learning rate."),
        sources.wandb(4, "Exploding gradients are massive weight updates."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Warm the learning rate up over {length:step} {unit:text}",
        "observed": "{series:name} spiked at {axis:text} {step:step}",
        "evidence": "{series:name} rose from {low:number} to {peak:number} at {axis:text} "
        "{step:step} and was back at {axis:text} {last:step}; the rate was full from the start.",
        "do": "Raise the rate in a straight line from near 0 to its full value until {axis:text} "
        "{last:step}.",
        "why": "The first gradients are large and disagree; full steps along them throw the "
        "weights off before the loss can fall.",
        "check": "{series:name} stays below {peak:number} in the first part of the run.",
        "unless": "the spike cost a few steps only and the run ended as well as others.",
    }

    early: float = option(
        0.05,
        "Share of the run within which the spike must begin and peak.",
        source="chosen by eye; the tuning playbook keeps warm-up below a tenth of the run",
        gt=0,
        le=0.2,
    )
    scatter: float = option(
        6.0, "Smallest spike in standard deviations of one point.", source="chosen by eye", gt=0
    )
    height: float = option(
        0.3,
        "Smallest spike of a loss as a share of its gain.",
        source="chosen by eye; trainings at a good rate show rises of up to a quarter",
        gt=0,
    )
    norm: float = option(
        5.0,
        "Smallest peak of a gradient norm as a multiple of its median after that.",
        source="chosen by eye",
        gt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a spike at a full rate, one under a ramp, and none."""
        x = np.linspace(0, 1, 1000)
        spiked = falling(1000, seed=60) + 1.5 * np.exp(-(((x - 0.02) / 0.008) ** 2))
        full = np.full(1000, 0.1)
        return (
            Example(
                "a spike at a full rate",
                make_run(train_loss=spiked, lr=full, config={"lr": 0.1}),
                fires=True,
            ),
            Example(
                "a spike under a ramp",
                make_run(train_loss=spiked, lr=0.1 * np.minimum(x / 0.05, 1.0)),
                fires=False,
            ),
            Example("no spike", make_run(train_loss=falling(1000, seed=61), lr=full), fires=False),
            Example("nothing known of the rate", make_run(train_loss=spiked), fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the first part of the training loss, then of the gradient norm."""
        loss, norm = run["train/loss"], run.get("grad_norm")
        spike = early_spike(loss, self.early)
        if spike is None:
            return
        if spike.rise >= self.scatter * spike.scatter and self._high(loss, spike):
            yield from self._unless_ramped(run, loss, spike)
        elif norm is not None and len(norm) >= self.points:
            # A norm that rises while the loss falls is how training begins.
            rises = spike.rise >= self.scatter / 2 * spike.scatter
            peak = early_spike(norm, self.early)
            if rises and peak is not None and self._towers(norm, peak):
                yield from self._unless_ramped(run, norm, peak)

    def _high(self, loss: Curve, spike: Spike) -> bool:
        return spike.rise >= self.height * max(loss.trend.start - loss.trend.best.value, 0.0)

    def _towers(self, norm: Curve, spike: Spike) -> bool:
        high = spike.low > 0 and spike.peak >= self.norm * max(spike.later, spike.low)
        # Norms of a loss that settles end low anyway: a spike is over soon.
        brief = norm.fraction(spike.last_step) <= 2 * self.early
        return high and brief and spike.rise >= self.scatter * spike.scatter

    def _unless_ramped(self, run: RunView, curve: Curve, spike: Spike) -> Iterator[Finding]:
        if not _ramped(run, curve, spike):
            yield self._found(run, curve, spike)

    def _found(self, run: RunView, curve: Curve, spike: Spike) -> Finding:
        strength = spike.rise / max(self.scatter * spike.scatter, 1e-12 * spike.rise)
        return self.finding(
            confidence=certainty(strength, 0.6, 0.85),
            evidence=[
                stretch(
                    curve,
                    spike.first_step,
                    spike.last_step,
                    "height of the spike in standard deviations of its scatter",
                    strength * self.scatter,
                    self.scatter,
                )
            ],
            changes=(_warmup(run, curve, spike),),
            series=curve.tag,
            axis=curve.axis.value,
            unit=f"{curve.axis.value}s",
            length=spike.last_step - int(curve.steps[0]),
            step=spike.step,
            last=spike.last_step,
            low=smoothed(curve, At(spike.first_step, spike.low)),
            peak=smoothed(curve, At(spike.step, spike.peak)),
        )


def _ramped(run: RunView, curve: Curve, spike: Spike) -> bool:
    """Tell whether the rate rose at the start. Raises ``NotApplicable`` if that is not known."""
    recorded = run.settings.number("warmup")
    if recorded is not None:
        return recorded > 0
    rate = run.get("lr")
    if rate is None or not schedule.readable(rate):
        raise NotApplicable(
            "{series:name} spikes at the start, but neither the learning rate nor a warm-up "
            "is logged",
            series=curve.tag,
        )
    end = curve.fraction(spike.last_step)
    if sum(rate.fraction(step) <= end for step in rate.steps[:3].tolist()) < 3:
        raise NotApplicable("the learning rate is logged too rarely to see a warm-up")
    return schedule.ramped(rate)


def _warmup(run: RunView, curve: Curve, spike: Spike) -> Change:
    setting = run.settings.get("warmup")
    return Change.model_validate(
        {
            "parameter": "warmup",
            "path": setting.path if setting else None,
            "from": setting.value if setting else None,
            "to": f"a straight line up to {curve.axis.value} {spike.last_step:,}",
            "direction": "up",
        }
    )
