"""The rule ``lr-too-low`` on runs of few epochs."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.run import Floats, Run
from advisor.testing.runs import make_run
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from tests.plugins.advisor_rules.conftest import Advise


def _few(val: Floats, rate: Floats, scatter: float = 0.0) -> Run:
    """Return a run of 60 steps an epoch, logged by epoch, whose last training loss scatters."""
    ends = np.arange(59, 60 * len(val), 60)
    tags = ("train/loss", "val/loss", "lr")
    train = val + 0.02 + scatter * (ends == ends[-1])
    series = {"train/loss": train, "val/loss": val, "lr": rate}
    return make_run(series=series, steps=dict.fromkeys(tags, ends), config={"epochs": len(val)})


def _epochs(count: int, slow: float) -> tuple[Floats, Floats]:
    """Return a loss after each of some epochs of a cosine, and the rates."""
    at = np.arange(1, count + 1) / count
    spent = at + np.sin(np.pi * at) / np.pi
    return 1.5 + np.exp(-spent / slow), 5e-4 * (1 + np.cos(np.pi * at)) / 2


SLOWLY, ITS_RATE = _epochs(6, 0.5)


@pytest.mark.parametrize(
    "run",
    [
        *(pytest.param(_few(*_epochs(n, 0.5)), id=f"{n} validations") for n in range(5, 8)),
        pytest.param(_few(SLOWLY, ITS_RATE, 0.3), id="the last row of training is high"),
    ],
)
def test_five_validations_are_enough_where_the_rate_came_down_and_adds_up_to_little(
    advise: Advise, run: Run
) -> None:
    findings = advise(LrTooLow(), run).findings
    assert [finding.severity for finding in findings] == [Severity.NOTE]


LEVELLED = np.array([1.0, 0.51, 0.504, 0.502, 0.501, 0.5])


@pytest.mark.parametrize(
    "run",
    [
        *(pytest.param(_few(*_epochs(n, 0.5)), id=f"{n} validations") for n in (2, 3, 4)),
        pytest.param(_few(SLOWLY, np.full(6, 5e-4)), id="the rate was held: cut short"),
        pytest.param(_few(LEVELLED, 10 * ITS_RATE), id="levelled off"),
        pytest.param(_few(SLOWLY, 8 * ITS_RATE), id="too much for six, though not for eight"),
        pytest.param(_few(SLOWLY, 100 * ITS_RATE), id="the rates add up to much"),
        pytest.param(_few(SLOWLY + 0.8 * (np.arange(6) == 4), ITS_RATE), id="shaken"),
    ],
)
def test_other_runs_of_few_validations_pass(advise: Advise, run: Run) -> None:
    assert advise(LrTooLow(), run).findings == ()
