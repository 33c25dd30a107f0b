from __future__ import annotations

import pytest

from advisor.run import Run
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.telemetry.telemetry_no_learning_rate import TelemetryNoLearningRate
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(100, seed=1)


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(make_run(train_loss=LOSS), id="no settings"),
        pytest.param(make_run(train_loss=LOSS, config={"optimizer": "adam"}), id="other settings"),
        pytest.param(make_run(val_accuracy=LOSS), id="a metric alone"),
    ],
)
def test_a_run_whose_rate_is_nowhere_is_found(advise: Advise, run: Run) -> None:
    finding = advise(TelemetryNoLearningRate(), run).findings[0]
    assert finding.evidence[0].series in run.series


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(make_run(train_loss=LOSS, lr=LOSS), id="logged"),
        pytest.param(
            make_run(series={"train/loss": LOSS, "lr/pg0": LOSS, "lr/pg1": LOSS}),
            id="logged for each group",
        ),
        pytest.param(make_run(train_loss=LOSS, config={"optimizer.lr": 0.1}), id="recorded"),
        pytest.param(make_run(train_loss=LOSS, config={"learning_rate": "auto"}), id="in words"),
        pytest.param(
            make_run(train_loss=LOSS, config={"enc.lr": 0.1, "dec.lr": 0.2}), id="two that disagree"
        ),
    ],
)
def test_a_rate_that_is_logged_or_recorded_passes(advise: Advise, run: Run) -> None:
    assert advise(TelemetryNoLearningRate(), run).result == "passed"


def test_a_run_of_four_points_is_not_judged(advise: Advise) -> None:
    outcome = advise(TelemetryNoLearningRate(), make_run(train_loss=LOSS[:4]))
    assert outcome.result == "not-applicable"
