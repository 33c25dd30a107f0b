from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.judging.diagnose import Diagnoser
from advisor.model import Value
from advisor.run import Axis, Floats
from advisor.testing.runs import make_run
from advisor_rules.batch_size.batch_too_small_noise import BatchTooSmallNoise
from advisor_rules.examples import falling, noise
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from tests.plugins.advisor_rules.conftest import Advise

N = 2000
X = np.linspace(0, 1, N)
NOISY = falling(N, seed=1, size=0.5)
EPOCHS = {"epochs": 20, "batch_size": 2}


def test_the_scatter_is_measured_against_the_fall(advise: Advise) -> None:
    finding = advise(BatchTooSmallNoise(), make_run(train_loss=NOISY, config=EPOCHS)).findings[0]
    assert finding.severity is Severity.NOTE
    assert finding.evidence[0].value == pytest.approx(0.25, abs=0.05)
    assert [(c.parameter, c.before, c.after) for c in finding.changes] == [("batch_size", 2, 8)]


def test_the_change_shows_the_setting_as_it_was_written(advise: Advise) -> None:
    run = make_run(train_loss=NOISY, config={"epochs": 20, "data.batch_size": "2"})
    (change,) = advise(BatchTooSmallNoise(), run).findings[0].changes
    assert (change.path, change.before, change.after) == ("data.batch_size", "2", 8)


@pytest.mark.parametrize(
    ("loss", "config"),
    [
        pytest.param(NOISY, EPOCHS, id="noisy steps"),
        pytest.param(NOISY[::8], EPOCHS, id="every eighth step"),
        pytest.param(NOISY - 10, EPOCHS, id="below zero"),
        pytest.param(falling(N, seed=3, size=0.15), EPOCHS, id="less noisy steps"),
    ],
)
def test_noisy_steps_are_found(advise: Advise, loss: Floats, config: Mapping[str, Value]) -> None:
    assert advise(BatchTooSmallNoise(), make_run(train_loss=loss, config=config)).findings


@pytest.mark.parametrize(
    ("batch", "result"),
    [
        pytest.param({"batch_size": 2}, "failed", id="two samples"),
        pytest.param({"batch_size": 4}, "passed", id="four"),
        pytest.param({"batch_size": 8}, "passed", id="eight"),
        pytest.param({"batch_size": 1024}, "passed", id="a large batch"),
        pytest.param({"batch_size": 2, "accumulate_grad_batches": 8}, "passed", id="accumulated"),
        pytest.param({"per_device_train_batch_size": 2}, "passed", id="of one device"),
        pytest.param({}, "not-applicable", id="not recorded"),
    ],
)
def test_only_one_or_two_samples_that_are_recorded_are_few(
    advise: Advise, batch: Mapping[str, Value], result: str
) -> None:
    run = make_run(train_loss=NOISY, config={"epochs": 20, **batch})
    assert advise(BatchTooSmallNoise(), run).result == result


def test_the_per_step_twin_is_judged_and_not_the_mean_of_the_epoch(advise: Advise) -> None:
    run = make_run(
        series={"train_loss_step": NOISY, "train_loss_epoch": NOISY.reshape(20, 100).mean(axis=1)},
        config={"batch_size": 2},
    )
    finding = advise(BatchTooSmallNoise(), run).findings[0]
    assert finding.evidence[0].series == "train_loss_step"


def test_sparser_validation_shows_that_the_loss_is_logged_along_the_way(advise: Advise) -> None:
    run = make_run(train_loss=NOISY, val_loss=falling(20, seed=2), config={"batch_size": 2})
    assert advise(BatchTooSmallNoise(), run).findings


@pytest.mark.parametrize(
    ("loss", "config"),
    [
        pytest.param(falling(N, seed=3), EPOCHS, id="calm steps"),
        pytest.param(2.3 + noise(N, 0.3, 4), EPOCHS, id="never learned"),
        pytest.param(
            falling(N, seed=5) + 0.6 * np.sin(400 * X), EPOCHS, id="waves many points long"
        ),
        pytest.param(
            falling(N, seed=6) + np.convolve(noise(N, 3.0, 7), np.ones(20) / 20, "same"),
            EPOCHS,
            id="a running average",
        ),
        pytest.param(np.full(N, 0.7), EPOCHS, id="constant"),
    ],
)
def test_other_scatter_passes(advise: Advise, loss: Floats, config: Mapping[str, Value]) -> None:
    assert advise(BatchTooSmallNoise(), make_run(train_loss=loss, config=config)).findings == ()


@pytest.mark.parametrize(
    ("logged", "config"),
    [
        pytest.param({"train/loss": NOISY}, {}, id="nothing says how it was logged"),
        pytest.param(
            {"train/loss": NOISY[:200], "val/loss": falling(200, seed=8)}, {}, id="once an epoch"
        ),
        pytest.param({"train/loss": NOISY[:200]}, {"epochs": 200}, id="as many points as epochs"),
        pytest.param({"train/loss": NOISY[:60]}, {"epochs": 2}, id="sixty points"),
    ],
)
def test_a_loss_that_may_be_a_mean_over_the_epoch_is_not_judged(
    advise: Advise, logged: Mapping[str, Floats], config: Mapping[str, Value]
) -> None:
    run = make_run(series=logged, config={"batch_size": 2, **config}, axis=Axis.STEP)
    assert advise(BatchTooSmallNoise(), run).result == "not-applicable"


def test_the_scatter_of_a_loss_that_hardly_falls_is_beneath_what_keeps_it_from_falling(
    advise: Advise,
) -> None:
    run = make_run(
        train_loss=2.3 - 0.2 * X + noise(N, 0.16, 95),
        val_loss=2.31 - 0.2 * X[::100],
        steps={"val/loss": np.arange(0, N, 100)},
        config={"batch_size": 2, "lr": 1e-6},
    )
    rules = {rule.name: rule for rule in (LrTooLow(), BatchTooSmallNoise())}
    found = [finding for rule in rules.values() for finding in advise(rule, run).findings]
    (diagnosis,) = Diagnoser(rules).diagnose(found)
    assert [hypothesis.rule for hypothesis in diagnosis.hypotheses] == ["lr-too-low"]
    assert len(diagnosis.consequences) == 1


HALVES = np.tile([0.5, 1.0, 0.5, 0.0], N // 4)
VAL = falling(20, seed=4)


def test_the_accuracies_of_single_batches_show_their_size(advise: Advise) -> None:
    run = make_run(train_loss=NOISY, train_accuracy=HALVES, val_loss=VAL)
    (finding,) = advise(BatchTooSmallNoise(), run).findings
    assert "one of a batch of 2" in finding.advice.evidence.text
    assert [(c.parameter, c.before, c.after) for c in finding.changes] == [("batch_size", None, 8)]
    run = make_run(train_loss=NOISY, train_accuracy=100 * (HALVES > 0.5), val_loss=VAL)
    assert advise(BatchTooSmallNoise(), run).findings[0].changes[0].after == 4


@pytest.mark.parametrize(
    "accuracy",
    [
        pytest.param(HALVES / 2, id="of four samples"),
        pytest.param(np.where(np.arange(N) < 5, 0.5, 1.0), id="nearly always right"),
        pytest.param(np.zeros(N), id="never right"),
        pytest.param(HALVES[:80], id="too few of them"),
        pytest.param(HALVES + noise(N, 0.01, 7), id="means over the epoch so far"),
    ],
)
def test_other_accuracies_do_not(advise: Advise, accuracy: Floats) -> None:
    run = make_run(train_loss=NOISY, train_accuracy=accuracy, val_loss=VAL)
    assert advise(BatchTooSmallNoise(), run).result == "not-applicable"


@pytest.mark.parametrize(("batches", "result"), [(16, "not-applicable"), (1, "failed")])
def test_accumulated_batches_are_no_updates(advise: Advise, batches: int, result: str) -> None:
    config: dict[str, Value] = {"gradient_accumulation_steps": batches}
    run = make_run(train_loss=NOISY, train_accuracy=HALVES, val_loss=VAL, config=config)
    assert advise(BatchTooSmallNoise(), run).result == result
