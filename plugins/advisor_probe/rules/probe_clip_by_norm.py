"""The rule ``probe-clip-by-norm``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy.typing as npt

from advisor.finding import Change, Citation, Finding
from advisor.rule import Example, Stage
from advisor.view import RunView
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import cited, of, shown, wandb

(OWN,) = of("clipping", "own")
BY_VALUE = 2.0
NORMS = {"one": 1.0, "tenth": 0.1}


class ProbeClipByNorm(ComparedRule):
    """Gradients are clipped by value, or clipping them by norm does better.

    ## What it checks
    The gradients that the user's own `step` hands to the optimizer, against those of the same
    batch: cut off at one value, or only scaled. Where they are not clipped, five seeds trained
    without clipping and with norms of 1 and 0.1, each at the best of five rates, are judged on
    held-out data. The rule fires on clipping by value, and where a norm is better beyond seed
    noise (paired t, 95%, corrected for two comparisons).

    ## Why it matters
    Clipping by norm keeps the direction of the gradient; by value it turns it. One rare large
    gradient can undo many steps, in recurrent networks above all.

    ## What to do
    `torch.nn.utils.clip_grad_norm_` between `backward` and `step`; try several thresholds.

    ## When to ignore it
    The turned direction is wanted. Short trainings: compare again over your own number of steps,
    with at least two seeds.
    """

    name = "probe-clip-by-norm"
    stage = Stage.GRADIENTS
    requires = (OWN,)
    uses = of("clipping", "user", "one", "tenth")
    probe = "clipping"
    before = "user"
    after = ("one", "tenth")
    labels: ClassVar[Mapping[str, str]] = {
        "user": "no clipping",
        "one": "a norm of 1",
        "tenth": "a norm of 0.1",
    }
    symptoms = ("clipping does not fit the gradients",)
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(4, "Clip by norm, which keeps the direction, and try several thresholds."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Clip gradients by their norm",
        "observed": "{after:name} is {share:percent} better",
        "observed.value": "Gradients are clipped by value",
        "evidence": EVIDENCE,
        "evidence.value": "What your step hands to the optimizer is the gradient of the batch, cut "
        "off at one value.",
        "do": "Call `clip_grad_norm_(model.parameters(), {norm:number})` before each step, and try "
        "thresholds around it.",
        "do.value": "Put `clip_grad_norm_` in the place of `clip_grad_value_`, and try several "
        "thresholds.",
        "why": "Cut off at a value, a gradient points elsewhere; scaled to a norm, it does not.",
        "check": "The training loss spikes less, and validation is better at the end.",
        "unless": UNLESS,
    }

    def check(self, run: RunView) -> Iterator[Finding]:
        """Tell clipping by value, and else whether a norm does better."""
        own = run[OWN]
        if own.values[-1] == BY_VALUE:
            yield self.finding(
                confidence=0.9,
                evidence=[cited(own, "way of clipping: 2 is by value", BY_VALUE)],
                variants=dict.fromkeys(("observed", "evidence", "do"), "value"),
            )
        elif run.get(of("clipping", "user")[0]) is not None:
            yield from super().check(run)

    def more(self, _run: RunView, name: str) -> Mapping[str, Any]:
        """Return the threshold."""
        return {"norm": NORMS[name]}

    def changes(self, _run: RunView, name: str) -> Sequence[Change]:
        """Propose the better threshold."""
        change = {"parameter": "gradient_clip", "to": NORMS[name], "direction": "set"}
        return [Change.model_validate(change)]

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return clipping by value, by norm, and none that a norm does better than, and not."""
        base = [0.50, 0.52, 0.48, 0.51, 0.49]
        less = [x - 0.2 for x in base]

        def compared(title: str, one: list[float], *, fires: bool) -> Example:
            measured: dict[str, npt.ArrayLike] = {
                "own": 0.0,
                "user": base,
                "one": one,
                "tenth": base,
            }
            return shown(title, cls.probe, measured, fires=fires)

        return (
            shown("clipped by value", cls.probe, {"own": BY_VALUE}, fires=True),
            compared("a norm is better on each seed", less, fires=True),
            compared("within noise", [0.3, 0.7, 0.4, 0.6, 0.5], fires=False),
            shown("clipped by norm", cls.probe, {"own": 1.0}, fires=False),
        )
