"""The rule ``zero-grad-forgotten``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, NotApplicable, Stage
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, notes, of, own, shown

STALE, LOST, OWN_STEP = of("loop", "stale", "lost", "own_step")


class ZeroGradForgotten(MeasuredRule):
    """Gradients are not cleared between steps, or are cleared before they are used.

    ## What it checks
    During sixty of the user's own steps, whether a gradient of before the last step still stands
    in ``.grad`` when the next backward pass starts, and whether all gradients are gone by the
    time the optimizer uses them. Both are seen, not inferred: accumulation over several backward
    passes, clipping, closures, mixed precision and shared weights do not set it off.

    ## Why it matters
    Without clearing, each step follows the sum of all gradients so far, like a momentum of 1.
    Cleared between backward and step, nothing is learned at all.

    ## What to do
    Call ``optimizer.zero_grad()`` right before ``loss.backward()``, or right after
    ``optimizer.step()``; once for each step of the optimizer where gradients are accumulated.

    ## When to ignore it
    The sum over all steps is wanted, as in some methods of continual learning.
    """

    name = "zero-grad-forgotten"
    stage = Stage.PROGRAM
    severity = Severity.ERROR
    requires = (STALE, LOST, OWN_STEP)
    silences = ("stage:learning-rate",)
    symptoms = ("the model learns nothing",)
    basis = "0.98: it was seen; none of 11 legitimate patterns shows it."
    citations: ClassVar[tuple[Citation, ...]] = (
        notes("A common mistake is to forget zero_grad before backward."),
        own("The check is exact: no false alarm on 11 legitimate patterns, all 3 faults found."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Call `optimizer.zero_grad()` before each backward",
        "title.lost": "Do not clear gradients between backward and step",
        "observed": "Old gradients are added to new ones",
        "observed.lost": "Gradients are cleared before they are used",
        "evidence": "At {share:percent} of the parameters a gradient of before the last step still "
        "stood when the next backward pass began.",
        "evidence.lost": "In {share:percent} of the steps every gradient was gone when the "
        "optimizer wanted to use it.",
        "do": "Put `optimizer.zero_grad()` right before `loss.backward()`.",
        "do.lost": "Move `optimizer.zero_grad()` before `loss.backward()`, or after "
        "`optimizer.step()`.",
        "why": "Gradients add up in `.grad` until they are cleared: each step then follows the "
        "sum of all batches so far.",
        "why.lost": "A step without a gradient changes nothing but momentum and weight decay.",
        "check": "The probe finds no stale gradient.",
        "unless": "the sum over all steps is what you want.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a loop that never clears, one that clears too soon, and one in order."""
        good = {"stale": 0.0, "lost": 0.0, "own_step": 1.0}
        return (
            shown("never cleared", "loop", {**good, "stale": 1.0}, fires=True),
            shown("cleared too soon", "loop", {**good, "lost": 1.0}, fires=True),
            shown("cleared in time", "loop", good, fires=False),
            shown("a step of the probe's own", "loop", {**good, "own_step": 0.0}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Tell what was seen of the user's own step."""
        if not run[OWN_STEP].values[-1]:
            raise NotApplicable("the target does not give its own step(model, optimizer, batch)")
        for key, variant, threshold in ((STALE, "", 0.0), (LOST, "lost", 0.5)):
            share = float(run[key].values[-1])
            if share > threshold:
                parts = (p.removesuffix(".lost") for p in self.texts if p.endswith(".lost"))
                yield self.finding(
                    confidence=0.98,
                    evidence=[cited(run[key], "share that is stale or lost", share, threshold)],
                    variants=dict.fromkeys(parts, variant) if variant else {},
                    share=min(share, 1.0),
                )
                return
