"""The rule ``probe-dropout-missing``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from advisor.finding import Change, Citation
from advisor.rule import Stage
from advisor.view import RunView
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import bullettech, of, wandb

RATES = {"low": 0.1, "high": 0.3}


class ProbeDropoutMissing(ComparedRule):
    """The model has no dropout, and does better with it.

    ## What it checks
    Five seeds trained without dropout, and with 0.1 and 0.3 of it after each hidden activation,
    each at the best of five rates, judged on held-out data. The rule fires where dropout is better
    beyond seed noise (paired t, 95%, corrected for two comparisons).

    ## Why it matters
    Dropout reduces overfitting: no unit can rely on any other, as if many thinned networks were
    averaged.

    ## What to do
    Add dropout after the hidden activations, not to the output, and try several rates over full
    trainings.

    ## When to ignore it
    It was tried over full trainings and did not help. Silence says little: short trainings hardly
    overfit.
    """

    name = "probe-dropout-missing"
    stage = Stage.FIT
    requires = of("dropout-added", "user", "low", "high")
    probe = "dropout-added"
    before = "user"
    after = ("low", "high")
    labels: ClassVar[Mapping[str, str]] = {
        "user": "none", **{name: f"Dropout({rate})" for name, rate in RATES.items()}
    }  # fmt: skip
    symptoms = ("the dropout is unusual",)
    citations: ClassVar[tuple[Citation, ...]] = (
        bullettech(4, "Dropout reduces overfitting and acts like an ensemble of models."),
        wandb(5, "Dropout brings about 2% even to strong models."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Add dropout to the hidden layers",
        "observed": "{after:name} is {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Put {after:name} after the hidden activations, and try rates around it.",
        "why": "A network that cannot rely on any single unit finds it harder to learn its "
        "training data by heart.",
        "check": "Validation is better at the end of a full training, and training worse.",
        "unless": UNLESS,
    }

    def changes(self, _run: RunView, name: str) -> Sequence[Change]:
        """Propose the better rate."""
        change = {"parameter": "dropout", "from": 0.0, "to": RATES[name], "direction": "up"}
        return [Change.model_validate(change)]
