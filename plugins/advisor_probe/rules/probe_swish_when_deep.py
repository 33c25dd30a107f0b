"""The rule ``probe-swish-when-deep``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from advisor.finding import Change, Citation
from advisor.model import Value
from advisor.rule import Stage
from advisor.view import RunView
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import bullettech, fact, of

USER, SWISH = of("swish", "user", "swish")
(DEPTH,) = of("swish", "depth")


class ProbeSwishWhenDeep(ComparedRule):
    """Swish does better than the activation in use.

    ## What it checks
    Five seeds trained with the model's hidden activations and with x · sigmoid(x) in their place,
    each at the best of five rates, judged on held-out data. The rule fires where Swish is better
    beyond seed noise (paired t, 95%).

    ## Why it matters
    Beyond about 40 layers Swish was found to beat ReLU and others; in shallower networks it
    depends, so that it has to be measured.

    ## What to do
    Use `nn.SiLU`, with the learning rate that the probe found for it, over a full training.

    ## When to ignore it
    Swish costs more time per step than ReLU. Short trainings: compare again over your own number
    of steps, with at least two seeds.
    """

    name = "probe-swish-when-deep"
    stage = Stage.GRADIENTS
    requires = (USER, SWISH, DEPTH)
    probe = "swish"
    before = "user"
    after = ("swish",)
    labels: ClassVar[Mapping[str, str]] = {"swish": "SiLU"}
    symptoms = ("the activation was not compared",)
    facts: ClassVar[Mapping[str, Value]] = {"swish.own": ("ReLU",)}
    citations: ClassVar[tuple[Citation, ...]] = (
        bullettech(7, "x times sigmoid(x) beats ReLU beyond 40 layers; in shallow nets, measure."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Try Swish as the activation",
        "observed": "{after:name} is {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Put `nn.SiLU` in the place of {before:name} in all {depth:count layer|layers} with "
        "weights, over a full training.",
        "why": "Swish is smooth, and lets a gradient through where ReLU is zero.",
        "check": "Validation is better at the end of a full training.",
        "unless": UNLESS,
    }

    def called(self, run: RunView, name: str) -> tuple[str, str]:
        """Call the activation in use by its class."""
        own = fact(run, "swish.own")
        names = ", ".join(map(str, own)) if isinstance(own, tuple) else "the one in use"
        return names, self.labels[name]

    def more(self, run: RunView, _name: str) -> Mapping[str, Any]:
        """Return the number of layers."""
        return {"depth": int(run[DEPTH].values[-1])}

    def changes(self, _run: RunView, _name: str) -> Sequence[Change]:
        """Propose Swish."""
        change = {"parameter": "activation", "to": "silu", "direction": "set"}
        return [Change.model_validate(change)]
