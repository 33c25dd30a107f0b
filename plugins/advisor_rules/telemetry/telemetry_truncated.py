"""The rule ``telemetry-truncated``."""

from __future__ import annotations

from typing import ClassVar

from advisor.finding import Citation
from advisor.notes import NoteKind, note
from advisor.rule import Example
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.log_notes import ENDS, NoteRule


class TelemetryTruncated(NoteRule):
    """A file of the log ends in the middle of a record.

    ## What it checks
    Whether the reader came to the end of a file before the end of a record. What came
    before was read.

    ## Why it matters
    The run was killed, the disk was full, or the file was copied while it was written.
    Where the log ends is not where the training ended, so what is judged by the end of the
    curves is uncertain.

    ## What to do
    Copy the log again after the run has ended. If the run died, look for its last
    checkpoint before starting anew.

    ## When to ignore it
    The run is still going.
    """

    name = "telemetry-truncated"
    kind = NoteKind.TRUNCATED
    undermines = ENDS
    citations: ClassVar[tuple[Citation, ...]] = (
        Citation(
            source="TensorFlow, TFRecord format",
            supports="Each record carries its length and checksums, so a cut is noticed.",
            url="https://www.tensorflow.org/tutorials/load_data/tfrecord",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Copy the log again: its end is missing",
        "observed": "A file ends inside a record",
        "evidence": "{said:sentence}",
        "evidence.more": "{said:sentence} {more:count more place|more places} like this.",
        "do": "Copy the log again once the run has ended; if it died, resume it from its last "
        "checkpoint.",
        "why": "Where the log ends is not where the training ended.",
        "check": "The next report does not say that a file ends inside a record.",
        "unless": "the run is still going.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a log with such a note, and one without."""
        loss = falling(200, seed=202)
        noted = note(NoteKind.TRUNCATED, file="events.out.tfevents.1", offset=4096)
        return (
            Example("a file cut by a kill", make_run(train_loss=loss, notes=(noted,)), fires=True),
            Example("a whole log", make_run(train_loss=loss), fires=False),
        )
