from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise
from advisor_rules.program.loss_function_fit import LossFunctionFit
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(60, seed=370)
GOOD = 0.8 + noise(60, 0.01, 371)
N = 4000
STEPS = falling(N, seed=372)
RARE = np.arange(N) % 97 == 0


@pytest.mark.parametrize("loss", ["mse", "MSELoss()", "mean_squared_error", "L1Loss", "HuberLoss"])
def test_a_distance_on_classes_is_a_note(advise: Advise, loss: str) -> None:
    run = make_run(
        train_loss=LOSS, val_accuracy=GOOD, config={"criterion": loss, "num_classes": 10}
    )
    (finding,) = advise(LossFunctionFit(), run).findings
    assert finding.severity is Severity.NOTE
    (change,) = finding.changes
    assert (change.parameter, change.path, change.before) == ("loss_function", "criterion", loss)
    assert change.after == "cross-entropy"


@pytest.mark.parametrize("tag", ["val/top1_err", "val/top5_err", "val/error_rate"])
def test_an_error_rate_counts_classes_as_an_accuracy_does(advise: Advise, tag: str) -> None:
    run = make_run(
        series={"train/loss": LOSS, tag: 100 * (1 - GOOD)},
        config={"criterion": "mse", "num_classes": 10},
    )
    (finding,) = advise(LossFunctionFit(), run).findings
    assert finding.evidence[0].series == tag


@pytest.mark.parametrize("loss", ["CrossEntropyLoss()", "bce", "nn.BCEWithLogitsLoss"])
def test_a_cross_entropy_on_numbers_is_a_note(advise: Advise, loss: str) -> None:
    run = make_run(train_loss=LOSS, val_rmse=LOSS, config={"loss_fn": loss})
    assert advise(LossFunctionFit(), run).findings[0].evidence[0].series == "val/rmse"


def test_outliers_that_carry_a_squared_error_are_measured(advise: Advise) -> None:
    run = make_run(train_loss=STEPS * (1 + 60 * RARE), config={"loss": "mse"})
    (finding,) = advise(LossFunctionFit(), run).findings
    assert finding.evidence[0].value == pytest.approx(0.38, abs=0.03)
    assert finding.changes[0].after == "the Huber loss"
    assert finding.confidence <= 0.7


@pytest.mark.parametrize(
    ("series", "config"),
    [
        pytest.param(
            {"val/accuracy": GOOD}, {"loss": "CrossEntropyLoss", "num_classes": 10}, id="classes"
        ),
        pytest.param({"val/rmse": LOSS}, {"loss": "mse"}, id="numbers"),
        pytest.param({"val/accuracy": GOOD}, {"loss": "mse"}, id="accuracy, but no classes known"),
        pytest.param({"val/mae": LOSS}, {"loss": "bce"}, id="a map of probabilities"),
        pytest.param({"val/f1": GOOD, "val/rmse": LOSS}, {"loss": "ce"}, id="both kinds"),
        pytest.param({"val/dice": GOOD}, {"loss": "mse", "num_classes": 4}, id="segmentation"),
        pytest.param({}, {"loss": "BCEDiceLoss"}, id="a mixture"),
    ],
)
def test_a_loss_that_fits_or_may_fit_passes(
    advise: Advise, series: dict[str, Floats], config: dict[str, Value]
) -> None:
    run = make_run(series={"train/loss": LOSS} | series, config=config)
    assert advise(LossFunctionFit(), run).findings == ()


SQUARES = np.random.default_rng(373).normal(size=N) ** 2


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(STEPS, id="normal scatter"),
        pytest.param(STEPS * SQUARES, id="squares of normal errors, one by one"),
        pytest.param(STEPS * np.exp(noise(N, 0.8, 374)), id="log-normal scatter"),
        pytest.param(STEPS + 500 * np.exp(-np.linspace(0, 400, N)), id="a steep start"),
        pytest.param(STEPS * (1 + 60 * (RARE & (np.arange(N) > 3000))), id="one unstable quarter"),
        pytest.param((STEPS * (1 + 60 * RARE))[:1500], id="too few steps"),
    ],
)
def test_a_squared_error_without_many_outliers_passes(advise: Advise, loss: Floats) -> None:
    assert (
        advise(LossFunctionFit(), make_run(train_loss=loss, config={"loss": "mse"})).findings == ()
    )


@pytest.mark.parametrize("config", [{}, {"loss": 0.3}, {"lr": 0.1}])
def test_a_loss_that_is_not_named_is_not_judged(advise: Advise, config: dict[str, Value]) -> None:
    run = make_run(train_loss=STEPS * (1 + 60 * RARE), val_accuracy=GOOD, config=config)
    assert advise(LossFunctionFit(), run).result == "not-applicable"
