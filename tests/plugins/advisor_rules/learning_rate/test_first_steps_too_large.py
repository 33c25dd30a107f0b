from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Axis, Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise, with_values
from advisor_rules.learning_rate.first_steps_too_large import FirstStepsTooLarge
from tests.plugins.advisor_rules.conftest import Advise

N = 600
X = np.linspace(0, 1, N)


def jump(height: float, at: float = 0.01, width: float = 0.006) -> Floats:
    """Return a rise of the first steps that is over again by a tenth of the run."""
    return np.asarray(height * np.exp(-(((X - at) / width) ** 2)) * (X > 0))


POOR = falling(N, seed=1, start=2.3, floor=1.8)
GOOD = falling(N, seed=2, start=2.3, floor=0.1)
BACK = GOOD + jump(40.0, at=0.03, width=0.02)


def test_a_loss_thrown_up_by_the_first_steps_is_a_warning_at_its_peak(advise: Advise) -> None:
    run = make_run(train_loss=POOR + jump(40.0), config={"optimizer.lr": 0.3})
    finding = advise(FirstStepsTooLarge(), run).findings[0]
    assert finding.severity is Severity.WARNING
    assert finding.first_step == 0
    assert 3 <= finding.last_step <= 9
    change = finding.changes[0]
    assert (change.parameter, change.path, change.after) == ("learning_rate", "optimizer.lr", 0.03)


def test_the_higher_the_jump_the_surer_the_finding(advise: Advise) -> None:
    heights = (8.0, 20.0, 200.0)
    runs = [make_run(train_loss=POOR + jump(height)) for height in heights]
    sure = [advise(FirstStepsTooLarge(), run).findings[0].confidence for run in runs]
    assert sure == sorted(set(sure))


def test_a_run_that_found_its_way_back_gets_a_note(advise: Advise) -> None:
    findings = advise(FirstStepsTooLarge(), make_run(train_loss=BACK)).findings
    assert [finding.severity for finding in findings] == [Severity.NOTE]


def test_a_rise_to_five_times_the_first_value_may_have_another_reason(advise: Advise) -> None:
    (finding,) = advise(FirstStepsTooLarge(), make_run(train_loss=POOR + jump(10.5))).findings
    assert finding.severity is Severity.NOTE
    assert 4.5 < finding.evidence[0].value < 6


def test_a_rise_to_twice_the_first_value_is_a_note(advise: Advise) -> None:
    (finding,) = advise(FirstStepsTooLarge(), make_run(train_loss=POOR + jump(2.7))).findings
    assert finding.severity is Severity.NOTE
    assert finding.confidence < 0.8
    assert 1.8 < finding.evidence[0].value < 2.3


def test_a_small_rise_far_beyond_what_batches_make_is_a_note(advise: Advise) -> None:
    (finding,) = advise(FirstStepsTooLarge(), make_run(train_loss=POOR + jump(0.9))).findings
    assert finding.severity is Severity.NOTE
    assert 1.15 < finding.evidence[0].value < 1.5


def test_one_high_value_tells_by_less_where_nothing_was_learned(advise: Advise) -> None:
    level = 2.3 + noise(N, 0.02, 19)
    (finding,) = advise(
        FirstStepsTooLarge(), make_run(train_loss=with_values(level, 3.4, 2))
    ).findings
    assert finding.severity is Severity.NOTE
    learned = with_values(POOR, 3.4, 2)
    assert not advise(FirstStepsTooLarge(), make_run(train_loss=learned)).findings


def test_what_was_lost_for_good_is_a_warning_after_a_small_rise_as_well(advise: Advise) -> None:
    loss = FORGOTTEN + jump(2.7, at=0.08)
    (finding,) = advise(FirstStepsTooLarge(), make_run(train_loss=loss)).findings
    assert finding.severity is Severity.WARNING
    assert finding.last_step == N - 1


def test_of_the_first_updates_one_high_value_is_enough(advise: Advise) -> None:
    loss = with_values(POOR, 15.0, 1)
    (finding,) = advise(FirstStepsTooLarge(), make_run(train_loss=loss)).findings
    assert finding.last_step == 1
    again = with_values(loss, 4.0, 500)
    assert not advise(FirstStepsTooLarge(), make_run(train_loss=again)).findings


@pytest.mark.parametrize("first", [30.0, 5000.0])
def test_a_first_epoch_far_above_all_others_is_a_note(advise: Advise, first: float) -> None:
    loss = with_values(falling(30, seed=3), first, 0)
    findings = advise(FirstStepsTooLarge(), make_run(axis=Axis.EPOCH, train_loss=loss)).findings
    assert [finding.severity for finding in findings] == [Severity.NOTE]
    assert findings[0].last_step == 0


def test_rows_of_every_fiftieth_step_are_judged_as_averages(advise: Advise) -> None:
    loss, steps = with_values(falling(30, seed=4), 90.0, 0), np.arange(49, 1549, 50)
    run = make_run(train_loss=loss, steps={"train/loss": steps})
    assert advise(FirstStepsTooLarge(), run).findings[0].severity is Severity.NOTE


SCATTERED = (1.5 * np.exp(-4 * X) + 0.2) * np.exp(noise(N, 0.6, 16))
"""A loss of batches that differ by as much as a few of its first values from the very first."""
FORGOTTEN = np.where(X < 0.03, 2.3 - 40 * X, 2.3) + noise(N, 0.02, 15)


def test_what_the_first_steps_learned_and_lost_for_good_is_a_warning(advise: Advise) -> None:
    (finding,) = advise(FirstStepsTooLarge(), make_run(train_loss=FORGOTTEN)).findings
    assert finding.severity is Severity.WARNING
    assert 14 <= finding.first_step <= 18
    assert finding.last_step == N - 1
    assert 0.7 < finding.evidence[0].value <= 1.0


def test_an_epoch_worse_than_any_guess_is_a_note(advise: Advise) -> None:
    loss = np.r_[90.0, 40.0, 15.0, falling(27, seed=14)]
    right = np.linspace(0.1, 0.8, 30)
    run = make_run(axis=Axis.EPOCH, train_loss=loss, val_accuracy=right)
    (finding,) = advise(FirstStepsTooLarge(), run).findings
    assert finding.severity is Severity.NOTE
    assert finding.evidence[0].value > 7
    low = make_run(axis=Axis.EPOCH, train_loss=np.minimum(loss, 10.0), val_accuracy=right)
    assert not advise(FirstStepsTooLarge(), low).findings


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(GOOD, id="a usual start"),
        pytest.param(POOR + jump(0.25), id="a rise by a tenth of the first"),
        pytest.param(
            POOR + jump(0.9) + noise(N, 0.3, 18), id="a small rise that batches may have made"
        ),
        pytest.param(GOOD + jump(0.9), id="a small rise that was made good"),
        pytest.param(
            POOR + jump(3.5) + noise(N, 0.7, 17), id="a rise that batches alone may have made"
        ),
        pytest.param(with_values(POOR, 400.0, 4), id="one batch of high loss"),
        pytest.param(falling(N, seed=5, start=90.0, rate=300), id="a fall from far above"),
        pytest.param(GOOD + jump(40.0), id="a stumble of some ten steps"),
        pytest.param(POOR + jump(40.0, at=0.5), id="a rise in the middle"),
        pytest.param(POOR + 40 * (X > 0.02), id="a loss that rises for good"),
        pytest.param(np.exp(1.2 * noise(N, 1.0, 6)), id="heavy scatter all the time"),
        pytest.param(with_values(SCATTERED, 0.4, 0), id="an easy first batch of a heavy scatter"),
        pytest.param(POOR - 3.0 + jump(40.0), id="a loss that may be negative"),
        pytest.param(np.full(N, 0.7), id="a level loss"),
        pytest.param(np.minimum(FORGOTTEN, GOOD), id="a first fall that is made again"),
        pytest.param(np.where(X < 0.8, FORGOTTEN, 1.2), id="a low that is reached again late"),
        pytest.param(with_values(POOR + 0.5, 0.2, 3, 4, 5), id="three easy batches"),
        pytest.param(FORGOTTEN[17:], id="a rise from the first value on"),
        pytest.param((POOR + jump(40.0))[:15], id="too few points"),
    ],
)
def test_nothing_is_said_of(advise: Advise, loss: Floats) -> None:
    assert not advise(FirstStepsTooLarge(), make_run(train_loss=loss)).findings


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(falling(30, seed=7, floor=0.01, rate=40), id="most learned at once"),
        pytest.param(with_values(falling(30, seed=8), 15.0, 0), id="some times as high"),
        pytest.param(with_values(falling(30, seed=9), 400.0, 12), id="a high epoch later"),
        pytest.param(with_values(falling(30, seed=10), 400.0, 0)[:4], id="four epochs"),
        pytest.param(falling(30, seed=12, floor=0.02, rate=30)[::4], id="a log that was thinned"),
        pytest.param(with_values(falling(30, seed=11), 25.0, 0, 1), id="two epochs of 25"),
        pytest.param(with_values(falling(30, seed=12) - 1.0, 90.0, 0), id="negative losses"),
    ],
)
def test_nothing_is_said_of_epochs(advise: Advise, loss: Floats) -> None:
    run = make_run(axis=Axis.EPOCH, train_loss=loss)
    assert not advise(FirstStepsTooLarge(), run).findings


@pytest.mark.parametrize("seed", range(40, 52))
def test_what_averages_over_past_steps_wander_by_is_no_rise(advise: Advise, seed: int) -> None:
    sums = np.cumsum(noise(N, 0.8, seed))
    averages = np.r_[sums[:10] / np.arange(1, 11), (sums[10:] - sums[:-10]) / 10]
    assert not advise(FirstStepsTooLarge(), make_run(train_loss=3.3 - 0.5 * X + averages)).findings


@pytest.mark.parametrize("rate", [0.3, 0.003])
def test_what_came_back_at_a_usual_rate_was_not_thrown_by_it(advise: Advise, rate: float) -> None:
    config: dict[str, Value] = {"optimizer": "Adam", "lr": rate}
    epochs = with_values(falling(30, seed=22), 400.0, 0)
    first = make_run(axis=Axis.EPOCH, train_loss=epochs, config=config)
    back = make_run(train_loss=BACK, config=config)
    lost = make_run(train_loss=FORGOTTEN, config=config)
    for run in (first, back):
        assert bool(advise(FirstStepsTooLarge(), run).findings) == (rate > 0.01)
    assert advise(FirstStepsTooLarge(), lost).findings


def test_nothing_is_said_where_rewards_are_learned(advise: Advise) -> None:
    run = make_run(
        train_loss=POOR + jump(40.0), series={"rollout/ep_rew_mean": falling(N, seed=13)}
    )
    assert not advise(FirstStepsTooLarge(), run).findings


GUESSING = 2.303 + noise(30, 0.004, 20)


def test_a_first_epoch_that_no_later_one_comes_near_is_a_note(advise: Advise) -> None:
    loss = with_values(GUESSING, 1.4, 0)
    loss[1:3] = 3.6, 2.9
    run = make_run(axis=Axis.EPOCH, train_loss=loss, config={"lr": 0.5})
    (finding,) = advise(FirstStepsTooLarge(), run).findings
    assert finding.severity is Severity.NOTE
    assert (finding.first_step, finding.last_step) == (0, 29)
    assert finding.evidence[0].value == 1.0
    assert [change.after for change in finding.changes] == [pytest.approx(0.05)]


@pytest.mark.parametrize("loss", [POOR + jump(40.0), FORGOTTEN])
def test_a_rise_or_a_first_fall_of_averages_is_a_note(advise: Advise, loss: Floats) -> None:
    run = make_run(axis=Axis.EPOCH, train_loss=loss)
    (finding,) = advise(FirstStepsTooLarge(), run).findings
    assert finding.severity is Severity.NOTE


def test_what_validation_scatters_along_with_is_of_no_single_batch(advise: Advise) -> None:
    loss = np.exp(np.r_[-0.5, np.linspace(0, -0.4, 29)] + noise(30, 0.4, 25))
    for size, thrown in ((0.05, False), (0.4, True)):
        val = np.exp(noise(30, size, 26))
        run = make_run(axis=Axis.EPOCH, train_loss=loss, val_loss=val)
        assert bool(advise(FirstStepsTooLarge(), run).findings) is thrown


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(GUESSING, id="level"),
        pytest.param(with_values(GUESSING, 2.2, 0), id="a twentieth lower"),
        pytest.param(with_values(falling(30, seed=24), 4.0, 3, 4, 5, 6, 7), id="for five epochs"),
        pytest.param(with_values(GUESSING, 2.15, 0), id="less than a tenth lower"),
        pytest.param(with_values(GUESSING, 1.4, 1), id="the second one is lower"),
        pytest.param(with_values(GUESSING, 1.4, 0)[:4], id="four epochs"),
        pytest.param(with_values(GUESSING - 3.0, -2.0, 0), id="negative losses"),
        pytest.param(falling(30, seed=21), id="falling"),
        pytest.param(
            np.exp(np.r_[-0.5, np.linspace(0, -0.4, 29)] + noise(30, 0.4, 25)),
            id="one batch an epoch, the first of them easy",
        ),
    ],
)
def test_another_first_epoch_passes(advise: Advise, loss: Floats) -> None:
    run = make_run(axis=Axis.EPOCH, train_loss=loss)
    assert not advise(FirstStepsTooLarge(), run).findings


def test_rows_that_are_many_orders_apart_raise_nothing(advise: Advise) -> None:
    apart = np.where(np.arange(30) % 2, 1e38, 1e-44)
    assert (
        advise(FirstStepsTooLarge(), make_run(axis=Axis.EPOCH, train_loss=apart)).result != "error"
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_lucky_first_batch_says_nothing(advise: Advise, seed: int) -> None:
    rows = np.exp(noise(12, 0.8, seed) - 2.5)
    lucky = with_values(rows, 0.8 * float(rows.min()), 0)
    steps = {"train/loss": np.arange(1, 13) * 10, "val/loss": np.arange(1, 4) * 43}
    run = make_run(train_loss=lucky, val_loss=[0.115, 0.114, 0.114], steps=steps)
    assert not advise(FirstStepsTooLarge(), run).findings


def test_rows_above_the_first_are_counted(advise: Advise) -> None:
    rows = with_values(GUESSING, 0.3, 0)
    (finding,) = advise(FirstStepsTooLarge(), make_run(axis=Axis.EPOCH, train_loss=rows)).findings
    assert f"in {len(rows) - 1} of the {len(rows) - 1} later ones" in finding.advice.evidence.text
