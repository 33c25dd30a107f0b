from __future__ import annotations

import pytest

from advisor.model import Value
from advisor.notes import NoteKind, note
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.telemetry.telemetry_no_config import TelemetryNoConfig
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(100, seed=1)


def test_a_run_without_any_setting_is_found(advise: Advise) -> None:
    finding = advise(TelemetryNoConfig(), make_run(train_loss=LOSS, lr=LOSS)).findings[0]
    assert finding.evidence[0].series == "train/loss"


def test_settings_that_could_not_be_read_are_named(advise: Advise) -> None:
    noted = note(NoteKind.CONFIG_UNREADABLE, file="hparams.yaml", why="it is cut")
    finding = advise(TelemetryNoConfig(), make_run(train_loss=LOSS, notes=(noted,))).findings[0]
    assert noted.message.text in finding.advice.evidence.text


@pytest.mark.parametrize("config", [{"lr": 0.1}, {"comment": "baseline"}, {"seed": None}])
def test_a_run_with_any_setting_passes(advise: Advise, config: dict[str, Value]) -> None:
    assert advise(TelemetryNoConfig(), make_run(train_loss=LOSS, config=config)).result == "passed"


def test_a_run_of_four_points_is_not_judged(advise: Advise) -> None:
    outcome = advise(TelemetryNoConfig(), make_run(train_loss=LOSS[:4]))
    assert outcome.result == "not-applicable"
