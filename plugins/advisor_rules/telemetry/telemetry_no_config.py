"""The rule ``telemetry-no-config``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.notes import NoteKind
from advisor.rule import Example
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources
from advisor_rules.examples import falling
from advisor_rules.log_notes import LogRule, whole

_CURVE = "train/loss|val/loss|train/metric|val/metric|return"


class TelemetryNoConfig(LogRule):
    """The log holds no settings of the run.

    ## What it checks
    Whether the log recorded any hyperparameter at all.

    ## Why it matters
    Without the settings nobody can say what a change would start from, which remedies are
    already in use, or what two runs differ in.

    ## What to do
    Record all hyperparameters at the start of each run, with the logger's own call for it.

    ## When to ignore it
    The settings are kept elsewhere, with the name of the run.
    """

    name = "telemetry-no-config"
    requires = (_CURVE,)
    points = 5
    undermines = (
        "stage:batch-size",
        "overfitting",
        "more-data-or-regularization",
        "dropout-missing",
        "lr-too-low",
        "lr-too-high",
    )
    doubt = 0.05
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.overview("Keep track of the settings and results of every run."),
        sources.wandb(1, "Compare runs by their recorded settings."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Record the settings of the run",
        "observed": "The log holds no settings",
        "evidence": "Nothing in the log says with which settings {series:name} was reached.",
        "evidence.unreadable": "{said:sentence} Nothing else in the log says with which settings "
        "{series:name} was reached.",
        "do": "Record all hyperparameters when the run starts: `wandb.init(config=...)`, "
        "`save_hyperparameters()`, `add_hparams(...)`, or a `config.yaml` beside the log.",
        "why": "Without them nobody can say what a change starts from, which remedies are in use, "
        "or what two runs differ in.",
        "check": "`advisor inspect` lists the settings of the next run.",
        "unless": "they are kept elsewhere under the name of the run.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a run without settings, and one with a single setting."""
        loss = falling(200, seed=209)
        return (
            Example("no settings", make_run(train_loss=loss), fires=True),
            Example("one setting", make_run(train_loss=loss, config={"lr": 0.1}), fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Tell whether any setting was recorded."""
        if run.settings.recorded:
            return
        curve = run[_CURVE]
        unreadable = run.notes(NoteKind.CONFIG_UNREADABLE)
        yield self.fact(
            [whole(curve, "settings recorded", 0.0)],
            variants={"evidence": "unreadable"} if unreadable else {},
            series=curve.tag,
            said=unreadable[0].message if unreadable else "",
        )
