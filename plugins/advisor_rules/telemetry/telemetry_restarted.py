"""The rule ``telemetry-restarted``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from advisor.curve import Curve
from advisor.finding import Citation, Evidence
from advisor.hyperparameters import as_number
from advisor.notes import Note, NoteKind, note
from advisor.rule import Example
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.log_notes import SPIKES, NoteRule
from advisor_rules.signs.measure import stretch


class TelemetryRestarted(NoteRule):
    """The run was restarted on the way; where both wrote, the later values are used.

    ## What it checks
    Whether the steps of the log go back, or another writer went on from an earlier step.

    ## Why it matters
    A restart without the state of the optimizer, the schedule or the order of the data leaves
    a jump in the curves that no setting explains. Findings about that place are less certain.

    ## What to do
    Save and restore optimizer, schedule, scaler and random state with the weights.

    ## When to ignore it
    The curves go on across the restart as if nothing had happened.
    """

    name = "telemetry-restarted"
    kind = NoteKind.RESTARTED
    undermines = (*SPIKES, "stage:decay", "diverged", "past-best", "overfitting")
    citations: ClassVar[tuple[Citation, ...]] = (
        Citation(
            source="PyTorch, torch.utils.tensorboard.SummaryWriter",
            supports="After a crash and a restart from an earlier step, later events are purged.",
            url="https://docs.pytorch.org/docs/stable/tensorboard.html",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Restore the optimizer's state on a restart",
        "observed": "The run was restarted on the way",
        "evidence": "{said:sentence}",
        "evidence.more": "{said:sentence} {more:count more restart|more restarts} after it.",
        "do": "Save optimizer, schedule, scaler and random state with the weights, and restore "
        "them all.",
        "why": "A restart without them leaves a jump in the curves that no setting explains.",
        "check": "The curves go on across the next restart without a jump.",
        "unless": "the curves go on across the restart as if nothing had happened.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a log with a restart, and one without."""
        loss = falling(200, seed=205)
        noted = note(NoteKind.RESTARTED, step=120)
        return (
            Example("a restart", make_run(train_loss=loss, notes=(noted,)), fires=True),
            Example("a whole log", make_run(train_loss=loss), fires=False),
        )

    def place(self, curve: Curve, notes: Sequence[Note]) -> Evidence:
        """Return from where to where the curve was restarted, by the points that it has."""
        numbers = [as_number(note.params.get("step")) for note in notes]
        steps = [number for number in numbers if number is not None]
        low, high = float(curve.steps[0]), float(curve.steps[-1])
        first = min(max(min(steps, default=low), low), high)
        last = max(min(max(steps, default=high), high), first)
        return stretch(curve, first, last, "restarts", float(len(notes)), None)
