"""The rule ``telemetry-unfinished``."""

from __future__ import annotations

from typing import ClassVar

from advisor.finding import Citation
from advisor.notes import NoteKind, note
from advisor.rule import Example
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.log_notes import ENDS, NoteRule


class TelemetryUnfinished(NoteRule):
    """The log has no end mark: the run is still going, or was killed.

    ## What it checks
    Whether the logger marks the end of a run, and this log has no such mark.

    ## Why it matters
    What is judged by the end of the curves may look different when the run is done.

    ## What to do
    Ask again when the run has ended. If it was killed, resume it from its last checkpoint.

    ## When to ignore it
    The run was stopped on purpose.
    """

    name = "telemetry-unfinished"
    kind = NoteKind.UNFINISHED
    undermines = ENDS
    citations: ClassVar[tuple[Citation, ...]] = (
        Citation(
            source="Weights & Biases, run states",
            supports="A run that ended as it should says so; a crashed or killed one does not.",
            url="https://docs.wandb.ai/guides/runs",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Ask again when the run has ended",
        "observed": "The log has no end mark",
        "evidence": "{said:sentence}",
        "evidence.more": "{said:sentence} {more:count more place|more places} like this.",
        "do": "Ask again when the run has ended; if it was killed, resume it from its last "
        "checkpoint.",
        "why": "The end of the log is not the end of the training.",
        "check": "The log of the finished run has an end mark.",
        "unless": "the run was stopped on purpose.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a log with such a note, and one without."""
        loss = falling(200, seed=204)
        noted = note(NoteKind.UNFINISHED)
        return (
            Example(
                "a run that is still going", make_run(train_loss=loss, notes=(noted,)), fires=True
            ),
            Example("a whole log", make_run(train_loss=loss), fires=False),
        )
