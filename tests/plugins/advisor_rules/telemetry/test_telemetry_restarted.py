from __future__ import annotations

import pytest

from advisor.notes import Note, NoteKind, note
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.telemetry.telemetry_restarted import TelemetryRestarted
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(100, seed=1)


def restarts(*steps: int) -> tuple[Note, ...]:
    return tuple(note(NoteKind.RESTARTED, step=step) for step in steps)


@pytest.mark.parametrize(
    ("steps", "place"),
    [
        pytest.param((40,), (40, 40), id="one"),
        pytest.param((70, 20, 40), (20, 70), id="several, in any order"),
        pytest.param((500,), (99, 99), id="beyond the last step"),
        pytest.param((-3,), (0, 0), id="before the first step"),
    ],
)
def test_the_place_of_the_restarts_is_cited(
    advise: Advise, steps: tuple[int, ...], place: tuple[int, int]
) -> None:
    (finding,) = advise(
        TelemetryRestarted(), make_run(train_loss=LOSS, notes=restarts(*steps))
    ).findings
    assert (finding.first_step, finding.last_step) == place
    assert finding.evidence[0].value == len(steps)


def test_a_run_of_one_piece_passes(advise: Advise) -> None:
    repeats = note(NoteKind.DUPLICATE_STEPS, count=3)
    for notes in ((), (repeats,)):
        outcome = advise(TelemetryRestarted(), make_run(train_loss=LOSS, notes=notes))
        assert outcome.result == "passed"


def test_a_log_without_any_value_is_not_judged(advise: Advise) -> None:
    assert advise(TelemetryRestarted(), make_run(notes=restarts(4))).result == "not-applicable"
