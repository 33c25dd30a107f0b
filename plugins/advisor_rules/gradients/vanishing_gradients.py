"""The rule ``vanishing-gradients``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Change, Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.run import Floats, Run
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise
from advisor_rules.signs.measure import certainty, stretch
from advisor_rules.signs.norms import in_order, settled, unsettled

_ACTIVATION = Change.model_validate({"parameter": "activation", "to": "relu", "direction": "set"})
_ONE_LAYER = 0.6
"""The largest part of the whole, in orders of magnitude, that lies between two layers.

Measured on trainings of 17 data sets and models: 0.39 and less in 17 sigmoid nets of four and eight
hidden layers, 0.67 and more in three nets too narrow for their normalization.
"""
_SIGMAS = 3.0
"""The best point of a loss may lie so many standard deviations low by chance."""


class VanishingGradients(Rule):
    """The gradients shrink from layer to layer until the first layers hardly learn.

    ## What it checks
    Needs a gradient norm for each layer, and names whose numbers tell their order. The rule
    fires if the median norm of the first of at least ``layers`` like layers is below ``ratio``
    times that of the last one, the norms shrink in nearly every layer on the way, and the
    training loss has moved by less than ``moved`` of its level: small gradients in a net that
    learns are no fault. Where most of it lies between two layers, one of these is to blame and not
    the depth, and the rule stays silent. Any other net in whose first tenth the first layer got
    less than ``early`` times the norm of the last one is a note: it may have begun late.

    ## Why it matters
    The first layers see the raw input. While they stay as they were initialized, the others
    train on noise made of it.

    ## What to do
    Use an activation that does not saturate (ReLU and its kin), the initialization that belongs
    to it, and normalization between the layers.

    ## When to ignore it
    The first layers are pre-trained and meant to stay as they are.
    """

    name = "vanishing-gradients"
    stage = Stage.GRADIENTS
    severity = Severity.WARNING
    requires = ("train/loss",)
    uses = ("grad_norm",)
    points = 6
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.FIRST_LAYERS_STILL, symptoms.TOO_SLOW)
    silences = ("batch-too-small-noise",)
    precedes = ("underfitting",)
    confirmed_by = ("probe-vanishing-gradients",)
    separated_by = ("a run with ReLU, its initialization and normalization layers",)
    do_separates = ("do",)
    basis = (
        "Grows with how far the norm of the first layer falls short, from 0.75 to 0.97; from 0.55 "
        "to 0.8 where only the first tenth shows it."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(4, "Gradients shrink towards the first layers, whose weights hardly move."),
        sources.wandb(4, "Non-saturating activations, initialization and batch norm remedy it."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Let the gradient reach the first layers",
        "observed": "First layer gets {ratio:percent} of the last one's gradient",
        "evidence": "The norm of {first:name} is {ratio:number} times that of {last:name}, "
        "{layers:count layer|layers} later, while {loss:name} moved by {moved:percent}.",
        "observed.early": "First layer began with {ratio:percent} of the last one's gradient",
        "evidence.early": "In the first tenth the norm of {first:name} was {ratio:number} times "
        "that of {last:name}, {layers:count layer|layers} later.",
        "do": "Use ReLU or GELU in the hidden layers, the initialization that belongs to it (He), "
        "and normalization layers between them.",
        "why": "The gradient of a layer is multiplied by the slopes of all layers after it; where "
        "these are below 1, nothing is left for the first ones.",
        "check": "The norms of first and last layer differ by less than ten times, and the "
        "training loss falls.",
        "unless": "the first layers are pre-trained and meant to stay as they are.",
    }

    ratio: float = option(
        0.05,
        "Norm of the first layer over that of the last one.",
        source="measured on 23 trainings of fully connected nets on digits: 0.8 and more in those "
        "that learned, 0.03 and less in those whose loss stood still for it",
        gt=0,
        lt=1,
    )
    early: float = option(
        0.01,
        "The same ratio in the first tenth of any run.",
        source="measured on trainings of this project's benchmark: 0.035 and more in 712 healthy "
        "ones, 0.008 and less in 27 of 30 sigmoid nets of four and eight hidden layers",
        gt=0,
        lt=1,
    )
    layers: int = option(3, "The fewest like layers.", source="chosen by eye", ge=2)
    moved: float = option(
        0.05,
        "Change of the training loss, as a share of its level at the start.",
        source="in the same measurement 0.02 and less, against 0.2 and more",
        gt=0,
        lt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a deep net with saturating activations, and nets that learn."""
        flat = 2.3 + noise(200, 0.01, 60)
        return (
            Example("a sigmoid net of five layers", _net(0.15, flat), fires=True),
            Example("a flat loss and even gradients", _net(0.9, flat), fires=False),
            Example("far from even, and it learns", _net(0.15, falling(200, seed=61)), fires=True),
            Example("less uneven, and it learns", _net(0.5, falling(200, seed=62)), fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the norms of the layers, from the input to the output."""
        norms = in_order(n for n in run.every("grad_norm") if n.role.layer and len(n) >= 10)
        if len(norms) < self.layers:
            raise NotApplicable(
                "{n:count like layer|like layers} with a gradient norm and a number in the name; "
                "{wanted:step} are needed",
                n=len(norms),
                wanted=self.layers,
            )
        moved = _moved(run["train/loss"])
        still = moved is not None and moved < self.moved
        found = self._still(run, norms, moved or 0.0) if still else None
        found = found or self._began(norms)
        if found is not None:
            yield found

    def _still(self, run: RunView, norms: Sequence[Curve], moved: float) -> Finding | None:
        """Look at the norms of a run whose loss stands still."""
        ratio = _ratio([settled(norm) for norm in norms])
        if ratio >= self.ratio or not self._lasts(norms):
            return None
        loss = run["train/loss"].tag
        confidence = certainty(self.ratio / ratio, 0.75, 0.97)
        return self._found(norms, ratio, self.ratio, confidence, loss=loss, moved=moved)

    def _began(self, norms: Sequence[Curve]) -> Finding | None:
        """Look at the first norms."""
        ratio = _ratio([unsettled(norm) for norm in norms])
        if ratio >= self.early:
            return None
        confidence = certainty(self.early / ratio, 0.55, 0.8)
        return self._found(norms, ratio, self.early, confidence)

    def _lasts(self, norms: Sequence[Curve]) -> bool:
        """Tell whether nine in ten norms of the first layer stay that small against the last."""
        first, last = norms[0], norms[-1]
        there = np.interp(first.steps, last.trend.steps, last.trend.smooth)
        return float(np.mean(first.values < self.ratio * there)) >= 0.9

    def _found(
        self,
        norms: Sequence[Curve],
        ratio: float,
        threshold: float,
        confidence: float,
        **stands: Any,
    ) -> Finding:
        """Build a finding; ``stands`` says of a loss that stands still which one, and how still."""
        first, last = norms[0], norms[-1]
        begin, end = int(first.steps[0]), int(first.steps[-1])
        measured = "norm of the first layer over that of the last one"
        return self.finding(
            confidence=confidence,
            severity=None if stands else Severity.NOTE,
            evidence=[
                stretch(first, begin, end, measured, ratio, threshold),
                stretch(last, int(last.steps[0]), int(last.steps[-1]), measured, ratio, None),
            ],
            changes=[_ACTIVATION],
            variants=None if stands else {"observed": "early", "evidence": "early"},
            ratio=ratio,
            first=first.tag,
            last=last.tag,
            layers=len(norms) - 1,
            **stands,
        )


def _ratio(norms: Sequence[Floats]) -> float:
    """Return the median norm of the first layer over that of the last one.

    1 where the norms do not shrink towards the input in most layers, or where one is 0.
    """
    levels = np.array([np.median(norm) for norm in norms])
    if levels.min() <= 0 or not _shrinks(levels):
        return 1.0
    return float(levels[0] / levels[-1])


def _moved(loss: Curve) -> float | None:
    """Return how far a loss moved beyond its noise, as a share of its level.

    ``None`` if it may be negative.
    """
    if loss.values.min() <= 0:
        return None
    return max(loss.trend.gain - _SIGMAS * loss.trend.noise, 0.0) / loss.trend.start


def _shrinks(levels: Floats) -> bool:
    """Tell whether norms grow in most steps towards the output, and in none by most of it all."""
    steps = np.diff(np.log(levels))
    return float(np.mean(steps > 0)) >= 0.75 and float(steps.max()) <= _ONE_LAYER * steps.sum()


def _net(factor: float, loss: Floats, layers: int = 5) -> Run:
    series = {
        f"grad_norm/layers.{2 * i}.weight": factor ** (layers - 1 - i)
        * np.exp(noise(len(loss), 0.2, 70 + i))
        for i in range(layers)
    }
    return make_run(series={"train/loss": loss, **series})
