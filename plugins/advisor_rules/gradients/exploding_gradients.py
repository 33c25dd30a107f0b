"""The rule ``exploding-gradients``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import median
from advisor.finding import Change, Citation, Evidence, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise, with_values
from advisor_rules.given.clipping import lower_clip
from advisor_rules.signs.measure import certainty, relative, stretch, turn
from advisor_rules.signs.norms import LEAST, bursts, shaken, unsettled, usual


class ExplodingGradients(Rule):
    """The gradient norm grew or burst far above its own level, and the loss went with it.

    ## What it checks
    Three things, each against the run's own level, never against a fixed norm. The norm before
    the first loss that is not finite, if none is finite after it: ``burst`` times the level
    before. The level of the norm at the end: ``growth`` times its lowest, while the training
    loss ends clearly above its best. Bursts of the norm by ``burst``, and above all norms of the
    first tenth: at least ``count``, half of them at a spike of the loss. Bursts from which the loss
    recovers are a note.

    ## Why it matters
    One step along an exploded gradient throws the weights far away. What was learned since is
    lost, or the loss becomes infinite.

    ## What to do
    Clip the gradient by its norm, at what is usual in the calm part of the run, and try a
    few thresholds around it.

    ## When to ignore it
    The norm is logged before clipping, the loss recovers at once, and nothing is lost by it.
    """

    name = "exploding-gradients"
    stage = Stage.GRADIENTS
    severity = Severity.WARNING
    requires = ("grad_norm", "train/loss")
    points = 6
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.GRADIENTS_EXPLODE, symptoms.LOSS_RISES, symptoms.NOT_FINITE)
    silences = ("clip-by-norm",)
    confirmed_by = ("probe-exploding-gradients",)
    separated_by = ("a run with the gradient clipped by norm", "a run at a third of the rate")
    basis = "Grows with the height of norm over level, from 0.6 at the threshold to 0.9."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(4, "Exploding gradients give some layers massive updates."),
        sources.wandb(4, "Clip by norm, especially recurrent nets; try several thresholds."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Clip the gradient by norm at {clip:number}",
        "title.clipped": "Lower the clipping threshold to {clip:number}",
        "observed": "Gradient norm at {height:number} times its level",
        "evidence": "{norm:name} rose to {height:number} times its level right before {loss:name} "
        "became non-finite at {axis:text} {step:step}.",
        "evidence.growth": "{norm:name} ends at {height:number} times its lowest level, and "
        "{loss:name} above its best from {axis:text} {step:step} on.",
        "evidence.bursts": "{count:count burst|bursts} of {norm:name}, the median one "
        "{height:number} times its level; {loss:name} spiked at {shaken:step} of them, first at "
        "{axis:text} {step:step}.",
        "do": "Clip by norm at {clip:number}, which nine in ten norms of the calm part stay "
        "below; try half and twice of it.",
        "why": "A step goes as far as the gradient is long. One that is many times too long "
        "leaves the region in which the loss was low.",
        "check": "The loss passes {axis:text} {step:step} without a spike.",
        "unless": "the norm is logged before clipping and the loss loses nothing by it.",
    }

    burst: float = option(
        10.0,
        "Height of a burst, as a multiple of the level around it.",
        source="chosen by eye; the norms of single batches scatter by a factor of two or three",
        gt=1,
    )
    growth: float = option(
        5.0,
        "Level at the end, as a multiple of the lowest one after the first tenth.",
        source="chosen by eye; norms that grow by less are common where the loss falls",
        gt=1,
    )
    count: int = option(3, "The fewest bursts.", source="chosen by eye", ge=1)
    visible: float = option(
        0.1, "Height of a spike of the loss, as a share of all gained.", source="chosen by eye",
        gt=0,
    )  # fmt: skip

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return norms that burst with the loss and without it."""
        loss = falling(400, seed=80)
        norm = np.exp(noise(400, 0.3, 81))
        places = (120, 200, 290)
        high = with_values(norm, 60.0, *places)
        return (
            Example(
                "bursts at spikes of the loss",
                make_run(train_loss=with_values(loss, 2.0, *places), grad_norm=high),
                fires=True,
            ),
            Example("bursts alone", make_run(train_loss=loss, grad_norm=high), fires=False),
            Example(
                "a norm that grows as the loss falls",
                make_run(train_loss=loss, grad_norm=norm * np.linspace(1, 9, 400)),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for a blow-up, then for growth, then for bursts; the first one found is told."""
        norm, loss = run["grad_norm"], run["train/loss"]
        longer = (self._growth, self._bursts) if min(len(norm), len(loss)) >= LEAST else ()
        found = (look(run, norm, loss) for look in (self._blow_up, *longer))
        first = next((one for one in found if one is not None), None)
        if first is not None and norm.values.min() >= 0 and usual(norm) > 0:
            yield first

    def _blow_up(self, run: RunView, norm: Curve, loss: Curve) -> Finding | None:
        if not len(loss.non_finite) or loss.axis is not norm.axis:
            return None
        gone = int(loss.non_finite.steps[0])
        before = norm.values[norm.steps <= gone]
        if len(before) < 10 or np.mean(loss.steps > gone) > 0.1:
            return None
        level = median(before[:-5])
        height = float(before[-5:].max() / level) if level > 0 else 0.0
        last = int(norm.steps[len(before) - 1])
        seen = stretch(norm, norm.steps[0], last, "norm over its level", height, self.burst)
        return self._found(run, seen, height, gone) if height >= self.burst else None

    def _growth(self, run: RunView, norm: Curve, loss: Curve) -> Finding | None:
        turned = turn(loss)
        risen = turned.t >= 5 and turned.rise >= 0.3 * loss.trend.gain and turned.lasting >= 0.8
        if not risen or relative(loss, turned.rise, loss.trend.around(turned.best)) < self.visible:
            return None
        trend = norm.trend
        calm = trend.smooth[trend.at >= 0.1]
        height = trend.tail().value / float(calm.min()) if calm.min() > 0 else 0.0
        if height < self.growth:
            return None
        first, last = norm.steps[0], norm.steps[-1]
        seen = stretch(norm, first, last, "level at the end over the lowest", height, self.growth)
        return self._found(run, seen, height, turned.best.step, evidence="growth")

    def _bursts(self, run: RunView, norm: Curve, loss: Curve) -> Finding | None:
        before = float(unsettled(norm).max())
        if np.sum(norm.values > before) < self.count or loss.axis is not norm.axis:
            return None
        found = bursts(norm, self.burst).above(norm, before)
        if len(found.steps) < self.count:
            return None
        spiked = shaken(loss, found.steps, self.visible)
        if spiked.sum() < self.count or spiked.mean() < 0.5:
            return None
        height = median(found.heights)
        first, last = found.steps[spiked][0], found.steps[spiked][-1]
        seen = stretch(norm, first, last, "median burst over its level", height, self.burst)
        counts = {"count": len(spiked), "shaken": int(spiked.sum())}
        return self._found(
            run, seen, height, int(first), evidence="bursts", severity=Severity.NOTE, **counts
        )

    def _found(
        self,
        run: RunView,
        seen: Evidence,
        height: float,
        step: int,
        *,
        evidence: str = "",
        severity: Severity | None = None,
        **counts: Any,
    ) -> Finding:
        norm = run["grad_norm"]
        change: Change = lower_clip(run.settings, usual(norm))
        variants = {"evidence": evidence} if evidence else {}
        clipped = {} if change.before is None else {"title": "clipped"}
        threshold = seen.threshold or 1.0
        return self.finding(
            confidence=certainty(height / threshold, 0.6, 0.9),
            evidence=[seen],
            changes=[change],
            variants=variants | clipped,
            severity=severity,
            norm=norm.tag,
            loss=run["train/loss"].tag,
            axis=norm.axis.value,
            height=height,
            step=step,
            clip=change.after,
            **counts,
        )
