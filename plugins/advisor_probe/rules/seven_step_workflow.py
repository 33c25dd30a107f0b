"""The rule ``seven-step-workflow``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Nature, Stage
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, notes, of, shown
from advisor_probe.workflow import STEPS, WORKFLOW

(STEP,) = of(WORKFLOW, "step")


class SevenStepWorkflow(MeasuredRule):
    """A step of the usual workflow that a probe can settle is not settled.

    ## What it checks
    The seven steps of the study notes: check the program and its first loss, overfit a few samples,
    find a learning rate, try a coarse grid, refine, look at the curves, go back to refining. The
    rule fires where one of the first three is next: none of its probes ran to its end, or one found
    a warning or an error. Probes tell nothing of the later ones.

    ## Why it matters
    Each step builds on those before it: a rate found for a broken program is worth nothing.

    ## What to do
    Mend what that step found, or let its probes run.

    ## When to ignore it
    The step was settled without a probe.
    """

    name = "seven-step-workflow"
    stage = Stage.SEARCH
    severity = Severity.NOTE
    nature = Nature.OPTION
    requires = (STEP,)
    symptoms = ("a step of the workflow is not settled",)
    basis = "1: which probes ran, and what they found, is known."
    citations: ClassVar[tuple[Citation, ...]] = (
        notes(
            "Seven steps: first loss, a few samples, a rate, a coarse grid, a finer one, curves."
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Settle step {step:step}: {what:text}",
        "observed": "Step {step:step} of {steps:step} is not settled",
        "evidence": "Step {step:step} of {steps:step} is to {what:text}: none of its probes ran to "
        "its end, or one found something to mend.",
        "do": "Mend what is found there, then run `advisor probe` with `--only {probes:text}`.",
        "why": "Each step builds on those before it.",
        "check": "The next probe says that a later step is next.",
        "unless": "the step was settled without a probe.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a program whose rate is open, and one that is ready for a grid."""
        return (
            shown("no learning rate yet", WORKFLOW, {"step": 3.0}, fires=True),
            shown("ready for a grid", WORKFLOW, {"step": 4.0}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Say which step is next, as far as a probe can settle it."""
        place = int(run[STEP].values[-1])
        if not 1 <= place <= len(STEPS) or not STEPS[place - 1].probes:
            return
        step = STEPS[place - 1]
        yield self.finding(
            confidence=1.0,
            evidence=[cited(run[STEP], "step that is next", place)],
            step=place,
            steps=len(STEPS),
            what=step.title,
            probes=",".join(step.probes),
        )
