"""The rule ``probe-weight-averaging``."""

from __future__ import annotations

from typing import ClassVar

from advisor.finding import Citation
from advisor.rule import Stage
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import notes, of


class ProbeWeightAveraging(ComparedRule):
    """Averaged weights do better than the last ones.

    ## What it checks
    Five seeds trained at a constant rate, each judged on held-out data with its last weights
    and with their exponential average. The rule fires where the average is better beyond seed
    noise (paired t, 95%).

    ## Why it matters
    An average lies nearer to the middle of a minimum than the last step does.

    ## What to do
    Keep an exponential average of the weights, batch norm's statistics included, and evaluate
    that.

    ## When to ignore it
    The rate decays to nothing: then there is nothing left to average.
    """

    name = "probe-weight-averaging"
    stage = Stage.AVERAGING
    requires = of("averaging", "seeds", "weights")
    probe = "averaging"
    before = "seeds"
    after = ("weights",)
    symptoms = ("validation is unsteady at the end",)
    citations: ClassVar[tuple[Citation, ...]] = (
        notes("Polyak averaging of the weights, used at test time."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Evaluate an average of the weights",
        "observed": "Averaged weights: {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Use `swa_utils.AveragedModel` with an exponential average and `use_buffers=True`.",
        "why": "Steps at a constant rate wander around the minimum; their average does not.",
        "check": "The average does better than the last weights at each validation.",
        "unless": UNLESS,
    }
