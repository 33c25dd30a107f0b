from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.telemetry.telemetry_too_few_points import TelemetryTooFewPoints
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(30, seed=50)


def test_the_longest_series_is_counted(advise: Advise) -> None:
    run = make_run(train_loss=LOSS[:3], val_loss=LOSS[:2])
    finding = advise(TelemetryTooFewPoints(), run).findings[0]
    evidence = finding.evidence[0]
    assert finding.severity is Severity.NOTE
    assert (evidence.series, evidence.value, evidence.threshold) == ("train/loss", 3, 8)


def test_values_that_are_not_finite_do_not_count(advise: Advise) -> None:
    run = make_run(train_loss=[2.0, np.nan, 1.5, np.inf, 1.2, np.nan])
    assert advise(TelemetryTooFewPoints(), run).findings[0].evidence[0].value == 3


def test_the_bound_is_an_option(advise: Advise) -> None:
    assert advise(TelemetryTooFewPoints(least=31), make_run(train_loss=LOSS)).findings


@pytest.mark.parametrize(
    "series",
    [
        pytest.param({"train/loss": LOSS}, id="thirty steps"),
        pytest.param({"train/loss": LOSS[:8]}, id="eight epochs"),
        pytest.param({"train/loss": LOSS, "val/loss": LOSS[:1]}, id="one validation"),
        pytest.param({"train/loss": LOSS[:1], "val/accuracy": LOSS}, id="a long metric"),
        pytest.param({"rollout/ep_rew_mean": LOSS}, id="the return of an agent"),
    ],
)
def test_a_log_that_is_long_enough_passes(advise: Advise, series: dict[str, Floats]) -> None:
    assert advise(TelemetryTooFewPoints(), make_run(series=series)).findings == ()


def test_a_log_without_any_loss_or_metric_is_not_judged(advise: Advise) -> None:
    run = make_run(series={"gpu/temperature": LOSS[:2]})
    assert advise(TelemetryTooFewPoints(), run).result == "not-applicable"
