from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.run import Axis, Floats, Run, Series
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise, turning, with_values
from advisor_rules.validation.loss_is_not_the_metric import LossIsNotTheMetric
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 100)
LOSS = turning(100, seed=50, at=0.25)
LATE = 0.6 + 0.2 * X + noise(100, 0.005, 51)
LEVEL = 0.8 - 0.5 * np.exp(-20 * X) + noise(100, 0.005, 53)


def test_both_best_steps_and_the_price_are_found(advise: Advise) -> None:
    (finding,) = advise(LossIsNotTheMetric(), make_run(val_loss=LOSS, val_auc=LATE)).findings
    metric, loss = finding.evidence
    assert (metric.series, loss.series) == ("val/auc", "val/loss")
    assert 18 <= metric.first_step <= 32
    assert metric.last_step >= 90
    assert finding.cost is not None
    assert (finding.cost.of, finding.severity) == ("metric", Severity.NOTE)
    assert finding.cost.share == pytest.approx(0.15 / 0.8, rel=0.15)


@pytest.mark.parametrize(
    ("loss", "metric"),
    [
        pytest.param(LOSS, 100 * LATE, id="in per cent"),
        pytest.param(LOSS, 0.8 + 0.03 * X + noise(100, 0.003, 55), id="two points of AUC"),
        pytest.param(LOSS, LATE + noise(100, 0.02, 56), id="a noisy metric"),
        pytest.param(LOSS[::5], LATE[::5], id="20 validations"),
        pytest.param(LOSS - 5, LATE, id="a loss below zero"),
    ],
)
def test_a_metric_that_is_best_elsewhere_is_found(
    advise: Advise, loss: Floats, metric: Floats
) -> None:
    assert advise(LossIsNotTheMetric(), make_run(val_loss=loss, val_auc=metric)).findings


def test_an_error_is_better_when_lower(advise: Advise) -> None:
    (finding,) = advise(LossIsNotTheMetric(), make_run(val_loss=LOSS, val_wer=1 - LATE)).findings
    assert finding.cost is not None
    assert finding.cost.share == pytest.approx(0.15 / 0.35, rel=0.15)
    assert advise(LossIsNotTheMetric(), make_run(val_loss=LOSS, val_wer=LOSS / 3)).findings == ()


def test_series_on_different_axes_are_compared_by_progress(advise: Advise) -> None:
    run = Run(
        name="run",
        series={
            "val/loss": Series("val/loss", 1_000 * np.arange(100), LOSS),
            "val/auc": Series("val/auc", np.arange(100), LATE, axis=Axis.EPOCH),
        },
    )
    (finding,) = advise(LossIsNotTheMetric(), run).findings
    assert 18 <= finding.evidence[0].first_step <= 32


@pytest.mark.parametrize(
    ("loss", "metric"),
    [
        pytest.param(LOSS, LEVEL, id="the metric is level"),
        pytest.param(LOSS, 0.9 - 0.2 * np.abs(X - 0.25), id="both turn at one place"),
        pytest.param(falling(100, seed=58), LATE, id="both improve to the end"),
        pytest.param(falling(100, seed=59, rate=12), LEVEL, id="both level off"),
        pytest.param(LOSS, with_values(LEVEL, 0.99, 70), id="one lucky value of the metric"),
        pytest.param(with_values(falling(100, seed=60), 0.1, 20), LATE, id="one lucky loss"),
        pytest.param(LOSS, 0.8 + noise(100, 0.03, 61), id="a metric of noise"),
        pytest.param(1 + noise(100, 0.1, 62), LEVEL, id="a loss of noise"),
        pytest.param(LOSS, 0.8 + 0.004 * X + noise(100, 0.001, 63), id="half a per cent"),
        pytest.param(
            falling(100, seed=64, rate=12), LATE, id="the loss is level, and its best chance"
        ),
        pytest.param(LOSS, np.full(100, 0.5), id="a constant metric"),
        pytest.param(
            falling(100, seed=57), 0.9 - 0.2 * X, id="the metric was best before, and fell"
        ),
        pytest.param(
            falling(100, seed=57), with_values(0.1 + 0 * X, 0.6, 0, 1, 2), id="broke at once"
        ),
    ],
)
def test_it_stays_silent(advise: Advise, loss: Floats, metric: Floats) -> None:
    assert advise(LossIsNotTheMetric(), make_run(val_loss=loss, val_auc=metric)).findings == ()


def test_a_metric_of_unknown_direction_is_not_judged(advise: Advise) -> None:
    run = make_run(val_loss=LOSS, val_score=LATE)
    assert advise(LossIsNotTheMetric(), run).findings == ()


ZERO = np.zeros(20)
LIT = with_values(ZERO, 0.01, 9)
FELL = falling(100, seed=60)


@pytest.mark.parametrize(("tag", "level"), [("err", 1.0), ("error_rate", 100.0), ("accuracy", 0)])
def test_whatever_says_that_nothing_is_right_is_found(
    advise: Advise, tag: str, level: float
) -> None:
    logged: dict[str, Floats] = {"train/loss": FELL, "val/loss": FELL[::5]}
    run = make_run(series=logged | {f"val/{tag}": level + ZERO}, config={"num_classes": 10})
    (finding,) = advise(LossIsNotTheMetric(), run).findings
    assert (finding.evidence[0].series, finding.evidence[0].value) == (f"val/{tag}", level)
    assert f"was {level:g} in all 20 validations" in finding.advice.evidence.text
    assert f"far from {level:g}." in finding.advice.check.text
    once = make_run(series=logged | {f"val/{tag}": abs(level - LIT)}, config={"num_classes": 10})
    assert advise(LossIsNotTheMetric(), once).findings == ()


def test_a_metric_that_is_always_0_beside_a_falling_loss_is_found(advise: Advise) -> None:
    run = make_run(
        train_loss=FELL, val_loss=FELL[::5], val_token_accuracy=0.1 + ZERO, val_exact_match=ZERO
    )
    (finding,) = advise(LossIsNotTheMetric(), run).findings
    assert [one.series for one in finding.evidence] == ["val/exact_match", "train/loss"]
    assert (finding.severity, finding.confidence) == (Severity.NOTE, 0.7)
    assert "0 in all 20 validations" in finding.advice.evidence.text


@pytest.mark.parametrize(
    ("train", "logged"),
    [
        pytest.param(2 + noise(100, 0.01, 61), {"val/f1": ZERO}, id="a loss that stood"),
        pytest.param(FELL[::-1], {"val/f1": ZERO}, id="a loss that rose"),
        pytest.param(FELL, {"val/f1": np.append(ZERO[1:], 0.01)}, id="a right answer at last"),
        pytest.param(FELL, {"val/f1": np.append(0.01, ZERO[1:])}, id="a right answer at first"),
        pytest.param(FELL, {"val/f1": ZERO[:5]}, id="five validations"),
        pytest.param(FELL, {"val/r2": ZERO}, id="no count of right answers"),
        pytest.param(FELL, {"val/wer": ZERO}, id="an error, of which 0 is the best"),
        pytest.param(FELL, {"val/accuracy": 0.1 + ZERO}, id="a metric at chance"),
    ],
)
def test_of_other_metrics_and_losses_nothing_is_said(
    advise: Advise, train: Floats, logged: dict[str, Floats]
) -> None:
    run = make_run(train_loss=train, val_loss=FELL[::5], series=logged)
    assert advise(LossIsNotTheMetric(), run).findings == ()
