"""The rule ``telemetry-damaged``."""

from __future__ import annotations

from typing import ClassVar

from advisor.finding import Citation
from advisor.notes import NoteKind, note
from advisor.rule import Example
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.log_notes import SPIKES, STARTS, NoteRule


class TelemetryDamaged(NoteRule):
    """Bytes in the middle of the log could not be read, and were skipped.

    ## What it checks
    Whether the reader had to skip bytes to find the next whole record.

    ## Why it matters
    What stood there is lost: a spike, a validation, a restart. A damaged disk or a bad copy
    may have changed other values too.

    ## What to do
    Copy the file again from where the run wrote it, and compare the sizes.

    ## When to ignore it
    The bytes lost are few, and none of the findings is about that place.
    """

    name = "telemetry-damaged"
    kind = NoteKind.DAMAGED
    undermines = (*SPIKES, *STARTS, "diverged", "stage:epochs")
    citations: ClassVar[tuple[Citation, ...]] = (
        Citation(
            source="TensorFlow, TFRecord format",
            supports="Each record carries checksums, so damage is noticed and can be skipped.",
            url="https://www.tensorflow.org/tutorials/load_data/tfrecord",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Copy the log again: a part is damaged",
        "observed": "Bytes of the log could not be read",
        "evidence": "{said:sentence}",
        "evidence.more": "{said:sentence} {more:count more place|more places} like this.",
        "do": "Copy the file again from where the run wrote it, and compare the sizes.",
        "why": "What stood there is lost, and other values may have suffered with it.",
        "check": "The next report does not say that bytes were skipped.",
        "unless": "the bytes lost are few and far from what is in question.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a log with such a note, and one without."""
        loss = falling(200, seed=203)
        noted = note(NoteKind.DAMAGED, file="events.out.tfevents.1", offset=4096, lost=120)
        return (
            Example("a damaged event file", make_run(train_loss=loss, notes=(noted,)), fires=True),
            Example("a whole log", make_run(train_loss=loss), fires=False),
        )
