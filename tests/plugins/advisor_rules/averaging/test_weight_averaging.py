from __future__ import annotations

import numpy as np
import pytest

from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.averaging.weight_averaging import WeightAveraging
from advisor_rules.examples import falling, noise, turning
from tests.plugins.advisor_rules.conftest import Advise

N = 60
FULL = np.full(N, 0.1)
X = np.linspace(0, 1, N)
LOSS = falling(N, seed=457, rate=12, size=0.002)
NOISY = LOSS + noise(N, 0.05, 458)


@pytest.mark.parametrize(
    ("rate", "config"),
    [
        pytest.param(FULL, {}, id="constant"),
        pytest.param(0.1 * (1 - 0.7 * X), {}, id="a third of the peak"),
        pytest.param(FULL, {"ema": False, "swa_start": None}, id="averaging is off"),
    ],
)
def test_a_noisy_end_at_a_rate_that_does_not_vanish_is_a_note(
    advise: Advise, rate: Floats, config: dict[str, Value]
) -> None:
    run = make_run(train_loss=LOSS, val_loss=NOISY, lr=rate, config=config)
    (finding,) = advise(WeightAveraging(), run).findings
    assert finding.evidence[0].value == pytest.approx(0.12, abs=0.05)
    assert finding.first_step == pytest.approx(40, abs=2)


def test_a_metric_that_scatters_is_a_note_too(advise: Advise) -> None:
    score = 0.8 - 0.7 * np.exp(-12 * X) + noise(N, 0.04, 461)
    run = make_run(train_loss=LOSS, val_accuracy=score, lr=FULL)
    assert advise(WeightAveraging(), run).findings[0].evidence[0].series == "val/accuracy"


def test_a_model_that_learned_nothing_has_no_good_place_to_average_about(advise: Advise) -> None:
    chance = 0.1 + noise(N, 0.015, 465)
    dead, learned = 2.3 + noise(N, 0.004, 466), 0.9 * LOSS
    runs = (
        make_run(train_loss=train, val_accuracy=chance, lr=FULL, config={"num_classes": 10})
        for train in (learned, dead)
    )
    assert [bool(advise(WeightAveraging(), run).findings) for run in runs] == [True, False]


@pytest.mark.parametrize(
    ("val", "rate"),
    [
        pytest.param(falling(N, seed=462, rate=12, size=0.004), FULL, id="a calm end"),
        pytest.param(NOISY, 0.1 * (1.01 - X), id="the rate fell to 0"),
        pytest.param(NOISY, np.where(X < 0.6, 0.1, 0.01), id="the rate was dropped"),
        pytest.param(falling(N, seed=463, rate=1.5, size=0.05), FULL, id="still improving"),
        pytest.param(turning(N, seed=464, size=0.03), FULL, id="past its best"),
        pytest.param(LOSS + 0.3 * (np.arange(N) == 50), FULL, id="one spike"),
    ],
)
def test_other_ends_pass(advise: Advise, val: Floats, rate: Floats) -> None:
    run = make_run(train_loss=LOSS, val_loss=val, lr=rate)
    assert advise(WeightAveraging(), run).result == "passed"


@pytest.mark.parametrize(
    "config", [{"model_ema": True}, {"--ema-decay": 0.999}, {"swa.swa_lr": 0.01}, {"imgsz": 640}]
)
def test_a_run_that_averages_already_passes(advise: Advise, config: dict[str, Value]) -> None:
    run = make_run(train_loss=LOSS, val_loss=NOISY, lr=FULL, config=config)
    assert advise(WeightAveraging(), run).result == "passed"


def test_without_a_logged_rate_or_validation_it_says_so(advise: Advise) -> None:
    for run in (
        make_run(train_loss=LOSS, val_loss=NOISY, config={"lr": 0.1}),
        make_run(train_loss=NOISY, lr=FULL),
        make_run(train_loss=LOSS, val_loss=NOISY[:10], lr=FULL),
    ):
        assert advise(WeightAveraging(), run).result == "not-applicable"
