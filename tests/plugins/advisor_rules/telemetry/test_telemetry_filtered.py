from __future__ import annotations

import pytest

from advisor.model import Value
from advisor.notes import NoteKind, note
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.telemetry.telemetry_filtered import TelemetryFiltered
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(100, seed=1)


def test_the_note_of_the_reader_is_told(advise: Advise) -> None:
    noted = note(NoteKind.FILTERED, why="the Trainer replaces them")
    finding = advise(TelemetryFiltered(), make_run(train_loss=LOSS, notes=(noted,))).findings[0]
    assert finding.advice.evidence.text == noted.message.text


@pytest.mark.parametrize("path", ["logging_nan_inf_filter", "args.logging_nan_inf_filter"])
@pytest.mark.parametrize("value", [True, "True", "true"])
def test_the_setting_of_the_trainer_is_enough(advise: Advise, path: str, value: Value) -> None:
    run = make_run(train_loss=LOSS, config={path: value})
    finding = advise(TelemetryFiltered(), run).findings[0]
    assert path in finding.advice.evidence.text


def test_a_note_and_a_setting_are_one_finding(advise: Advise) -> None:
    noted = note(NoteKind.FILTERED, why="the Trainer replaces them")
    run = make_run(train_loss=LOSS, notes=(noted,), config={"logging_nan_inf_filter": True})
    assert len(advise(TelemetryFiltered(), run).findings) == 1


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"logging_nan_inf_filter": False},
        {"logging_nan_inf_filter": None},
        {"nan_filter": True},
        {"logging_nan_inf_filter_note": "true"},
    ],
)
def test_a_log_that_is_not_filtered_passes(advise: Advise, config: dict[str, Value]) -> None:
    assert advise(TelemetryFiltered(), make_run(train_loss=LOSS, config=config)).result == "passed"
