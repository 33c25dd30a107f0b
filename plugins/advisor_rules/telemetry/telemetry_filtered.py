"""The rule ``telemetry-filtered``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.notes import NoteKind, note
from advisor.rule import Example
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules.examples import falling
from advisor_rules.log_notes import SPIKES, NoteRule, affected

_FILTER = "logging_nan_inf_filter"


class TelemetryFiltered(NoteRule):
    """Losses that are not finite were dropped or replaced before they were logged.

    ## What it checks
    Whether the reader noted it, or the settings switch on ``logging_nan_inf_filter``, as the
    Hugging Face Trainer does unless told otherwise: it logs the average of the steps before in
    place of a loss that is NaN or infinite.

    ## Why it matters
    A run whose loss is not a number looks as if it stood still. That no bad value was logged
    does not show that there was none.

    ## What to do
    Switch the filter off, at least while a run misbehaves.

    ## When to ignore it
    The validation loss, which is not filtered, is finite to the end.
    """

    name = "telemetry-filtered"
    kind = NoteKind.FILTERED
    undermines = (*SPIKES, "diverged", "never-learned", "underfitting", "stage:decay")
    citations: ClassVar[tuple[Citation, ...]] = (
        Citation(
            source="Hugging Face Transformers, TrainingArguments",
            supports="With logging_nan_inf_filter, the average of other steps is logged in place "
            "of a loss that is NaN or infinite; it is on by default.",
            url="https://huggingface.co/docs/transformers/main_classes/trainer",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Log losses that are not finite as they are",
        "observed": "Non-finite losses are not in the log",
        "evidence": "{said:sentence}",
        "evidence.more": "{said:sentence} {more:count more place|more places} like this.",
        "evidence.setting": "{path:name} is on: losses that are NaN or infinite are replaced by "
        "the average of other steps.",
        "do": "Switch the filter off (`logging_nan_inf_filter=False`).",
        "why": "A loss that is not a number then looks like one that stands still.",
        "check": "The next log would show a NaN if there were one.",
        "unless": "the validation loss is finite to the end.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return logs with a filter and without."""
        loss = falling(200, seed=206)
        noted = note(NoteKind.FILTERED, why="the Trainer replaces them")
        return (
            Example("a note", make_run(train_loss=loss, notes=(noted,)), fires=True),
            Example("a setting", make_run(train_loss=loss, config={_FILTER: True}), fires=True),
            Example("switched off", make_run(train_loss=loss, config={_FILTER: False}), False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Tell the reader's notes, else what the settings say."""
        if run.notes(self.kind):
            yield from super().check(run)
            return
        for path, value in run.settings.recorded.items():
            if path.endswith(_FILTER) and str(value).lower() == "true":
                evidence = [self.place(curve, ()) for curve in affected(run, ())]
                yield self.fact(evidence, variants={"evidence": "setting"}, path=path)
                return
