"""The rule ``telemetry-sampled``."""

from __future__ import annotations

from typing import ClassVar

from advisor.finding import Citation
from advisor.notes import NoteKind, note
from advisor.rule import Example
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.log_notes import SPIKES, STARTS, NoteRule


class TelemetrySampled(NoteRule):
    """The log holds a sample of the points, not all of them.

    ## What it checks
    Whether the reader found that points were left out: a chart export thinned to a few
    hundred rows, a history that was asked for in samples, an event file read through a
    reservoir.

    ## Why it matters
    A spike of one step may be missing from a sample, and the scatter of what is left is not
    that of neighbouring steps. Levels and slopes stay as they are.

    ## What to do
    Read the whole history: the run's own files rather than an export of its charts.

    ## When to ignore it
    What you look at is a level or a slope, not a spike.
    """

    name = "telemetry-sampled"
    kind = NoteKind.SAMPLED
    undermines = (*SPIKES, *STARTS)
    citations: ClassVar[tuple[Citation, ...]] = (
        Citation(
            source="TensorBoard, frequently asked questions",
            supports="Beyond a number of points a random sample of them is kept and shown.",
            url="https://github.com/tensorflow/tensorboard",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Read the whole history, not a sample",
        "observed": "The log holds a sample of the points",
        "evidence": "{said:sentence}",
        "evidence.more": "{said:sentence} {more:count more place|more places} like this.",
        "do": "Point advisor at the run's own files, or export the whole history "
        "(W&B: `scan_history()`).",
        "why": "Single spikes fall through a sample, and its scatter is not that of single steps.",
        "check": "The next log holds every point that was logged.",
        "unless": "levels and slopes are all that matters.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a log with such a note, and one without."""
        loss = falling(200, seed=200)
        noted = note(NoteKind.SAMPLED, why="a chart export of 200 rows")
        return (
            Example("an export of a chart", make_run(train_loss=loss, notes=(noted,)), fires=True),
            Example("a whole log", make_run(train_loss=loss), fires=False),
        )
