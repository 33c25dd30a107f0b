from __future__ import annotations

import math

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Axis, Floats, Run
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, with_values
from advisor_rules.program.initial_loss import InitialLoss
from tests.plugins.advisor_rules.conftest import Advise

TEN: dict[str, Value] = {"num_classes": 10, "criterion": "CrossEntropyLoss()"}
MSE: dict[str, Value] = {"loss": "mse"}
HIGH = falling(400, seed=330, start=15.0, rate=40, size=0.01)
SLOW = falling(400, seed=330, start=15.0, rate=10, size=0.01)


def test_the_first_row_is_held_against_the_logarithm_of_the_classes(advise: Advise) -> None:
    (finding,) = advise(InitialLoss(), make_run(train_loss=HIGH, config=TEN)).findings
    (evidence,) = finding.evidence
    assert evidence.value == pytest.approx(15 / math.log(10), rel=0.01)
    assert (evidence.first_step, evidence.last_step) == (0, 0)
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(
    ("loss", "config"),
    [
        pytest.param(HIGH, {"num_classes": 10}, id="a loss without a name"),
        pytest.param(HIGH, {"num_labels": "10", "loss": "NLLLoss()"}, id="labels, as text"),
        pytest.param(HIGH, {"class_names": tuple("abcdefghij"), "loss": "ce"}, id="names"),
        pytest.param(
            falling(400, seed=333, start=1.6, floor=0.1), {"loss": "BCELoss"}, id="binary"
        ),
        pytest.param(
            falling(400, seed=334, start=23.0, floor=3.5),
            {"vocab_size": 50257, "model_type": "gpt2"},
            id="a language model",
        ),
        pytest.param(HIGH, {"num_classes": 10, "batch_size": 64}, id="no sum over this batch"),
    ],
)
def test_a_start_far_above_guessing_is_found(
    advise: Advise, loss: Floats, config: dict[str, Value]
) -> None:
    assert advise(InitialLoss(), make_run(train_loss=loss, config=config)).findings


@pytest.mark.parametrize(
    ("loss", "config"),
    [
        pytest.param(falling(400, seed=335, start=2.4), TEN, id="ln 10"),
        pytest.param(falling(400, seed=336, start=4.0), TEN, id="less than twice"),
        pytest.param(falling(400, seed=337, start=0.5, floor=0.2), TEN, id="a fine-tune"),
        pytest.param(falling(400, seed=338, start=11.0), TEN | {"num_classes": 1000}, id="1000"),
    ],
)
def test_a_start_near_or_below_guessing_passes(
    advise: Advise, loss: Floats, config: dict[str, Value]
) -> None:
    assert advise(InitialLoss(), make_run(train_loss=loss, config=config)).result == "passed"


@pytest.mark.parametrize(
    ("loss", "config"),
    [
        pytest.param(HIGH, {}, id="classes not recorded"),
        pytest.param(SLOW, {"criterion": "CrossEntropyLoss()"}, id="only the loss is named"),
        pytest.param(HIGH, {"num_classes": 10, "loss": "mse"}, id="a squared error"),
        pytest.param(HIGH, {"num_classes": 10, "loss": "FocalLoss"}, id="a focal loss"),
        pytest.param(HIGH, {"num_classes": 10, "task": "detect"}, id="detection"),
        pytest.param(10 * HIGH, TEN, id="never below guessing: another unit"),
        pytest.param(
            falling(400, seed=339, start=9.2, floor=0.4), TEN | {"batch_size": 4}, id="a sum"
        ),
    ],
)
def test_what_is_no_mean_cross_entropy_over_known_classes_is_not_held_against_guessing(
    advise: Advise, loss: Floats, config: dict[str, Value]
) -> None:
    assert advise(InitialLoss(), make_run(train_loss=loss, config=config)).findings == ()


def test_an_average_above_guessing_holds_steps_that_were_higher_still(advise: Advise) -> None:
    later = make_run(train_loss=HIGH, steps={"train/loss": 50 * np.arange(1, 401)}, config=TEN)
    epochs = make_run(train_loss=HIGH, config=TEN, axis=Axis.EPOCH)
    counted = make_run(train_loss=HIGH, config=TEN | {"epochs": 400})
    beside = make_run(train_loss=HIGH, val_loss=falling(400, seed=3), config=TEN)
    for run in (later, epochs, counted, beside):
        (finding,) = advise(InitialLoss(), run).findings
        assert finding.evidence[0].value == pytest.approx(15 / math.log(10), rel=0.01)
        assert finding.confidence == 0.4


_FIRST_EPOCH = np.concatenate(([500.0], falling(30, seed=351)))
_HUGE: Floats = np.full(31, 2.0)


def _first_epoch(config: dict[str, Value], rate: Floats | None) -> Run:
    logged = {"train/loss": _FIRST_EPOCH} | ({} if rate is None else {"lr": rate})
    return make_run(series=logged, axis=Axis.EPOCH, config=MSE | config)


@pytest.mark.parametrize(
    ("config", "rate"),
    [
        pytest.param({"lr": 0.003, "optimizer": "Adam"}, None, id="usual"),
        pytest.param({"lr": 0.3, "optimizer": "Adam"}, None, id="a high one may have thrown it"),
        pytest.param({"lr": 0.3, "optimizer": "SGD"}, None, id="usual for SGD"),
        pytest.param({"lr": 0.3}, None, id="usual for some optimizer"),
        pytest.param({}, None, id="nothing known of the rate"),
        pytest.param({"lr": 0.3, "optimizer": "Adam"}, _HUGE / 1000, id="the logged one counts"),
    ],
)
def test_a_high_first_epoch_is_found_at_any_rate(
    advise: Advise, config: dict[str, Value], rate: Floats | None
) -> None:
    run = _first_epoch(config, rate)
    assert advise(InitialLoss(), run).findings


def test_a_first_step_out_of_scale_is_found_at_any_rate(advise: Advise) -> None:
    config = TEN | {"lr": 3.0, "optimizer": "Adam"}
    assert advise(InitialLoss(), make_run(train_loss=HIGH, config=config)).findings


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(falling(400, seed=342, start=3.6), id="little above guessing"),
        pytest.param(falling(400, seed=343, start=0.6, floor=0.2), id="below guessing"),
        pytest.param(HIGH[:4], id="four rows"),
        pytest.param(HIGH - 1.0, id="negative losses"),
    ],
)
def test_other_averages_pass(advise: Advise, loss: Floats) -> None:
    run = make_run(train_loss=loss, config=TEN, axis=Axis.EPOCH)
    assert advise(InitialLoss(), run).findings == ()


@pytest.mark.parametrize("config", [MSE, {}])
@pytest.mark.parametrize("first", [25.0, 9e4])
def test_a_regression_that_fell_at_once_began_out_of_scale(
    advise: Advise, config: dict[str, Value], first: float
) -> None:
    loss = first * np.exp(-2 * np.arange(400.0)) + falling(400, seed=344, start=0.5, floor=0.3)
    (finding,) = advise(InitialLoss(), make_run(train_loss=loss, config=config)).findings
    assert finding.evidence[0].value == pytest.approx((first + 0.5) / 0.5, rel=0.1)
    assert finding.evidence[0].last_step == 0


@pytest.mark.parametrize("config", [MSE, {}])
@pytest.mark.parametrize("axis", [Axis.STEP, Axis.EPOCH])
@pytest.mark.parametrize("risen", [False, True])
def test_a_fall_from_far_above_what_standardized_targets_cost_is_found_unless_it_was_even(
    advise: Advise, config: dict[str, Value], axis: Axis, *, risen: bool
) -> None:
    even = falling(40, seed=347, start=9e4, floor=900.0, rate=8)
    run = make_run(train_loss=even, axis=axis, config=config)
    assert not advise(InitialLoss(), run).findings
    thrown = with_values(even, 2e5, 3) if risen else with_values(even, 3.5e5, 0)
    run = make_run(train_loss=thrown, axis=axis, config=config)
    (finding,) = advise(InitialLoss(), run).findings
    assert finding.evidence[0].value == pytest.approx(float(thrown[0]) / 925, rel=0.1)
    assert finding.evidence[0].last_step == 0


def test_a_loss_by_step_falls_evenly_in_means_of_many(advise: Advise) -> None:
    loss = falling(400, seed=347, start=9e4, floor=900.0, rate=8)
    for values in (loss, with_values(loss, 3 * float(loss[20]), 20), with_values(loss, 5e3, 350)):
        assert not advise(InitialLoss(), make_run(train_loss=values, config=MSE)).findings


def test_a_loss_of_which_nothing_is_known_may_be_that_of_guessing(advise: Advise) -> None:
    loss = 10 * np.exp(-np.arange(400.0)) + falling(400, seed=352, start=0.2, floor=0.1)
    assert advise(InitialLoss(), make_run(train_loss=loss, config=MSE)).findings
    assert advise(InitialLoss(), make_run(train_loss=loss)).findings == ()


@pytest.mark.parametrize("config", [{}, MSE, {"num_layers": 3, "loss": "CrossEntropyLoss"}])
def test_a_loss_that_falls_at_once_from_where_no_guessing_is_began_too_high(
    advise: Advise, config: dict[str, Value]
) -> None:
    loss = falling(400, seed=370, start=20.0, floor=1.5, rate=200)
    (finding,) = advise(InitialLoss(), make_run(train_loss=loss, config=config)).findings
    assert finding.evidence[0].last_step == 0


@pytest.mark.parametrize(
    ("loss", "fires"),
    [
        pytest.param(falling(400, seed=374, start=6.0, floor=1.2, rate=80), True, id="to a fifth"),
        pytest.param(falling(400, seed=374, start=6.0, floor=2.5, rate=80), False, id="to 1 / 2.4"),
        pytest.param(falling(400, seed=374, start=6.0, floor=1.2, rate=12), False, id="slowly"),
        pytest.param(falling(400, seed=374, start=4.2, floor=0.8, rate=80), True, id="67 answers"),
        pytest.param(falling(400, seed=374, start=2.7, floor=0.5, rate=80), False, id="15 answers"),
        pytest.param(falling(60, seed=374, start=6.0, floor=1.2, rate=20), False, id="a short run"),
    ],
)
def test_no_classifier_guesses_among_twenty_and_is_far_better_in_a_few_steps(
    advise: Advise, loss: Floats, *, fires: bool
) -> None:
    config: dict[str, Value] = {"loss": "CrossEntropyLoss"}
    run = make_run(train_loss=loss, config=config)
    assert bool(advise(InitialLoss(), run).findings) is fires
    focal: dict[str, Value] = {"num_classes": 100, "loss": "FocalLoss"}
    for other in (make_run(train_loss=loss), make_run(train_loss=loss, config=focal)):
        assert not advise(InitialLoss(), other).findings


@pytest.mark.parametrize(
    ("first", "val", "fires"),
    [
        pytest.param(7.0, 1.6, True, id="far above where it ended"),
        pytest.param(7.0, 4.0, False, id="it ended high"),
        pytest.param(3.0, 1.4, True, id="above guessing among twelve"),
        pytest.param(2.4, 0.6, False, id="what guessing may cost"),
    ],
)
def test_a_first_epoch_is_held_against_validation_at_its_end(
    advise: Advise, first: float, val: float, fires: bool
) -> None:
    train = np.concatenate(([first], falling(30, seed=371, start=1.2)))
    held = np.concatenate(([val], falling(30, seed=372, start=1.2)))

    def findings(config: dict[str, Value]) -> int:
        run = make_run(axis=Axis.EPOCH, train_loss=train, val_loss=held, config=config)
        return len(advise(InitialLoss(), run).findings)

    assert bool(findings({"loss": "CrossEntropyLoss"})) is fires
    assert not findings(MSE), "targets in their own unit begin anywhere"
    assert not findings({}), "this may be such a loss"


def test_a_first_epoch_that_guessing_may_cost_is_not_held_against_later_ones(
    advise: Advise,
) -> None:
    loss = np.concatenate(([0.6], falling(30, seed=353, start=0.03, floor=0.01, size=0.0001)))
    assert advise(InitialLoss(), make_run(train_loss=loss, axis=Axis.EPOCH)).findings == ()
    squared = make_run(train_loss=loss, axis=Axis.EPOCH, config=MSE)
    assert advise(InitialLoss(), squared).findings


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(falling(400, seed=345, start=1.0, floor=0.001, size=0.0002), id="a good fit"),
        pytest.param(falling(400, seed=346, start=4.5, floor=0.2, rate=400), id="a fall to 1/20"),
        pytest.param(falling(400, seed=346, start=20, floor=1, rate=25), id="in eighty steps"),
        pytest.param(falling(400, seed=346, start=20, floor=6, rate=400), id="to a third"),
        pytest.param(falling(400, seed=347, start=29.0, floor=0.5, rate=8), id="from below 30"),
        pytest.param(falling(400, seed=362, start=9e4, floor=4e3, rate=8), id="a fall to 1/22"),
        pytest.param(falling(400, seed=348, start=9e4, rate=400) - 1.0, id="a likelihood"),
        pytest.param(falling(30, seed=349, start=29.0, rate=400), id="thirty steps"),
    ],
)
def test_other_starts_of_regressions_pass(advise: Advise, loss: Floats) -> None:
    assert advise(InitialLoss(), make_run(train_loss=loss, config=MSE)).findings == ()


def test_a_first_epoch_of_a_regression_far_above_all_others_is_found(advise: Advise) -> None:
    loss = np.concatenate(([500.0], falling(30, seed=350)))
    (finding,) = advise(InitialLoss(), make_run(train_loss=loss, axis=Axis.EPOCH)).findings
    assert finding.evidence[0].last_step == 0
    mild = np.concatenate(([15.0], falling(30, seed=351)))
    assert advise(InitialLoss(), make_run(train_loss=mild, axis=Axis.EPOCH)).findings == ()


@pytest.mark.parametrize(
    ("axis", "first", "fires"),
    [
        pytest.param(Axis.EPOCH, 1, True, id="epochs"),
        pytest.param(Axis.STEP, 99, True, id="each after a hundred steps"),
        pytest.param(Axis.STEP, 0, False, id="the first step, and few others"),
    ],
)
def test_a_first_row_stands_out_of_five_where_it_is_an_average(
    advise: Advise, axis: Axis, first: int, *, fires: bool
) -> None:
    rows = np.array([40.0, 1.1, 1.05, 1.0, 0.95])
    steps = {"train/loss": first + 100 * np.arange(5)}
    config: dict[str, Value] = {"task": "regression", "epochs": 5}
    run = make_run(series={"train/loss": rows}, axis=axis, steps=steps, config=config)
    assert bool(advise(InitialLoss(), run).findings) is fires


def test_one_part_of_a_loss_is_not_judged(advise: Advise) -> None:
    series = {"train/ce_loss": HIGH, "train/aux_loss": HIGH, "train/box_loss": HIGH}
    run = make_run(series=series, config=TEN)
    assert advise(InitialLoss(), run).result == "not-applicable"


RIGHT = 0.95 - 0.85 * falling(400, seed=340, start=1.0, floor=0.0, rate=40, size=0.01)
FAR = falling(400, seed=341, start=60.0, floor=0.2, rate=60, size=0.01)
TENTH = math.log(10)


@pytest.mark.parametrize("scale", [1, 100])
def test_where_no_classes_are_recorded_the_accuracy_shows_how_many_there_are(
    advise: Advise, scale: float
) -> None:
    learned = falling(400, seed=360, start=1.0, floor=0.0, rate=4, size=0.001)
    loss = 13 * np.exp(-np.arange(400) / 3) + 2.2 * learned + 0.2
    run = make_run(train_loss=loss, train_accuracy=scale * (0.95 - 0.85 * learned))
    (finding,) = advise(InitialLoss(), run).findings
    assert finding.evidence[0].value == pytest.approx(15.4 / TENTH, rel=0.1)


def test_an_accuracy_of_validation_leaves_the_largest_vocabulary(advise: Advise) -> None:
    series = {"train/loss": FAR, "val/accuracy": RIGHT[::40]}
    run = make_run(series=series, steps={"val/accuracy": 40 * np.arange(1, 11) - 1})
    (finding,) = advise(InitialLoss(), run).findings
    assert finding.evidence[0].value == pytest.approx(60 / math.log(2**18), rel=0.05)


@pytest.mark.parametrize(
    ("loss", "accuracy", "config"),
    [
        pytest.param(falling(400, seed=354, start=2.4), RIGHT, {}, id="ln 10"),
        pytest.param(falling(400, seed=355, start=4.4, rate=40), RIGHT, {}, id="1.9 times that"),
        pytest.param(
            falling(400, seed=356, start=6.9, floor=4.0, rate=4),
            0.35 - 0.15 * falling(400, seed=357, start=1.0, floor=0.0, rate=4),
            {},
            id="a commonest token, and thousands of others",
        ),
        pytest.param(20 + FAR, RIGHT, {}, id="a sum over the batch"),
        pytest.param(FAR, RIGHT, {"loss": "mse"}, id="a squared error"),
        pytest.param(np.append(FAR[:-1], np.nan), RIGHT, {}, id="it ends as no number"),
    ],
)
def test_other_starts_of_unknown_classes_pass(
    advise: Advise, loss: Floats, accuracy: Floats, config: dict[str, Value]
) -> None:
    run = make_run(train_loss=loss, train_accuracy=accuracy, config=config)
    assert advise(InitialLoss(), run).findings == ()


def test_a_first_epoch_far_above_what_its_accuracy_costs_is_found(advise: Advise) -> None:
    loss = np.concatenate(([15.0], falling(30, seed=358, start=1.5, floor=0.5)))
    right = np.concatenate(([0.2], 0.8 - 0.3 * falling(30, seed=359, start=1.0, floor=0.0)))
    run = make_run(train_loss=loss, train_accuracy=right, axis=Axis.EPOCH)
    (finding,) = advise(InitialLoss(), run).findings
    assert finding.evidence[0].value == pytest.approx(15 / math.log(5), rel=0.05)
