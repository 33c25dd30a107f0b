"""The rule ``probe-idle-parameters``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, fact, notes, of, shown

UNREACHED, LEFT_OUT = of("one-step", "unreached", "left_out")


class ProbeIdleParameters(MeasuredRule):
    """Weights that are meant to learn get no gradient, or the optimizer does not have them.

    ## What it checks
    After one backward pass, which trainable parameters have no gradient, and which are in none of
    the optimizer's groups. The rule fires if either holds for more than ``share`` of the weights,
    and is an error if it holds for nearly all of them.

    ## Why it matters
    Such weights stay as they were initialized. It happens where layers are kept in a plain list,
    where a graph is cut by ``detach()`` or ``.data``, where the optimizer was made before a layer
    was added, or given another model's parameters.

    ## What to do
    Keep layers in ``nn.ModuleList``, make the optimizer after the model is complete, from
    ``model.parameters()``, and set ``requires_grad_(False)`` on what is meant to be frozen.

    ## When to ignore it
    The weights are left alone on purpose, such as a head that another task uses.
    """

    name = "probe-idle-parameters"
    stage = Stage.PROGRAM
    severity = Severity.ERROR
    requires = (UNREACHED, LEFT_OUT)
    symptoms = ("the model learns nothing",)
    basis = "0.9: which parameters have a gradient was seen; that they should, is likely."
    citations: ClassVar[tuple[Citation, ...]] = (
        notes("Before tuning, make sure that the program trains what it is meant to."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Give the optimizer all parameters that should learn",
        "title.unreached": "Connect the layers that get no gradient",
        "observed": "{share:percent} of the weights are in no optimizer",
        "observed.unreached": "{share:percent} of the weights get no gradient",
        "evidence": "{names:names} are trainable and in none of the optimizer's groups: "
        "{share:percent} of all trainable weights.",
        "evidence.unreached": "After a backward pass {names:names} have no gradient: "
        "{share:percent} of all trainable weights.",
        "do": "Make the optimizer from `model.parameters()` once the model is complete, or call "
        "`requires_grad_(False)` on what is meant to stay.",
        "do.unreached": "Look for layers outside of `nn.ModuleList`, `detach()`, `.data`, and "
        "outputs that the loss does not use.",
        "why": "A weight without gradient or optimizer stays as it was initialized.",
        "check": "The probe finds every trainable parameter reached.",
        "unless": "these weights are meant to stay as they are.",
    }

    share: float = option(
        0.02,
        "Share of the trainable weights from which on it is told.",
        source="chosen by eye: unused biases and heads of a few weights are common",
        gt=0,
        lt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return an optimizer of another model, a detached layer, and a model in order."""
        good = {"unreached": 0.0, "left_out": 0.0}
        names = {"left_out": ("net.0.weight", "net.0.bias"), "unreached": ("net.0.weight",)}
        return (
            shown("nothing trained", "one-step", {**good, "left_out": 1.0}, names, fires=True),
            shown("a cut graph", "one-step", {**good, "unreached": 0.4}, names, fires=True),
            shown("all trained", "one-step", good, fires=False),
            shown("an unused bias", "one-step", {**good, "unreached": 0.001}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Tell whichever of the two holds for more weights."""
        key = max(LEFT_OUT, UNREACHED, key=lambda k: float(run[k].values[-1]))
        share = float(run[key].values[-1])
        if share < self.share:
            return
        quantity = key.rpartition("/")[2]
        names = fact(run, f"one-step.{quantity}", ())
        variant = (
            {}
            if quantity == "left_out"
            else dict.fromkeys(("title", "observed", "evidence", "do"), "unreached")
        )
        yield self.finding(
            confidence=0.9,
            severity=Severity.ERROR if share > 0.9 else Severity.WARNING,
            evidence=[cited(run[key], "share of the trainable weights", share, self.share)],
            variants=variant,
            share=min(share, 1.0),
            names=names if isinstance(names, tuple) and names else ("some parameters",),
        )
