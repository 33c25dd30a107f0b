"""The rule ``telemetry-averaged``."""

from __future__ import annotations

from typing import ClassVar

from advisor.finding import Citation
from advisor.notes import NoteKind, note
from advisor.rule import Example
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.log_notes import SPIKES, STARTS, NoteRule


class TelemetryAveraged(NoteRule):
    """Each logged value is an average over several steps.

    ## What it checks
    Whether the reader knows that the logger averages before it writes: Detectron2 writes
    the median of 20 steps, many training loops a running mean.

    ## Why it matters
    An average hides single spikes and most of the scatter, and lags behind a change. What
    looks calm may not have been.

    ## What to do
    Log the raw value of the step as well; averages can be drawn afterwards.

    ## When to ignore it
    The window is short against the run, and no spike is in question.
    """

    name = "telemetry-averaged"
    kind = NoteKind.AVERAGED
    undermines = (*SPIKES, *STARTS)
    citations: ClassVar[tuple[Citation, ...]] = (
        Citation(
            source="Detectron2, EventStorage and CommonMetricPrinter",
            supports="Losses are smoothed by the median of a window of 20 iterations.",
            url="https://detectron2.readthedocs.io/en/latest/modules/utils.html",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Log the loss of each step beside the average",
        "observed": "Each value is an average over several steps",
        "evidence": "{said:sentence}",
        "evidence.more": "{said:sentence} {more:count more place|more places} like this.",
        "do": "Log the raw loss of the step too; an average can be drawn afterwards.",
        "why": "An average hides single spikes and most of the scatter, and lags behind.",
        "check": "Neighbouring values of the next log scatter independently.",
        "unless": "the window is short against what is in question.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a log with such a note, and one without."""
        loss = falling(200, seed=201)
        noted = note(NoteKind.AVERAGED, window=20)
        return (
            Example(
                "medians of twenty steps", make_run(train_loss=loss, notes=(noted,)), fires=True
            ),
            Example("a whole log", make_run(train_loss=loss), fires=False),
        )
