from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise, with_values
from advisor_rules.learning_rate.lr_warmup import LrWarmup
from tests.plugins.advisor_rules.conftest import Advise

N = 2000
X = np.linspace(0, 1, N)
FULL = np.full(N, 0.1)


def bump(height: float, at: float = 0.02, width: float = 0.008) -> Floats:
    return np.asarray(height * np.exp(-(((X - at) / width) ** 2)))


SPIKED = falling(N, seed=1) + bump(1.5)
NORM = 1.0 + 0.2 * np.abs(noise(N, 1.0, 2))


def test_a_spike_at_a_full_rate_is_placed_by_its_peak_and_its_end(advise: Advise) -> None:
    run = make_run(train_loss=SPIKED, lr=FULL)
    finding = advise(LrWarmup(), run).findings[0]
    assert finding.severity is Severity.NOTE
    assert finding.first_step <= 20
    assert 40 <= finding.last_step <= 100
    assert [(c.parameter, c.direction) for c in finding.changes] == [("warmup", "up")]


@pytest.mark.parametrize(
    ("loss", "norm"),
    [
        pytest.param(SPIKED, NORM, id="the loss"),
        pytest.param(falling(N, seed=3) + bump(0.9), NORM, id="a small spike of the loss"),
        pytest.param(falling(N, seed=3) - bump(1.0, at=0.0), NORM, id="a good start that is lost"),
        pytest.param(SPIKED[::10], NORM[::10], id="two hundred points"),
        pytest.param(
            falling(N, seed=4) + bump(0.25),
            NORM + bump(20.0),
            id="the norm, with a rise of the loss",
        ),
    ],
)
def test_a_spike_is_found(advise: Advise, loss: Floats, norm: Floats) -> None:
    run = make_run(train_loss=loss, grad_norm=norm, lr=np.full(len(loss), 0.1))
    assert advise(LrWarmup(), run).findings


def test_a_recorded_warmup_of_zero_shows_that_there_was_none(advise: Advise) -> None:
    finding = advise(
        LrWarmup(), make_run(train_loss=SPIKED, config={"args.warmup_steps": 0})
    ).findings[0]
    assert finding.changes[0].path == "args.warmup_steps"


@pytest.mark.parametrize(
    ("loss", "norm"),
    [
        pytest.param(falling(N, seed=5), NORM, id="no spike"),
        pytest.param(falling(N, seed=5, size=0.5), NORM, id="noisy batches"),
        pytest.param(with_values(falling(N, seed=6), 9.0, 30), NORM, id="one bad point"),
        pytest.param(falling(N, seed=7) + bump(1.5, at=0.4), NORM, id="a spike later on"),
        pytest.param(falling(N, seed=8) + 2.0 * (X > 0.02), NORM, id="a jump that stays"),
        pytest.param(falling(N, seed=9) + 5 * np.exp(-X / 0.01), NORM, id="a high start"),
        pytest.param(with_values(falling(N, seed=9), 0.9, 0), NORM, id="one easy first batch"),
        pytest.param(falling(N, seed=10), NORM + 30 * np.exp(-X / 0.01), id="a norm that falls"),
        pytest.param(falling(N, seed=11), NORM + bump(1.5), id="a norm that rises a little"),
        pytest.param(
            falling(N, seed=12),
            0.2 + bump(5.0, at=0.03, width=0.02),
            id="a norm that rises while the loss falls, as at every start",
        ),
        pytest.param(falling(N, seed=13) + bump(0.4), NORM, id="a small rise"),
        pytest.param(np.full(N, 2.3), np.zeros(N), id="constant"),
    ],
)
def test_a_start_without_a_spike_passes(advise: Advise, loss: Floats, norm: Floats) -> None:
    run = make_run(train_loss=loss, grad_norm=norm, lr=FULL)
    assert advise(LrWarmup(), run).findings == ()


def test_a_spike_under_a_ramp_passes(advise: Advise) -> None:
    run = make_run(train_loss=SPIKED, lr=0.1 * np.minimum((X + 0.001) / 0.05, 1.0))
    assert advise(LrWarmup(), run).result == "passed"


def test_a_recorded_warmup_passes_whatever_is_logged(advise: Advise) -> None:
    run = make_run(train_loss=SPIKED, lr=FULL, config={"warmup_ratio": 0.03})
    assert advise(LrWarmup(), run).result == "passed"


def test_without_rate_and_warmup_nothing_is_said(advise: Advise) -> None:
    run = make_run(train_loss=SPIKED, config={"lr": 0.1})
    assert advise(LrWarmup(), run).result == "not-applicable"


def test_a_rate_logged_once_an_epoch_shows_no_ramp(advise: Advise) -> None:
    run = make_run(
        series={"train/loss": SPIKED, "lr": np.full(20, 0.1)}, steps={"lr": np.arange(20) * 100}
    )
    assert advise(LrWarmup(), run).result == "not-applicable"


def test_a_per_epoch_log_has_no_first_steps(advise: Advise) -> None:
    assert advise(LrWarmup(), make_run(train_loss=SPIKED[::40])).result == "not-applicable"
