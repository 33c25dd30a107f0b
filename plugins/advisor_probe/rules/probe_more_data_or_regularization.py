"""The rule ``probe-more-data-or-regularization``."""

from __future__ import annotations

from typing import ClassVar

from advisor.finding import Citation
from advisor.rule import Stage
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import notes, of


class ProbeMoreDataOrRegularization(ComparedRule):
    """More data would help: with all of it the model is better than with half.

    ## What it checks
    Five seeds trained for as many steps on half of the training batches, and on all of them,
    judged on held-out data. The rule fires where all are better beyond seed noise (paired t,
    95%): then the curve has not levelled off.

    ## Why it matters
    Where twice the data still help, more data do more than most settings.

    ## What to do
    Collect or augment data before tuning what is left; else regularize.

    ## When to ignore it
    The probe looks at a hundred batches at most: with far larger sets it says nothing of the
    rest.
    """

    name = "probe-more-data-or-regularization"
    stage = Stage.FIT
    requires = of("data", "half", "all")
    probe = "data"
    before = "half"
    after = ("all",)
    symptoms = ("more data would help",)
    citations: ClassVar[tuple[Citation, ...]] = (
        notes("Overfitting calls for more regularization or more data."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Collect or augment data",
        "observed": "Twice the data: {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Augment what there is, or collect more of the kind that is rare.",
        "why": "The loss on held-out data has not levelled off with the amount of data.",
        "check": "The same comparison shows less and less difference.",
        "unless": UNLESS,
    }
