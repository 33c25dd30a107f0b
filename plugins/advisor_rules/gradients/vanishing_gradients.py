"""The rule ``vanishing-gradients``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

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
from advisor_rules.measure import certainty, stretch
from advisor_rules.norms import in_order, settled

_ACTIVATION = Change.model_validate({"parameter": "activation", "to": "relu", "direction": "set"})


class VanishingGradients(Rule):
    """The gradients shrink from layer to layer until the first layers hardly learn.

    ## What it checks
    Needs a gradient norm for each layer, and names whose numbers tell their order. The rule
    fires if the median norm of the first of at least ``layers`` like layers is below ``ratio``
    times that of the last one, the norms shrink in nearly every layer on the way, and the
    training loss has moved by less than ``moved`` of its level: small gradients in a net that
    learns are no fault.

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
    points = 10
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.FIRST_LAYERS_STILL, symptoms.TOO_SLOW)
    separated_by = ("a run with ReLU, its initialization and normalization layers",)
    basis = "Grows with how far the norm of the first layer falls short, from 0.75 to 0.97."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(4, "Gradients shrink towards the first layers, whose weights hardly move."),
        sources.wandb(4, "Non-saturating activations, initialization and batch norm remedy it."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Let the gradient reach the first layers",
        "observed": "First layer gets {ratio:percent} of the last one's gradient",
        "evidence": "The norm of {first:name} is {ratio:number} times that of {last:name}, "
        "{layers:count layer|layers} later, while {loss:name} moved by {moved:percent}.",
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
            Example("small gradients, but it learns", _net(0.15, falling(200, seed=61)), False),
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
        levels = np.array([np.median(settled(norm)) for norm in norms])
        moved = _moved(run["train/loss"])
        if levels.min() <= 0 or moved is None or moved >= self.moved:
            return
        ratio = float(levels[0] / levels[-1])
        if ratio < self.ratio and _shrinks(levels) and self._lasts(norms):
            yield self._found(run, norms, ratio, moved)

    def _lasts(self, norms: Sequence[Curve]) -> bool:
        """Tell whether nine in ten norms of the first layer stay that small against the last."""
        first, last = norms[0], norms[-1]
        there = np.interp(first.steps, last.trend.steps, last.trend.smooth)
        return float(np.mean(first.values < self.ratio * there)) >= 0.9

    def _found(self, run: RunView, norms: Sequence[Curve], ratio: float, moved: float) -> Finding:
        first, last = norms[0], norms[-1]
        begin, end = int(first.steps[0]), int(first.steps[-1])
        measured = "norm of the first layer over that of the last one"
        return self.finding(
            confidence=certainty(self.ratio / ratio, 0.75, 0.97),
            evidence=[
                stretch(first, begin, end, measured, ratio, self.ratio),
                stretch(last, int(last.steps[0]), int(last.steps[-1]), measured, ratio, None),
            ],
            changes=[_ACTIVATION],
            ratio=ratio,
            first=first.tag,
            last=last.tag,
            layers=len(norms) - 1,
            loss=run["train/loss"].tag,
            moved=moved,
        )


def _moved(loss: Curve) -> float | None:
    """Return how far a loss moved, as a share of its level; ``None`` if it may be negative."""
    if loss.values.min() <= 0:
        return None
    return float(loss.trend.gain / loss.trend.start)


def _shrinks(levels: Floats) -> bool:
    """Tell whether norms grow from layer to layer in most steps towards the output."""
    return float(np.mean(np.diff(levels) > 0)) >= 0.75


def _net(factor: float, loss: Floats, layers: int = 5) -> Run:
    series = {
        f"grad_norm/layers.{2 * i}.weight": factor ** (layers - 1 - i)
        * np.exp(noise(len(loss), 0.2, 70 + i))
        for i in range(layers)
    }
    return make_run(series={"train/loss": loss, **series})
