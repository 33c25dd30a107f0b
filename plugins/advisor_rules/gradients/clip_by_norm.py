"""The rule ``clip-by-norm``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Change, Citation, Finding, Severity
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise, with_values
from advisor_rules.given.clipping import by_value, is_adaptive, lower_clip, threshold
from advisor_rules.signs.measure import certainty, stretch
from advisor_rules.signs.norms import LEAST, Bursts, bursts, settled, usual

_PINNED = 1e-3
"""A norm within this share of the threshold was clipped to it (float rounding, generously)."""


class ClipByNorm(Rule):
    """The gradient is clipped by value, nearly always, or not where it bursts.

    ## What it checks
    The settings: whether they clip by value. The logged norm after the first tenth of the run
    against the recorded threshold: whether at least ``always`` of the norms are above it
    (or pinned at it, where the norm is logged after clipping); and whether at least ``count``
    norms burst to ``burst`` times their level while the settings switch clipping off, or set a
    threshold above all of them. Where the settings say nothing about clipping, the rule
    says nothing either. Optimizers that divide by the size of the gradient (Adam and its
    kin) hardly notice that it was cut, so for them norms must exceed the threshold ``adaptive``
    times.

    ## Why it matters
    Clipping by value turns the gradient, clipping by norm only shortens it. A threshold below
    nearly all norms makes every step equally long, so the learning rate alone sets its
    length. One above all bursts protects from nothing.

    ## What to do
    Clip by norm, at about the norm that is usual in the calm part of the run. Try a few.

    ## When to ignore it
    The recipe normalizes every gradient on purpose, as some for large models do.
    """

    name = "clip-by-norm"
    stage = Stage.GRADIENTS
    severity = Severity.NOTE
    requires = ("grad_norm|train/loss",)
    uses = ("grad_norm", "train/loss")
    symptoms = (symptoms.CLIPPING_OFF,)
    separated_by = ("a run each at half and at twice the threshold",)
    do_separates = ("do.above",)
    basis = "Clipping by value is a fact of the settings; else 0.6 to 0.9, by share or height."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(4, "Clip by norm rather than by value: it keeps the gradient's direction."),
        sources.wandb(4, "Try several thresholds."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Clip the gradient by norm, not by value",
        "title.always": "Raise the clipping threshold to {clip:number}",
        "title.bursts": "Clip the gradient by norm at {clip:number}",
        "observed": "Gradient clipped by value",
        "observed.always": "{share:percent} of the steps are clipped",
        "observed.bursts": "{count:count burst|bursts} of the gradient norm, unclipped",
        "evidence": "{path:name} clips each value of the gradient by itself.",
        "evidence.always": "{share:percent} of {norm:name} after {axis:text} {step:step} reach "
        "the threshold of {before:number} that {path:name} sets.",
        "evidence.bursts": "{norm:name} bursts to {height:number} times its level "
        "{count:count time|times}, first at {axis:text} {step:step}; {path:name} is "
        "{before:number}.",
        "do": "Clip by the norm of the whole gradient, and try a few thresholds.",
        "do.always": "Try {clip:number}, which nine in ten norms stay below, and values between.",
        "do.above": "Try half and twice the threshold of {before:number}: norms after clipping do "
        "not show how long the gradients were. Log the norm before clipping.",
        "do.bursts": "Try {clip:number}, which nine in ten norms of the calm part stay below.",
        "why": "Clipping by value changes the direction of the step; by norm only its length.",
        "why.always": "Where every gradient is cut to one length, the steps no longer get smaller "
        "towards a minimum, and the learning rate alone sets how far they go.",
        "why.bursts": "One step along a gradient that is many times too long can undo many others.",
        "check": "The training loss falls at least as fast.",
        "unless": "every gradient is normalized on purpose.",
    }

    always: float = option(
        0.9, "Share of norms at or above the threshold.", source="chosen by eye", gt=0, le=1
    )
    adaptive: float = option(
        10.0,
        "Norms over threshold from which clipping is too tight under Adam and its kin.",
        source="chosen by eye; the Trainer's default of 1 clips most steps of healthy runs",
        ge=1,
    )
    burst: float = option(
        10.0, "Height of a burst over its level.", source="as in exploding-gradients", gt=1
    )
    count: int = option(3, "The fewest bursts.", source="chosen by eye", ge=1)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return gradients clipped by value, always, sometimes, and not at all."""
        loss = falling(400, seed=90)
        norm = np.exp(noise(400, 0.3, 91))
        high = with_values(norm, 40.0, 100, 200, 300)
        return (
            Example("by value", make_run(train_loss=loss, config={"clipvalue": 0.5}), fires=True),
            Example(
                "a threshold below nearly all norms",
                make_run(train_loss=loss, grad_norm=norm, config={"grad_clip": 0.4}),
                fires=True,
            ),
            Example(
                "a threshold that cuts the highest",
                make_run(train_loss=loss, grad_norm=high, config={"grad_clip": 2.0}),
                fires=False,
            ),
            Example(
                "settings silent about clipping",
                make_run(train_loss=loss, grad_norm=high, config={"lr": 0.1}),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the settings, then hold the norm against the threshold they set."""
        path = by_value(run.settings)
        norm = run.get("grad_norm")
        if path is not None:
            yield self._by_value(run, path)
            return
        clip = threshold(run.settings)
        if norm is None or clip is None or len(norm) < LEAST:
            raise NotApplicable("the log does not hold both the gradient norm and the threshold")
        if norm.values.min() < 0 or usual(norm) <= 0:
            return
        share, pinned = self._clipped(run, norm, clip)
        found = bursts(norm, self.burst)
        if clip > 0 and share >= self.always:
            yield self._always(run, norm, share, pinned=pinned)
        elif len(found.steps) >= self.count and (clip == 0 or clip > norm.values.max()):
            yield self._missing(run, norm, found)

    def _clipped(self, run: RunView, norm: Curve, clip: float) -> tuple[float, bool]:
        """Return the share of norms that were clipped, and whether they were logged after it."""
        values = settled(norm)
        adaptive = is_adaptive(run.settings)
        if values.max() > clip * (1 + _PINNED):
            return float(np.mean(values > clip * (self.adaptive if adaptive else 1))), False
        pinned = float(np.mean(values >= clip * (1 - _PINNED)))
        return (0.0 if adaptive else pinned), True

    def _by_value(self, run: RunView, path: str) -> Finding:
        curve = run["grad_norm|train/loss"]
        first, last = int(curve.steps[0]), int(curve.steps[-1])
        return self.finding(
            confidence=0.9,
            evidence=[stretch(curve, first, last, "points trained so", len(curve), None)],
            path=path,
        )

    def _always(self, run: RunView, norm: Curve, share: float, *, pinned: bool) -> Finding:
        later = norm.steps[-len(settled(norm)) :]
        setting = run.settings.get("gradient_clip")
        clip = 2 * (threshold(run.settings) or 0.0) if pinned else usual(norm)
        change = Change.model_validate(
            {
                "parameter": "gradient_clip",
                "path": setting.path if setting else None,
                "from": threshold(run.settings),
                "to": clip,
                "direction": "up",
            }
        )
        variants = dict.fromkeys(("title", "observed", "evidence", "do", "why"), "always")
        seen = stretch(norm, later[0], later[-1], "share of norms clipped", share, self.always)
        return self.finding(
            confidence=0.6 if pinned else 0.7,
            evidence=[seen],
            changes=[change],
            variants=variants | ({"do": "above"} if pinned else {}),
            share=share,
            step=int(later[0]),
            **self._named(norm, change),
        )

    def _missing(self, run: RunView, norm: Curve, found: Bursts) -> Finding:
        height = float(np.median(found.heights))
        change = lower_clip(run.settings, usual(norm))
        first, last = found.steps[0], found.steps[-1]
        variants = dict.fromkeys(("title", "observed", "evidence", "do", "why"), "bursts")
        return self.finding(
            confidence=certainty(height / self.burst, 0.6, 0.9),
            evidence=[stretch(norm, first, last, "median burst over level", height, self.burst)],
            changes=[change],
            variants=variants,
            height=height,
            count=len(found.steps),
            step=int(first),
            **self._named(norm, change),
        )

    def _named(self, norm: Curve, change: Change) -> dict[str, Any]:
        before = change.before
        return {
            "norm": norm.tag,
            "axis": norm.axis.value,
            "path": change.path or "gradient_clip",
            "clip": float(str(change.after)),
            "before": before if isinstance(before, int | float) else 0.0,
        }
