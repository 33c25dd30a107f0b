"""The rule ``probe-seed-ensemble``."""

from __future__ import annotations

from typing import ClassVar

from advisor.finding import Citation
from advisor.rule import Stage
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import bullettech, of


class ProbeSeedEnsemble(ComparedRule):
    """The mean prediction of several seeds does better than one model.

    ## What it checks
    Five seeds trained on the same batches, judged on held-out data one by one, and by their
    mean prediction. The rule fires where the mean is better than a seed beyond seed noise (t,
    95%).

    ## Why it matters
    Errors that seeds do not share average out.

    ## What to do
    Train three to five seeds, and average their predictions at test time.

    ## When to ignore it
    The cost of several models at test time is not worth it.
    """

    name = "probe-seed-ensemble"
    stage = Stage.AVERAGING
    requires = of("averaging", "seeds", "predictions")
    probe = "averaging"
    before = "seeds"
    after = ("predictions",)
    symptoms = ("several good models were trained",)
    citations: ClassVar[tuple[Citation, ...]] = (
        bullettech(6, "Average the predictions of several models: seeds will do."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Average the predictions of seeds",
        "observed": "Five seeds together: {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Train three to five seeds, and average what they predict.",
        "why": "Errors that models do not share average out.",
        "check": "The ensemble does better than its best member.",
        "unless": UNLESS,
    }
