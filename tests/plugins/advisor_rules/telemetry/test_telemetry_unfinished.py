from __future__ import annotations

import pytest

from advisor.finding import Severity
from advisor.notes import Note, NoteKind, note
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.telemetry.telemetry_unfinished import TelemetryUnfinished
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(100, seed=1)
NOTED = note(NoteKind.UNFINISHED)


def test_the_note_of_the_reader_is_told(advise: Advise) -> None:
    finding = advise(TelemetryUnfinished(), make_run(train_loss=LOSS, notes=(NOTED,))).findings[0]
    assert finding.severity is Severity.NOTE
    assert finding.advice.evidence.text == NOTED.message.text
    assert (finding.first_step, finding.last_step) == (0, 99)


def test_several_notes_are_one_finding(advise: Advise) -> None:
    run = make_run(train_loss=LOSS, notes=(NOTED, NOTED, NOTED))
    (finding,) = advise(TelemetryUnfinished(), run).findings
    assert finding.evidence[0].value == 3


def test_the_series_that_a_note_names_are_cited(advise: Advise) -> None:
    noted = NOTED.model_copy(update={"series": ("val/loss",)})
    run = make_run(train_loss=LOSS, val_loss=LOSS, notes=(noted,))
    finding = advise(TelemetryUnfinished(), run).findings[0]
    assert [e.series for e in finding.evidence] == ["val/loss"]


def test_a_series_of_no_known_role_is_cited_where_there_is_no_other(advise: Advise) -> None:
    run = make_run(series={"gpu/temperature": LOSS}, notes=(NOTED,))
    finding = advise(TelemetryUnfinished(), run).findings[0]
    assert finding.evidence[0].series == "gpu/temperature"


def test_a_log_without_any_value_is_not_judged(advise: Advise) -> None:
    assert advise(TelemetryUnfinished(), make_run(notes=(NOTED,))).result == "not-applicable"


@pytest.mark.parametrize("notes", [(), (note(NoteKind.FOLDED, folders=("a",)),)])
def test_a_log_without_such_a_note_passes(advise: Advise, notes: tuple[Note, ...]) -> None:
    assert advise(TelemetryUnfinished(), make_run(train_loss=LOSS, notes=notes)).result == "passed"


@pytest.mark.parametrize("rule", ["stage:epochs", "no-validation"])
def test_it_weakens_what_rests_on_it(rule: str) -> None:
    assert rule in TelemetryUnfinished.undermines


@pytest.mark.parametrize("rule", ["overfitting", "loss-not-finite", "stage:gradients"])
def test_it_leaves_the_rest_alone(rule: str) -> None:
    assert rule not in TelemetryUnfinished.undermines
