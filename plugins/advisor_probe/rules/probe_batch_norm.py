"""The rule ``probe-batch-norm``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from advisor.finding import Change, Citation
from advisor.rule import Stage
from advisor.view import RunView
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import bullettech, of, wandb


class ProbeBatchNorm(ComparedRule):
    """The model has no normalization, and does better with batch norm.

    ## What it checks
    Five seeds trained as the model is, and with batch norm before each hidden activation, each at
    the best of five rates, judged on held-out data. The rule fires where batch norm is better
    beyond seed noise (paired t, 95%).

    ## Why it matters
    Batch norm permits larger rates, counters vanishing gradients and regularizes a little.

    ## What to do
    Put it before the hidden activations, and find the learning rate anew. Layer or group norm do
    without large batches.

    ## When to ignore it
    Batches are small, or time per step counts more. Short trainings favour what learns fast:
    compare again over your own number of steps, with at least two seeds.
    """

    name = "probe-batch-norm"
    stage = Stage.GRADIENTS
    requires = of("normalization", "user", "norm")
    probe = "normalization"
    before = "user"
    after = ("norm",)
    labels: ClassVar[Mapping[str, str]] = {"user": "none", "norm": "BatchNorm"}
    symptoms = ("the normalization does not fit",)
    citations: ClassVar[tuple[Citation, ...]] = (
        bullettech(8, "Batch norm moves inputs to where the activation has a slope."),
        wandb(4, "Batch norm permits larger rates and reduces vanishing gradients, at some time."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Try batch norm before the activations",
        "observed": "{after:name} is {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Put {after:name} before the hidden activations, and find the learning rate anew.",
        "why": "Activations then get inputs of one scale, whatever the layers before do.",
        "check": "Training is faster at a larger rate, and validation better at the end.",
        "unless": UNLESS,
    }

    def changes(self, _run: RunView, _name: str) -> Sequence[Change]:
        """Propose batch norm."""
        change = {"parameter": "batch_norm", "from": False, "to": True, "direction": "set"}
        return [Change.model_validate(change)]
