from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 300)
LINE = 2.3 - 0.25 * X + noise(300, 0.01, 6)


def test_a_straight_line_is_found_over_the_whole_run(advise: Advise) -> None:
    run = make_run(train_loss=LINE, config={"lr": 1e-6})
    finding = advise(LrTooLow(), run).findings[0]
    assert (finding.first_step, finding.last_step) == (0, 299)
    assert finding.changes[0].after == pytest.approx(3e-6)
    assert finding.changes[0].direction == "up"


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(LINE, id="straight"),
        pytest.param(LINE[::20], id="straight, fifteen epochs"),
        pytest.param(np.repeat(LINE, 100) + noise(30000, 0.05, 7), id="straight, noisy steps"),
        pytest.param(2.3 - 0.2 * X - 0.05 * X**2 + noise(300, 0.005, 8), id="steepening"),
        pytest.param(falling(300, seed=9, rate=0.15, size=0.005), id="a seventh of a decay"),
    ],
)
def test_too_low_a_rate_is_found(advise: Advise, loss: Floats) -> None:
    assert advise(LrTooLow(), make_run(train_loss=loss)).findings


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(falling(300, seed=8), id="levels off"),
        pytest.param(falling(300, seed=8, rate=1.5), id="one and a half time constants"),
        pytest.param(2.3 + noise(300, 0.05, 9), id="noise"),
        pytest.param(2.3 - 0.25 * X + noise(300, 0.2, 10), id="too noisy to tell"),
        pytest.param(2.3 - 2.0 * X + noise(300, 0.01, 11), id="straight, but most is gained"),
        pytest.param(LINE + 3 * np.exp(-X / 0.01), id="a steep start before the line"),
        pytest.param(2.0 + 0.25 * X, id="rises in a straight line"),
        pytest.param(np.full(300, 2.3), id="constant"),
        pytest.param(LINE - 5, id="below zero, where nobody knows what is left"),
    ],
)
def test_a_curve_that_is_no_such_line_passes(advise: Advise, loss: Floats) -> None:
    assert advise(LrTooLow(), make_run(train_loss=loss)).findings == ()


def test_the_shape_is_not_read_under_a_schedule(advise: Advise) -> None:
    run = make_run(train_loss=LINE, lr=1e-3 * (1 - 0.99 * X))
    assert advise(LrTooLow(), run).result == "not-applicable"
