"""Where a project stands in the usual workflow, as far as probes can tell.

The seven steps are those of the study notes on CS231n's lecture and Karpathy's recipe: the first
loss, a few samples, a learning rate, a coarse grid, a finer one, the curves, and back again.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from advisor.language import term


class Step(NamedTuple):
    """One step, and the probes that settle it; none can settle the later ones."""

    title: str
    probes: tuple[str, ...] = ()


STEPS = (
    Step(
        term("check the program and its first loss"),
        (
            "one-step",
            "initial-loss",
            "outputs",
            "inputs",
            "dropout-places",
            "layers",
            "loop",
            "evaluation",
        ),
    ),
    Step(term("overfit a few samples"), ("overfit", "generalization")),
    Step(term("find a learning rate"), ("rates", "rate-choice")),
    Step(term("try a coarse grid over a few epochs")),
    Step(term("refine around the best, and train longer")),
    Step(term("look at the curves: `advisor run LOGS`")),
    Step(term("go back to refining")),
)


WORKFLOW = "workflow"
"""What stands in the place of a probe's name where it is said which step is next."""


def standing(done: Collection[str], faulty: Collection[str]) -> int:
    """Return which step is next, counted from 1: the first with a fault, or not probed at all.

    ``done`` are the probes that ran to their end, ``faulty`` those whose measurements gave a
    warning or an error. A probe that does not apply to the target is no obstacle.
    """
    for place, step in enumerate(STEPS, 1):
        settled = any(probe in done for probe in step.probes)
        if not settled or any(probe in faulty for probe in step.probes):
            return place
    return len(STEPS)
